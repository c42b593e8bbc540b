import { describe, expect, test } from 'vitest'
import type { Fault } from '../../crawler/devnet/faults.ts'
import { migrate } from '../../src/store/migrate.ts'
import { startCrawl, useNode } from '../support/chain.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, dump, readRows } from '../support/stored.ts'

const LAST = 120

async function useStore() {
  const database = await useMariaDb()
  await migrate(database.writerUrl)
  const sql = await connectTo(database.readerUrl)
  const height = async () =>
    (await readRows<{ height: number }>(sql, 'SELECT height FROM checkpoint'))[0]?.height ?? -1
  return { ...database, sql, height }
}

describe('a node that lies', async () => {
  const node = await useNode('casper-upgrade', { start: LAST })

  test.each<[string, Fault, string]>([
    ['about a header', { kind: 'tamper', part: 'header', height: 77 }, 'BLOCK_HASH'],
    ['about a body', { kind: 'tamper', part: 'body', height: 77 }, 'BODY_HASH'],
    ['about a parent', { kind: 'wrong-parent', height: 77 }, 'PARENT_HASH'],
    ['about a deploy', { kind: 'wrong-transaction', height: 77 }, 'TRANSACTION'],
  ])(
    '%s is refused with the height and both hashes, and nothing of it is stored',
    async (_name, fault, code) => {
      const store = await useStore()
      const id = node.faults.add(fault)
      const run = startCrawl(node.rpcUrl, store.writerUrl)
      await expect
        .poll(() => run.lines.filter(({ event }) => event === 'block refused').length, { timeout: 20_000 })
        .toBeGreaterThan(1)
      const refused = run.lines.find(({ event }) => event === 'block refused')
      expect(refused).toMatchObject({ level: 'error', code, height: 77 })
      expect(refused?.expected).toMatch(/^[0-9a-f]{64}$/)
      expect(refused?.got).toMatch(/^[0-9a-f]{64}$/)
      expect(refused?.got).not.toBe(refused?.expected)
      expect(await store.height()).toBeLessThan(77)
      const rows = await readRows(store.sql, 'SELECT height FROM blocks WHERE height >= 77')
      expect(rows).toEqual([])

      node.faults.remove(id)
      await expect.poll(store.height, { timeout: 20_000 }).toBe(LAST)
      await run.stop()
      await store.sql.end()
    },
  )
})

describe('a liar among nodes', async () => {
  const liar = await useNode('casper-upgrade', { start: LAST })
  const other = await useNode('casper-2x', { start: LAST })
  const honest = await useNode('casper-upgrade', { start: LAST })

  test('does not end a crawl that another node can serve, at its start or later', async () => {
    const store = await useStore()
    liar.faults.add({ kind: 'wrong-parent' })
    const first = startCrawl([liar.rpcUrl, honest.rpcUrl], store.writerUrl, { stopAt: 60 })
    await first.done
    // The store holds a chain now, of which the first node denies the very first block, and the second is no part.
    const second = startCrawl([liar.rpcUrl, other.rpcUrl, honest.rpcUrl], store.writerUrl, { stopAt: LAST })
    await second.done
    expect(second.lines.filter(({ event }) => event === 'node quarantined').length).toBeGreaterThan(0)
    expect(second.lines.filter(({ event }) => event === 'node excluded').length).toBeGreaterThan(0)
    expect(await store.height()).toBe(LAST)
    liar.faults.clear()
    await store.sql.end()
  })

  test('about an amount is accused, and what the honest one says is stored', async () => {
    liar.faults.add({ kind: 'wrong-transaction' })
    const store = await useStore()
    const run = startCrawl([liar.rpcUrl, honest.rpcUrl], store.writerUrl, { stopAt: LAST })
    await run.done
    const refused = run.lines.find(({ event }) => event === 'block refused')
    expect(refused).toMatchObject({ level: 'error', code: 'TRANSACTION' })
    expect(refused?.reason).toBe(
      `Block ${refused?.height} refused (TRANSACTION): expected ${refused?.expected}, the node says ${refused?.got}`,
    )
    expect(run.lines.some(({ event }) => event === 'node quarantined')).toBe(true)
    const truthful = await useStore()
    await startCrawl(honest.rpcUrl, truthful.writerUrl, { stopAt: LAST }).done
    expect(await dump(store.sql)).toBe(await dump(truthful.sql))
    liar.faults.clear()
    await Promise.all([store.sql.end(), truthful.sql.end()])
  })

  test('about an amount is stored as it tells it, with a warning, where the operator lets that pass', async () => {
    liar.faults.add({ kind: 'wrong-transaction' })
    const store = await useStore()
    const run = startCrawl(liar.rpcUrl, store.writerUrl, { stopAt: LAST, unproven: 'store' })
    await run.done
    const told = run.lines.filter(({ event }) => event === 'transaction not proven')
    expect(told.length).toBeGreaterThan(0)
    expect(told[0]).toMatchObject({ level: 'warn', reason: expect.stringContaining('refused (TRANSACTION)') })
    const [stored] = await readRows<{ height: number }>(store.sql, 'SELECT height FROM checkpoint')
    expect(Number(stored?.height)).toBe(LAST)
    liar.faults.clear()
    await store.sql.end()
  })

  test('shows in what readers are told while it holds the crawl up, and no longer when it is over', async () => {
    const store = await useStore()
    const trouble = async () =>
      (await readRows<{ trouble: string | null }>(store.sql, 'SELECT trouble FROM heartbeat'))[0]?.trouble
    const id = liar.faults.add({ kind: 'tamper', part: 'header', height: 77 })
    const run = startCrawl(liar.rpcUrl, store.writerUrl)
    await expect.poll(trouble, { timeout: 20_000 }).toContain('Block 77 refused (BLOCK_HASH)')
    liar.faults.remove(id)
    await expect.poll(trouble, { timeout: 20_000 }).toBeNull()
    await run.stop()
    await store.sql.end()
  })
})

describe('a node that fails', async () => {
  const node = await useNode('casper-upgrade', { start: LAST })
  const calm = await useStore()
  await startCrawl(node.rpcUrl, calm.writerUrl, { stopAt: LAST }).done
  const expected = await dump(calm.sql)
  await calm.sql.end()

  test.each<[string, Fault]>([
    ['is slow', { kind: 'slow', ms: 40, count: 200 }],
    ['lets a body stall', { kind: 'stall', method: 'chain_get_block', height: 60, count: 1 }],
    ['asks for patience', { kind: 'rate-limit', retryAfter: 1, height: 50, count: 2 }],
    ['answers 500', { kind: 'server-error', method: 'info_get_transaction', count: 3 }],
    ['breaks its JSON', { kind: 'malformed', method: 'chain_get_era_summary', count: 2 }],
    ['breaks off its bodies', { kind: 'truncate', method: 'chain_get_block', count: 3 }],
    ['drops connections', { kind: 'gone', count: 4 }],
  ])('%s: the crawl waits it out and stores the same', async (_name, fault) => {
    const store = await useStore()
    node.faults.add(fault)
    const run = startCrawl(node.rpcUrl, store.writerUrl, { stopAt: LAST })
    await run.done
    node.faults.clear()
    expect(await dump(store.sql)).toBe(expected)
    await store.sql.end()
  })

  test('is away for a while: the crawl goes on when it is back', async () => {
    const store = await useStore()
    const run = startCrawl(node.rpcUrl, store.writerUrl, { stopAt: LAST, ahead: 4, maxBlocks: 10 })
    await expect.poll(store.height, { timeout: 20_000 }).toBeGreaterThan(10)
    const { port } = new URL(node.rpcUrl)
    await node.close()
    await expect
      .poll(() => run.lines.some(({ event }) => event === 'trying again'), { timeout: 20_000 })
      .toBe(true)
    await node.listen(Number(port))
    await run.done
    expect(await dump(store.sql)).toBe(expected)
    await store.sql.end()
  })
})

describe('at the tip', async () => {
  const node = await useNode('casper-upgrade', { start: 280 })

  test('each new block is stored and announced, an era when it closes', async () => {
    const store = await useStore()
    const run = startCrawl(node.rpcUrl, store.writerUrl, { startHeight: 0 })
    await expect.poll(store.height, { timeout: 30_000 }).toBe(280)
    run.announced.length = 0
    for (let height = 281; height <= 290; height++) {
      node.advance()
      await expect.poll(store.height, { timeout: 5_000, interval: 10 }).toBe(height)
    }
    await expect.poll(() => run.announced.length).toBe(10)
    // Block 281 and block 289 close eras 36 and 37.
    expect(run.announced.map((groups) => groups.join('+')).filter((groups) => groups !== 'block')).toEqual([
      'block+era',
      'block+era',
    ])
    await run.stop()
    await store.sql.end()
  })
})

describe('another chain', async () => {
  const upgrade = await useNode('casper-upgrade', { start: 20 })
  const other = await useNode('casper-2x', { start: 20 })

  test('a store that holds one chain refuses a node of another, in a sentence that names both', async () => {
    const store = await useStore()
    await startCrawl(upgrade.rpcUrl, store.writerUrl, { stopAt: 20 }).done
    const before = await dump(store.sql)
    await expect(startCrawl(other.rpcUrl, store.writerUrl).done).rejects.toThrow(
      'The store holds the chain casper-recorded, the node is of casper-recorded-2x',
    )
    expect(await dump(store.sql)).toBe(before)
    await store.sql.end()
  })
})

describe('a partial history', async () => {
  const node = await useNode('casper-upgrade', { start: 340 })
  const whole = await useStore()
  await startCrawl(node.rpcUrl, whole.writerUrl, { stopAt: 340 }).done

  test('begins with the first whole era after START_HEIGHT, whose rows are those of a whole history', async () => {
    const store = await useStore()
    await startCrawl(node.rpcUrl, store.writerUrl, { startHeight: 285, stopAt: 340 }).done
    // Block 289 closes era 37: 290 is the first of era 38.
    for (const query of [
      'SELECT * FROM eras WHERE id >= 38 ORDER BY id',
      'SELECT height, hash, total_supply, fees, burned, staked FROM blocks WHERE height >= 290 ORDER BY height',
      'SELECT era_id, weight, reward, delegators_reward FROM era_validators WHERE era_id >= 39 ORDER BY 1, 2, 3',
    ]) {
      expect(await readRows(store.sql, query), query).toEqual(await readRows(whole.sql, query))
    }
    expect(await readRows(store.sql, 'SELECT MIN(height) AS first FROM blocks')).toEqual([{ first: 290 }])
    await Promise.all([store.sql.end(), whole.sql.end()])
  })
})
