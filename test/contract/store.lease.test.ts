import { describe, expect, test } from 'vitest'
import { acquireLease, type Lease } from '../../crawler/lease.ts'
import { createLog } from '../../crawler/log.ts'
import { startMariaDb } from '../../scripts/mariadb.ts'
import { openAnnouncementQueue } from '../../src/store/announcements.ts'
import { type LeaseClaim, openLeaseTable } from '../../src/store/lease.ts'
import { migrate } from '../../src/store/migrate.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import { startOwnMariaDb, useMariaDb } from '../support/mariadb.ts'
import { connectTo, readRows } from '../support/stored.ts'
import { buildChain } from './store-chain.ts'
import { toChange } from './store-changes.ts'
import { dumpOf, useStore } from './store-suite.ts'

const chain = buildChain({ heights: 40, blocksPerEra: 10, people: 5 })
const clock = { now: Date.now }

/** Two crawlers' sides of one lease. */
async function useLease() {
  const store = await useStore()
  const table = openLeaseTable(store.writerUrl)
  const lines: Record<string, unknown>[] = []
  const log = createLog((line) => lines.push(JSON.parse(line)))
  const stop = new AbortController()
  const acquire = (holder: string, ttlMs: number) =>
    acquireLease(table, { holder, ttlMs, clock, log }, stop.signal) as Promise<Lease>
  return { ...store, table, lines, stop, acquire }
}

describe('a lease', async () => {
  const store = await useLease()

  test('is one crawler’s until it gives it back, and the next one’s at once', async () => {
    const first = await store.acquire('first', 60_000)
    let second: Lease | null = null
    const waiting = store.acquire('second', 60_000).then((lease) => {
      second = lease
      return lease
    })
    await expect.poll(() => store.lines.some(({ event }) => event === 'standing by')).toBe(true)
    expect(store.lines.find(({ event }) => event === 'standing by')).toMatchObject({ holder: 'first' })
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(second).toBeNull()
    expect(store.lines.filter(({ event }) => event === 'standing by')).toHaveLength(1)
    await first.release()
    const lease = await waiting
    expect(lease.claim.term).toBe(first.claim.term + 1)
    expect(lease.isFresh()).toBe(true)
    await lease.release()
  })

  test('goes to one only of many that ask for it at the same moment', async () => {
    const seen = await store.table.read()
    const claims = await Promise.all(
      Array.from({ length: 8 }, (_, i) => store.table.take(seen, `holder ${i}`, 60_000)),
    )
    const winners = claims.filter((claim) => claim !== null)
    expect(winners).toHaveLength(1)
    expect((await store.table.read()).holder).toBe(winners[0]?.holder)
    for (const claim of winners) await store.table.release(claim)
  })

  test('is kept for longer than it lasts by a holder that lives, and is told to be lost by one that is succeeded', async () => {
    const lease = await store.acquire('keeper', 900)
    const until = Date.now() + 2_500
    while (Date.now() < until) {
      const seen = await store.table.read()
      expect(seen).toMatchObject({ holder: 'keeper', term: lease.claim.term })
      expect(seen.until).toBeGreaterThan(seen.now)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    await store.table.take(await store.table.read(), 'usurper', 60_000)
    await expect.poll(() => lease.lost.aborted).toBe(true)
    expect(String(lease.lost.reason)).toMatch(/is held by usurper now \(term \d+\)/)
    // It may not give back what is another's.
    await lease.release()
    const seen = await store.table.read()
    expect(seen.holder).toBe('usurper')
    await store.table.release({ holder: 'usurper', term: seen.term, ttlMs: 1 })
  })

  test('goes by the store’s clock, whose time is UTC whatever the session’s zone', async () => {
    const { now } = await store.table.read()
    expect(Math.abs(now - Date.now())).toBeLessThan(10_000)
    // A host whose clock is a day ahead sees a lease that is held, as everybody does.
    const lease = await store.acquire('holder', 60_000)
    const ahead = { now: () => Date.now() + 86_400_000 }
    const stop = new AbortController()
    const log = createLog(() => {})
    const waiting = acquireLease(store.table, { holder: 'ahead', ttlMs: 900, clock: ahead, log }, stop.signal)
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect((await store.table.read()).holder).toBe('holder')
    stop.abort()
    expect(await waiting).toBeNull()
    await lease.release()
  })

  test('that cannot be renewed is told of once a minute, not at each try, and once more when it can', async () => {
    let server = await startOwnMariaDb()
    const { writerUrl } = await server.createDatabase('away')
    await migrate(writerUrl)
    const table = openLeaseTable(writerUrl)
    let tries = 0
    const renew = (claim: LeaseClaim) => {
      tries++
      return table.renew(claim)
    }
    let now = 0
    const lines: Record<string, unknown>[] = []
    const log = createLog((line) => lines.push(JSON.parse(line)))
    const options = { holder: 'alone', ttlMs: 300, clock: { now: () => now }, log }
    const lease = (await acquireLease({ ...table, renew }, options, AbortSignal.timeout(20_000))) as Lease
    const told = (event: string) => lines.filter((line) => line.event === event).length
    const moreTries = async (more: number) => {
      const before = tries
      await expect.poll(() => tries, { timeout: 30_000 }).toBeGreaterThan(before + more)
    }
    const { dataDir, port } = server
    await server.stop()
    now += 1_000
    await moreTries(6)
    expect(told('lease not renewed')).toBe(1)
    now += 60_000
    await moreTries(6)
    expect(told('lease not renewed')).toBe(2)
    server = await startMariaDb({ dataDir, port, durable: false, bufferPool: 64 })
    await expect.poll(() => told('lease renewed again'), { timeout: 20_000 }).toBe(1)
    await lease.release()
    await table.close()
    await server.stop()
  })

  test('of a store without its table is refused at once', async () => {
    const { writerUrl } = await useMariaDb()
    const table = openLeaseTable(writerUrl)
    const options = { holder: 'a', ttlMs: 1_000, clock, log: createLog(() => {}) }
    await expect(acquireLease(table, options, AbortSignal.timeout(20_000))).rejects.toMatchObject({
      errno: 1146,
    })
    await table.close()
  })
})

describe('a writer with a lease', async () => {
  const store = await useLease()
  const queue = openAnnouncementQueue(store.writerUrl)

  test('writes while it is its own, and not a row afterwards', async () => {
    const lease = await store.acquire('first', 500)
    const told: string[] = []
    const writer = createStoreWriter(store.writerUrl, {
      lease: lease.claim,
      announces: true,
      onLeaseLost: ({ code }) => told.push(code),
    })
    await writer.commit(toChange(chain.slice(0, 10)))
    const before = await dumpOf(store.readerUrl)
    const raised = await queue.read()

    await store.table.take(await store.table.read(), 'second', 60_000)
    await expect(writer.commit(toChange(chain.slice(10, 20)))).rejects.toMatchObject({ code: 'LEASE_LOST' })
    const heartbeat = { at: 1, networkHeight: 1, networkTime: 1, grownAt: 1, trouble: 'late' }
    await expect(writer.writeHeartbeat(heartbeat)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(told).toEqual(['LEASE_LOST', 'LEASE_LOST'])
    expect(await dumpOf(store.readerUrl)).toBe(before)
    expect(await queue.read()).toEqual(raised)
    const sql = await connectTo(store.readerUrl)
    expect(await readRows(sql, 'SELECT trouble FROM heartbeat')).toEqual([])
    await Promise.all([sql.end(), writer.close(), lease.release()])
  })

  test('nobody takes the lease in the middle of a commit, and the commit prolongs it', async () => {
    const seen = await store.table.read()
    const claim = { holder: 'short', term: seen.term + 1, ttlMs: 1_500 }
    await store.table.take(seen, 'short', claim.ttlMs)
    const blocker = await connectTo(store.writerUrl)
    await blocker.query('START TRANSACTION')
    await blocker.query('SELECT * FROM checkpoint FOR UPDATE')
    const writer = createStoreWriter(store.writerUrl, { lease: claim })
    const commit = writer.commit(toChange(chain.slice(10, 20)))
    // Longer than the lease lasts: by the clock it is anyone's, but the commit has the row.
    await expect
      .poll(async () => await store.table.read().then(({ now, until }) => now > until), { timeout: 10_000 })
      .toBe(true)
    const taking = store.table.take(await store.table.read(), 'greedy', 60_000)
    await new Promise((resolve) => setTimeout(resolve, 300))
    await blocker.query('ROLLBACK')
    await commit
    expect(await taking).toBeNull()
    expect(await store.table.read()).toMatchObject({ holder: 'short' })
    await Promise.all([writer.close(), blocker.end()])
  })
})

describe('the queue of announcements', async () => {
  const store = await useStore()
  const queue = openAnnouncementQueue(store.writerUrl)
  const writer = createStoreWriter(store.writerUrl, { announces: true })

  test('holds what commits made stale, once a group, with the newest height', async () => {
    await writer.commit(toChange(chain.slice(0, 5)))
    // Block 0 closes an era, as block 10 does.
    expect(await queue.read()).toMatchObject([
      { group: 'block', height: 4 },
      { group: 'era', height: 4 },
    ])
    await writer.commit(toChange(chain.slice(5, 15)))
    await writer.commit(toChange(chain.slice(15, 17)))
    expect(await queue.read()).toMatchObject([
      { group: 'block', height: 16 },
      { group: 'era', height: 14 },
    ])
  })

  test('gives up what was told, but not what was raised again since', async () => {
    const told = await queue.read()
    await writer.commit(toChange(chain.slice(17, 18)))
    await queue.clear(told)
    expect(await queue.read()).toMatchObject([{ group: 'block', height: 17 }])
  })

  test('tells two raisings apart within one millisecond', async () => {
    await queue.raise(['price'], 17)
    const [first] = (await queue.read()).filter(({ group }) => group === 'price')
    const sql = await connectTo(store.writerUrl)
    // A clock that went back, or stood still.
    await sql.query("UPDATE announcements SET at_ms = at_ms + 60000 WHERE purge_group = 'price'")
    await queue.raise(['price'], 17)
    const [second] = (await queue.read()).filter(({ group }) => group === 'price')
    expect(second?.at).toBe((first?.at ?? 0) + 60_001)
    await sql.end()
  })

  test('is left alone by a commit that was stored before', async () => {
    await queue.clear(await queue.read())
    await writer.commit(toChange(chain.slice(17, 18)))
    expect(await queue.read()).toEqual([])
    await Promise.all([writer.close(), queue.close()])
  })
})

test('migrate() may run while a crawler holds the lease', async () => {
  const store = await useStore()
  const table = openLeaseTable(store.writerUrl)
  await table.take(await table.read(), 'holder', 60_000)
  expect((await migrate(store.writerUrl)).applied).toEqual([])
  expect((await table.read()).holder).toBe('holder')
  await table.close()
})
