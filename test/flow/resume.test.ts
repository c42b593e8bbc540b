import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { startCrawl, useNode } from '../support/chain.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, dump, readRows } from '../support/stored.ts'

const LAST = 400
const MAIN = join(import.meta.dirname, '../../crawler/main.ts')

/** The crawler as an operator runs it: a process of its own, which can be killed. */
function startCrawler(
  rpcUrl: string,
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      CASPER_NODES: rpcUrl,
      DATABASE_URL: databaseUrl,
      COMMIT_BLOCKS: '25',
      POLL_MS: '50',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

const ended = (child: ChildProcess) => new Promise<number | null>((resolve) => child.once('exit', resolve))

describe('a crawl that is disturbed', async () => {
  const node = await useNode('casper-upgrade', { start: LAST })
  const calm = await useMariaDb()
  let expected = ''

  beforeAll(async () => {
    await migrate(calm.writerUrl)
    await startCrawl(node.rpcUrl, calm.writerUrl, { stopAt: LAST }).done
    const connection = await connectTo(calm.readerUrl)
    expected = await dump(connection)
    await connection.end()
  })

  test('killed at any moment, often, leaves the very tables of a calm one', async () => {
    const database = await useFresh()
    const sql = await connectTo(database.readerUrl)
    // Deterministic, spread over start-up, fetching and commits: the times differ by far more than a commit takes.
    let kills = 0
    for (let reached = -1; reached < LAST && kills < 60; ) {
      const crawler = startCrawler(node.rpcUrl, database.writerUrl)
      const exit = ended(crawler)
      const before = reached
      const limit = 150 + ((kills * 53) % 200)
      const began = Date.now()
      // It is given until it has stored something new, so that the test ends, and then a moment more, never the same.
      while (reached === before && Date.now() - began < 20_000) reached = await readHeight(sql)
      for (const until = performance.now() + (limit % 40); performance.now() < until; ) await readHeight(sql)
      crawler.kill('SIGKILL')
      await exit
      kills++
      reached = await readHeight(sql)
    }
    const crawler = startCrawler(node.rpcUrl, database.writerUrl)
    const exit = ended(crawler)
    const isUp = new Promise((resolve) => crawler.stdout?.once('data', resolve))
    await expect.poll(() => readHeight(sql), { timeout: 30_000 }).toBe(LAST)
    await isUp
    crawler.kill('SIGTERM')
    expect(await exit).toBe(0)
    expect(kills).toBeGreaterThan(5)
    expect(await dump(sql)).toBe(expected)
    await sql.end()
  })

  test('in other pieces leaves the very tables of a calm one', async () => {
    const database = await useFresh()
    for (const stopAt of [0, 1, 8, 9, 100, 248, 249, 250, LAST]) {
      await startCrawl(node.rpcUrl, database.writerUrl, { stopAt, maxBlocks: 1 + (stopAt % 13) }).done
    }
    const sql = await connectTo(database.readerUrl)
    expect(await dump(sql)).toBe(expected)
    await sql.end()
  })

  test('by connections to the store that are cut leaves the very tables of a calm one', async () => {
    const database = await useFresh()
    const admin = await connectTo(database.adminUrl)
    const run = startCrawl(node.rpcUrl, database.writerUrl, { stopAt: LAST, maxBlocks: 3 })
    let isDone = false
    const done = run.done.finally(() => (isDone = true))
    let cut = 0
    while (!isDone) {
      const rows = await readRows<{ id: number }>(
        admin,
        'SELECT id FROM information_schema.processlist WHERE db = ? AND command <> "Killed"',
        [database.name],
      )
      for (const { id } of rows) {
        await admin.query(`KILL ${Number(id)}`).then(
          () => cut++,
          () => {},
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    await done
    expect(cut).toBeGreaterThan(0)
    const sql = await connectTo(database.readerUrl)
    expect(await dump(sql)).toBe(expected)
    await Promise.all([sql.end(), admin.end()])
  })
})

async function useFresh() {
  const database = await useMariaDb()
  await migrate(database.writerUrl)
  return database
}

async function readHeight(sql: Awaited<ReturnType<typeof connectTo>>): Promise<number> {
  return (await readRows<{ height: number }>(sql, 'SELECT height FROM checkpoint'))[0]?.height ?? -1
}
