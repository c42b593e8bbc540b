import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { expect, test } from 'vitest'
import { createRandom } from '../support/builders.ts'
import { useNode } from '../support/chain.ts'
import { startCrawler } from '../support/crawler.ts'
import { dumpCalm, type TestStore, toDifference, useStore } from '../support/store.ts'
import { connectTo, readRows } from '../support/stored.ts'

/*
 * `KILLS=200 npx vitest run --project flow test/flow/kills.test.ts` kills more often; KILLS_SEED repeats a run's moments.
 */

const LAST = 400
const KILLS = Number(process.env.KILLS ?? 12)
const SEED = Number(process.env.KILLS_SEED ?? Date.now() % 1_000_000)

/** Small commits, so that most kills find one under way. */
const SETTINGS = { COMMIT_BLOCKS: '7', FETCH_AHEAD: '8' }

/** Where a commit is held until it is killed: tables in the order of its statements, rows before them being written. */
const HOLDS = ['parties', 'blocks', 'transactions', 'transfers', 'era_validators', 'rewards']

test(`${KILLS} kill -9, at random and in commits, leave the very tables of a calm crawl (KILLS_SEED=${SEED})`, {
  timeout: 60_000 + KILLS * 10_000,
}, async () => {
  const random = createRandom(SEED)
  const chain = await useNode('casper-upgrade', { start: LAST })
  const expected = await dumpCalm(chain.rpcUrl, LAST)
  const store = await useStore()
  const rival = await connectTo(store.writerUrl)
  // Its end is held back for the last kills; until then each run finds a stretch of blocks that is new.
  const node = await useNode('casper-upgrade', { start: 0 })
  const inCommits: string[] = []
  for (let kill = 1; kill <= KILLS; kill++) {
    node.advance(Math.ceil((LAST * kill) / KILLS) - node.tip())
    const aim = random(3)
    const table = HOLDS[random(HOLDS.length)] as string
    if (aim === 0) await hold(rival, table)
    const crawler = startCrawler(node.rpcUrl, store.writerUrl, SETTINGS)
    if (aim === 0 && (await isHeld(rival, store, node.tip()))) inCommits.push(table)
    // While it starts, or about when it commits.
    if (aim === 1) await sleep(random(2_500))
    if (aim === 2) await crawler.said('committed').then(() => sleep(random(40)))
    crawler.kill('SIGKILL')
    expect(await crawler.exited, crawler.words()).toBeNull()
    await rival.query('ROLLBACK')
  }
  const crawler = startCrawler(node.rpcUrl, store.writerUrl, SETTINGS)
  await expect.poll(store.height, { timeout: 60_000 }).toBe(LAST)
  crawler.kill('SIGTERM')
  expect(await crawler.exited, crawler.words()).toBe(0)
  expect(toDifference(await store.dump(), expected)).toEqual([])
  expect(inCommits.length).toBeGreaterThan(KILLS / 10)
  await Promise.all([store.close(), rival.end()])
  process.stdout.write(
    `${KILLS} kills, ${inCommits.length} of them in commits held at: ${inCommits.join(' ')}\n`,
  )
})

/** Locks a table's end, so that the next row has to wait. */
async function hold(rival: Connection, table: string): Promise<void> {
  await rival.query('START TRANSACTION')
  await rival.query(`SELECT * FROM ${table} FOR UPDATE`)
}

/** Resolves when a commit waits there; with false when the crawler came to the tip without such a row. */
async function isHeld(rival: Connection, { height }: TestStore, tip: number): Promise<boolean> {
  while ((await height()) < tip) {
    const [waits] = await readRows<{ Value: string }>(
      rival,
      "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_current_waits'",
    )
    if (Number(waits?.Value) > 0) return true
    await sleep(5)
  }
  return false
}
