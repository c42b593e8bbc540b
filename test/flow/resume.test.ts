import { beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { startCrawl, useNode } from '../support/chain.ts'
import { startCrawler } from '../support/crawler.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, dump, readRows } from '../support/stored.ts'

const LAST = 400
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
      const before = reached
      const limit = 150 + ((kills * 53) % 200)
      const began = Date.now()
      // It is given until it has stored something new, so that the test ends, and then a moment more, never the same.
      while (reached === before && Date.now() - began < 20_000) reached = await readHeight(sql)
      for (const until = performance.now() + (limit % 40); performance.now() < until; ) await readHeight(sql)
      crawler.kill('SIGKILL')
      await crawler.exited
      kills++
      reached = await readHeight(sql)
    }
    const crawler = startCrawler(node.rpcUrl, database.writerUrl)
    await expect.poll(() => readHeight(sql), { timeout: 30_000 }).toBe(LAST)
    await crawler.said('crawling')
    crawler.kill('SIGTERM')
    expect(await crawler.exited).toBe(0)
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
