import type { Connection } from 'mysql2/promise'
import { afterAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Era } from '../../src/domain/era.ts'
import { MOTES_PER_CSPR } from '../../src/domain/motes.ts'
import { parseSupplyInputs } from '../../src/domain/supply/inputs.ts'
import { type Figure, isAbsent } from '../../src/domain/supply/method.ts'
import casper from '../../src/domain/supply/networks/casper.json' with { type: 'json' }
import { createPredecessor } from '../../src/domain/supply/predecessor.ts'
import { toInserts } from '../../src/store/bulk.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectMysql } from '../../src/store/mysql.ts'
import { createStoreReader } from '../../src/store/reader.ts'
import { toEraRow } from '../../src/store/rows/era.ts'
import { eras } from '../../src/store/schema/chain.ts'
import { createSupplyWriter } from '../../src/store/supply-writer.ts'
import { hashOf } from '../support/builders.ts'
import { startCrawl, useNode } from '../support/chain.ts'
import { callCrawler, startCrawler } from '../support/crawler.ts'
import { useEdge } from '../support/edge.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, dump, readRows } from '../support/stored.ts'

/** Past the upgrade from 1.5.8 to 2.0.3, in the middle of an era. */
const LAST = 300
const TOKEN = 'secret-of-16-chars'

/** Figures of a release before, which a recompute is to replace. */
const AGE = "UPDATE eras SET circulating_method = 'old/1', circulating = 1 WHERE end_height IS NOT NULL"

/** Eras more than the recorded chain has: their figures do not fit one statement, which would be whole by itself. */
const COPIES = { first: 1_000, last: 3_999 }

describe('the supply of a recorded chain', async () => {
  const node = await useNode('casper-upgrade', { start: LAST })
  const edge = await useEdge()
  const store = await useMariaDb()
  await migrate(store.writerUrl)
  const run = startCrawl(node.rpcUrl, store.writerUrl)
  await vi.waitUntil(() => run.lines.some(({ height }) => height === LAST), { timeout: 120_000 })
  await run.stop()
  const readable = connectMysql(store.readerUrl)
  const reader = createStoreReader(readable.db)
  const sql = await connectTo(store.writerUrl)
  afterAll(() => Promise.all([readable.close(), sql.end()]))
  const env = { DATABASE_URL: store.writerUrl }
  const recompute = (...args: string[]) => callCrawler(['supply', 'recompute', ...args], env)
  const readClosed = async () =>
    (await reader.readEras(0, COPIES.last)).filter(({ endHeight }) => endHeight !== null)
  const readMethods = async () => new Set((await readClosed()).map(({ circulating }) => circulating?.method))
  const closed = await readClosed()
  const first = await dump(sql)

  test('changes by what was minted less what was burned, in every era and to the mote', () => {
    expect(closed.length).toBeGreaterThan(20)
    for (const [index, era] of closed.entries()) {
      const before = closed[index - 1]
      if (before === undefined) continue
      const staking = era.validatorsRewards + era.delegatorsRewards
      const sustained = era.sustained as bigint
      const fees = era.feesBurned ? era.fees : 0n
      expect(
        (era.totalSupply as bigint) - (before.totalSupply as bigint),
        `era ${era.id} of ${era.protocolVersion}`,
      ).toBe(staking + sustained - fees - era.burned)
      expect(sustained).toBe(0n)
      expect([era.minted, era.supplyAdjustment, era.declaredAdjustment]).toEqual([staking, 0n, 0n])
    }
    expect(closed.some(({ feesBurned, fees }) => feesBurned && fees > 0n)).toBe(true)
  })

  test('circulates whole, as the crawler computed when each era closed: a recompute finds nothing to change', async () => {
    expect(closed.map(({ circulating }) => circulating?.total)).toEqual(
      closed.map(({ totalSupply }) => totalSupply),
    )
    const { code, out } = await recompute()
    expect(code).toBe(0)
    expect(out).toMatch(
      new RegExp(
        `^${closed.length} closed eras: 0 changed\nnewest with a figure: era ${closed.at(-1)?.id}, `,
      ),
    )
    expect(await dump(sql)).toBe(first)
  })

  test('is compared without being written by a dry run, also by a method that the network does not publish', async () => {
    await sql.query(AGE)
    const aged = await dump(sql)
    const { code, out } = await recompute('--dry-run')
    expect(code).toBe(0)
    expect(out).toContain(`${closed.length} closed eras: ${closed.length} would change\n`)
    expect(out).toMatch(
      /^first that changed: era 0, 0\.000000001 CSPR by old\/1 -> [\d.]+ CSPR by no-lockups\/1$/m,
    )
    const other = await recompute('--dry-run', '--method', 'predecessor')
    expect(other).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^\d+ eras without a figure: its method lacks inputs/),
    })
    expect(await dump(sql)).toBe(aged)
  })

  test('is only written by the published method', async () => {
    expect(await recompute('--method', 'predecessor')).toEqual({
      code: 1,
      out: '',
      words:
        '--method predecessor: casper-recorded publishes no-lockups, so another one is computed with --dry-run only.\n',
    })
    const wrong = await recompute('--method', 'guess')
    expect(wrong.code).toBe(64)
    expect(wrong.words).toContain('--method must be no-lockups or predecessor, not "guess"')
    const empty = await useMariaDb()
    await migrate(empty.writerUrl)
    expect(await callCrawler(['supply', 'recompute'], { DATABASE_URL: empty.writerUrl })).toMatchObject({
      code: 1,
      words: 'The store is empty: nothing to recompute.\n',
    })
  })

  test('is the old one, whole, after a kill -9 in the middle of writing', async () => {
    await addCopies(sql, closed[0] as Era)
    await sql.query(AGE)
    const aged = await dump(sql)
    const release = await holdLastCopy(store.writerUrl)
    const killed = startCrawler(node.rpcUrl, store.writerUrl, {}, ['supply', 'recompute'])
    await expect.poll(() => countWriters(sql), { timeout: 30_000 }).toBe(1)
    expect(await readMethods()).toEqual(new Set(['old/1']))
    killed.kill('SIGKILL')
    await killed.exited
    await release()
    await expect.poll(() => countWriters(sql), { timeout: 30_000 }).toBe(0)
    expect(await dump(sql)).toBe(aged)
  })

  test('is never seen half old and half new by a reader, and edges are told what they hold of it', async () => {
    const remove = await addCopies(sql, closed[0] as Era)
    await sql.query(AGE)
    const seen: string[] = []
    let isDone = false
    // A failure must not leave it reading for ever.
    onTestFinished(() => void (isDone = true))
    const reading = (async () => {
      while (!isDone) seen.push([...(await readMethods())].join(' and '))
    })()
    const release = await holdLastCopy(store.writerUrl)
    const writing = callCrawler(['supply', 'recompute'], { ...env, EDGE_URLS: edge.url, PURGE_TOKEN: TOKEN })
    await expect.poll(() => countWriters(sql), { timeout: 30_000 }).toBe(1)
    const before = seen.length
    // Rows are being written, and the reader goes on reading.
    await expect.poll(() => seen.length).toBeGreaterThan(before + 3)
    await release()
    const all = closed.length + COPIES.last - COPIES.first + 1
    expect((await writing).out).toContain(`${all} closed eras: ${all} changed\n`)
    const after = seen.length
    await expect.poll(() => seen.length).toBeGreaterThan(after + 1)
    isDone = true
    await reading
    expect(seen.at(0)).toBe('old/1')
    expect(seen.at(-1)).toBe('no-lockups/1')
    expect(new Set(seen)).toEqual(new Set(['old/1', 'no-lockups/1']))
    await remove()
    expect(await dump(sql)).toBe(first)

    const drop = [0, 1, 2, 3, 4, 5, 6, 7].map((page) => `eras/${page}`)
    expect(edge.deliveries).toMatchObject([
      { authorization: `Bearer ${TOKEN}`, groups: ['block', 'era'], drop },
    ])
    const raised = await readRows<{ purge_group: string }>(sql, 'SELECT purge_group FROM announcements')
    expect(raised.map(({ purge_group }) => purge_group)).toEqual(['block', 'era'])
  })

  test('is recomputed a second time without a change, and without telling anybody', async () => {
    edge.deliveries.length = 0
    const again = await callCrawler(['supply', 'recompute'], {
      ...env,
      EDGE_URLS: edge.url,
      PURGE_TOKEN: TOKEN,
    })
    expect(again.out).toContain(': 0 changed\n')
    expect(edge.deliveries).toEqual([])
    expect(await dump(sql)).toBe(first)
  })

  test("comes out of the store by the predecessor's rules as they are written, in motes", async () => {
    const [zero] = closed as [Era]
    const genesis = {
      known: true,
      supply: `${zero.totalSupply}`,
      stake: `${700n * MOTES_PER_CSPR}`,
      // Day 90 begins with era 10.
      time: new Date((closed[10] as Era).start - 90 * 86_400_000).toISOString(),
      source: casper.genesis.source,
    }
    const list = [
      { era: 15, transaction: hashOf('b'), motes: '5' },
      { era: 3, transaction: hashOf('a'), motes: '1000000001' },
    ]
    const inputs = parseSupplyInputs(
      {
        ...casper,
        network: 'casper-recorded',
        version: 9,
        genesis,
        unlocks: { known: true, daily: `${700n * MOTES_PER_CSPR}`, dated: [], source: genesis.source },
        approvedTransfers: { known: true, list, source: genesis.source },
      },
      'casper-recorded',
    )
    const method = createPredecessor(inputs)
    const writer = createSupplyWriter(store.writerUrl)
    const toFigures = (era: Era) => ({ circulating: toKnown(method(era)), declaredAdjustment: -3n })
    await writer.recompute(toFigures, false)
    await writer.close()

    const stored = await readClosed()
    const part = 50n * MOTES_PER_CSPR
    for (const { id, circulating, totalSupply, declaredAdjustment } of stored) {
      const transfers = id < 3 ? 0n : id < 15 ? 1_000_000_001n : 1_000_000_006n
      const validators = id < 10 ? 0n : part
      const minted = (totalSupply as bigint) - (zero.totalSupply as bigint)
      const rewards = id < 10 ? 0n : minted / 14n
      expect(circulating, `era ${id}`).toEqual({
        method: 'predecessor/1.9',
        total: transfers + validators + rewards,
        transfers,
        validators,
        rewards,
      })
      expect(declaredAdjustment).toBe(-3n)
    }
    await recompute()
    expect(await dump(sql)).toBe(first)
  })
})

function toKnown(figure: Figure) {
  if (isAbsent(figure)) throw new Error(figure.absent)
  return figure
}

/** @returns takes them away, which the end of the test does as well */
async function addCopies(sql: Connection, era: Era): Promise<() => Promise<void>> {
  const ids = Array.from({ length: COPIES.last - COPIES.first + 1 }, (_, index) => COPIES.first + index)
  const statements = toInserts(
    eras,
    ids.map((id) => toEraRow({ ...era, id })),
  )
  expect(statements.length).toBeGreaterThan(1)
  for (const statement of statements) await sql.query(statement)
  const remove = async () => void (await sql.query(`DELETE FROM eras WHERE id >= ${COPIES.first}`))
  onTestFinished(remove)
  return remove
}

/** Locks the row that a recompute writes last, as a slow neighbour would. */
async function holdLastCopy(url: string): Promise<() => Promise<void>> {
  const other = await connectTo(url)
  // A test that fails must not leave the others waiting.
  onTestFinished(() => other.destroy())
  await other.query('START TRANSACTION')
  await other.query(`SELECT id FROM eras WHERE id = ${COPIES.last} FOR UPDATE`)
  return async () => {
    await other.query('ROLLBACK')
    await other.end()
  }
}

/** Connections that are past the first of several statements with eras, which begins with era 0. */
async function countWriters(sql: Connection): Promise<number> {
  const rows = await readRows(
    sql,
    "SELECT id FROM information_schema.processlist WHERE info REGEXP '^INSERT INTO `eras`.*VALUES [(][0-9]{4},'",
  )
  return rows.length
}
