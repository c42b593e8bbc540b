import { expect, test } from 'vitest'
import { type NoNodeError, NotHeldError } from '../../../../../crawler/node/pool/contract.ts'
import { never, poolOf } from '../../../../support/node-pool.ts'
import { refusal } from '../../../../support/told-node.ts'

const failed = (promise: Promise<unknown>): Promise<NoNodeError> =>
  promise.then(
    () => Promise.reject(new Error('was answered')),
    (error) => error,
  )

test('a pruned node is not asked for heights that it lacks, and shares those that it has', async () => {
  const { clock, ask, nodes } = poolOf(['pruned', 'archive'], {}, { pruned: { low: 500 } })
  const many = (height: number) => clock.until(Promise.all(Array.from({ length: 40 }, () => ask(height))))
  expect(new Set(await many(499))).toEqual(new Set(['archive']))
  expect(nodes[0]?.count('chain_get_block')).toBe(0)
  expect(new Set(await many(500))).toEqual(new Set(['pruned', 'archive']))
})

test('heights that no node keeps are told at once and for good', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b'], {}, { a: { low: 500 }, b: { low: 600 } })
  const error = await clock.until(failed(ask(5)))
  expect(error.isFinal).toBe(true)
  expect(error.message).toBe('No node can answer: a:7777: holds 500 to 1000; b:7777: holds 600 to 1000')
  expect(nodes.map((node) => node.count('chain_get_block'))).toEqual([0, 0])
})

test('a pruned node moves on: its range is read anew', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b'], {}, { a: { low: 500 } })
  await clock.until(ask(600))
  if (nodes[0]) nodes[0].low = 700
  await clock.advance(6_000)
  await clock.until(ask(800))
  await clock.advance(1_000)
  const before = nodes[0]?.count('chain_get_block')
  await clock.until(Promise.all(Array.from({ length: 40 }, () => ask(600))))
  expect(nodes[0]?.count('chain_get_block')).toBe(before)
})

test('a node behind is not asked beyond its own tip', async () => {
  const { clock, ask, nodes } = poolOf(['behind', 'ahead'], {}, { behind: { high: 900 } })
  await clock.until(Promise.all(Array.from({ length: 40 }, () => ask(950))))
  expect(nodes[0]?.count('chain_get_block')).toBe(0)
})

test('a height beyond all tips ends at once, not for good, and is asked for when a status tells of it', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b'])
  const error = await clock.until(failed(ask(1001)))
  expect(error.isFinal).toBe(false)
  expect(error.retryIn).toBeLessThanOrEqual(2_000)
  expect(nodes.map((node) => node.count('chain_get_block'))).toEqual([0, 0])
  if (nodes[1]) nodes[1].high = 1001
  await clock.advance(1_000)
  expect(await clock.until(ask(1001))).toBe('b')
})

test('a height that an event told of is asked for without a status, of another node if the first lacks it', async () => {
  const { clock, pool, nodes } = poolOf(['a', 'b'])
  await clock.until(pool.look(never))
  const statuses = () => nodes.reduce((sum, node) => sum + node.count('info_get_status'), 0)
  const before = statuses()
  pool.heard(1001)
  const answer = await clock.until(
    pool.use(
      { heights: 1001 },
      async (node) => {
        if (node.rpc.url.includes('//a')) throw new NotHeldError('no block 1001')
        return 'block 1001'
      },
      never,
    ),
  )
  expect(answer).toBe('block 1001')
  expect(statuses()).toBe(before)
})

test('an event that tells of a height far beyond is not believed', async () => {
  const { clock, pool, ask, nodes } = poolOf(['a'])
  await clock.until(pool.look(never))
  pool.heard(1_000_000)
  await clock.until(failed(ask(1_000_000)))
  expect(nodes[0]?.count('chain_get_block')).toBe(0)
})

test('a node of another network is excluded, with the reason in log and state', async () => {
  const { clock, ask, nodes, lines, pool } = poolOf(
    ['other', 'right'],
    {},
    { other: { network: 'casper-test' } },
  )
  await clock.until(Promise.all(Array.from({ length: 40 }, () => ask())))
  expect(nodes[0]?.count('chain_get_block')).toBe(0)
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'node excluded', reason: 'it is of casper-test, not of casper' }),
  )
  expect(pool.states()[0]).toMatchObject({ isHealthy: false, reason: 'is of casper-test, not of casper' })
})

test('without a known network the first listed node that answers decides', async () => {
  const { clock, ask, pool } = poolOf(
    ['first', 'second'],
    // Not told: as at the first start with an empty store.
    { network: undefined as never },
    { second: { network: 'casper-test', delay: 1 } },
  )
  expect(await clock.until(ask())).toBe('first')
  expect(pool.tip()?.network).toBe('casper')
})

test('all nodes of another network: the error says so', async () => {
  const { clock, ask } = poolOf(['a'], { network: 'casper-test' })
  const error = await clock.until(failed(ask()))
  expect(error.isOtherNetwork).toBe(true)
})

test.each([
  [refusal(-32601, 'Method not found')],
  [refusal(-32019, 'Function is disabled')],
  [refusal(-32018, 'Node request failure', 'request failed: Function is disabled')],
  [refusal(-32018, 'Function is disabled', 12345678901234567890n)],
])('a refused method (%s) is learned: another node is asked, this one not again', async (error) => {
  const { clock, ask, nodes } = poolOf(['a', 'b'])
  const [a, b] = nodes
  if (!a || !b) throw new Error('no nodes')
  a.trouble = (method) => (method === 'chain_get_block' ? error : null)
  const need = { capability: 'auction_v2' } as const
  for (let round = 0; round < 10; round++) expect(await clock.until(ask(5, need))).toBe('b')
  expect(a.count('chain_get_block')).toBeLessThanOrEqual(1)
  // Other kinds are still asked of it, and this one again after an upgrade.
  a.trouble = () => null
  await clock.until(Promise.all(Array.from({ length: 20 }, () => ask())))
  expect(a.count('chain_get_block')).toBeGreaterThan(1)
  a.build = '2.1.0'
  await clock.advance(6_000)
  await clock.until(ask())
  await clock.advance(1_000)
  const answers = await clock.until(Promise.all(Array.from({ length: 20 }, () => ask(5, need))))
  expect(answers).toContain('a')
})

test('what 1.x nodes do not know is not asked of them', async () => {
  const { clock, ask, nodes } = poolOf(['old', 'new'], {}, { old: { api: '1.5.8' } })
  const need = { capability: 'transaction' } as const
  await clock.until(Promise.all(Array.from({ length: 20 }, () => ask(5, need))))
  expect(nodes[0]?.count('chain_get_block')).toBe(0)
})

test('when every node refuses, the error is final and carries the refusal', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b'], {}, { b: { api: '1.5.8' } })
  for (const node of nodes) node.trouble = (method) => (method === 'chain_get_block' ? refusal(-32601) : null)
  const first = await clock.until(failed(ask(5, { capability: 'auction_v2' })))
  expect(first).toMatchObject({ isFinal: true, refusal: { code: -32601 } })
  const second = await clock.until(failed(ask(5, { capability: 'auction_v2' })))
  expect(second).toMatchObject({ isFinal: true, refusal: { code: -32601 } })
  expect(nodes[0]?.count('chain_get_block')).toBe(1)
})

test('a figure whose state one node has pruned comes from another; while that is away it is not called absent', async () => {
  const { clock, ask, nodes } = poolOf(['pruned', 'archive'])
  const [pruned, archive] = nodes
  if (!pruned || !archive) throw new Error('no nodes')
  pruned.trouble = (method) => (method === 'chain_get_block' ? refusal(-32012, 'No such state root') : null)
  const need = { capability: 'state' } as const
  for (let round = 0; round < 5; round++) expect(await clock.until(ask(5, need))).toBe('archive')
  const { call } = archive
  archive.call = () => Promise.reject(Object.assign(new Error('gone')))
  archive.call = async (...given) => {
    await call.apply(archive, given).catch(() => {})
    throw new (await import('../../../../../crawler/node/rpc.ts')).NodeUnavailableError(
      'any',
      'network',
      'gone',
    )
  }
  const error = await clock.until(failed(ask(5, need)))
  expect(error).toMatchObject({ isFinal: false, refusal: { code: -32012 } })
})

test('a fact of the chain ("no such value") is an answer: thrown as it is, one node asked', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b'])
  for (const node of nodes) node.trouble = (method) => (method === 'chain_get_block' ? refusal(-32003) : null)
  expect(await clock.until(failed(ask(5, { capability: 'state' })))).toMatchObject({ code: -32003 })
  expect(nodes.reduce((sum, node) => sum + node.count('chain_get_block'), 0)).toBe(1)
})

test('nodes not to be asked are not asked', async () => {
  const { clock, pool, ask } = poolOf(['a', 'b'])
  const a = await clock.until(
    pool.use(
      {},
      async (node) => (node.rpc.url.includes('//a') ? node : Promise.reject(new NotHeldError(''))),
      never,
    ),
  )
  const answers = await clock.until(Promise.all(Array.from({ length: 20 }, () => ask(5, { not: [a] }))))
  expect(new Set(answers)).toEqual(new Set(['b']))
})
