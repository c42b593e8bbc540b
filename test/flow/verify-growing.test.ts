import { beforeAll, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { startCrawl, useNode } from '../support/chain.ts'
import { type Called, callCrawler } from '../support/crawler.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, readRows } from '../support/stored.ts'

/*
 * An era's counts of cited signatures grow for some blocks after its end, and the open era with each block. What is made
 * anew of such an era belongs to one height: written over a store that has gone on it would take blocks' citations away.
 */

const FIRST = 401
const asked = await useNode('casper-upgrade', { start: 420 })
const crawled = await useNode('casper-upgrade', { start: 420 })
const database = await useMariaDb()
const sql = await connectTo(database.writerUrl)

beforeAll(async () => {
  await migrate(database.writerUrl)
  await startCrawl(crawled.rpcUrl, database.writerUrl, { stopAt: FIRST }).done
}, 120_000)

/** Runs a command whose node holds its answers back until the store has gone on to a height. */
async function callWhileGrowing(stopAt: number, ...args: string[]): Promise<Called> {
  const blocks = () => asked.calls().chain_get_block ?? 0
  const before = blocks()
  const id = asked.faults.add({ kind: 'slow', ms: 4_000, method: 'chain_get_block' })
  const called = callCrawler(args, { CASPER_NODES: asked.rpcUrl, DATABASE_URL: database.writerUrl })
  await expect.poll(blocks, { timeout: 30_000 }).toBeGreaterThan(before)
  asked.faults.remove(id)
  await startCrawl(crawled.rpcUrl, database.writerUrl, { stopAt }).done
  return called
}

async function newestClosed(): Promise<{ id: number; start: number; end: number }> {
  const [era] = await readRows<{ id: number; start: number; end: number }>(
    sql,
    'SELECT id, start_height AS start, end_height AS end FROM eras WHERE end_height IS NOT NULL ORDER BY id DESC LIMIT 1',
  )
  if (era === undefined) throw new Error('no era is closed')
  return era
}

test('verify does not call it a difference that a store has gone on', async () => {
  const { id, start } = await newestClosed()
  const { code, out, words } = await callWhileGrowing(FIRST + 4, 'verify', '--from', String(start))
  expect(out, words).toContain(`Not compared, still growing: era ${id}`)
  expect(out).toContain(' 0 differences')
  expect(code).toBe(0)
}, 60_000)

test('repair leaves an era alone that grew meanwhile, and says until when', async () => {
  const { id, start, end } = await newestClosed()
  const { code, out } = await callWhileGrowing(FIRST + 8, 'repair', `${start}..${end}`)
  expect(out).toContain(`era ${id} is still growing and was left: repair it after block ${end + 32}`)
  expect(code).toBe(2)
  const after = await callCrawler(['verify', '--from', String(start)], {
    CASPER_NODES: asked.rpcUrl,
    DATABASE_URL: database.writerUrl,
  })
  expect(after.out).toMatch(/ 0 differences/)
}, 90_000)
