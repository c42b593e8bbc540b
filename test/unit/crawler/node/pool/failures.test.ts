import { expect, test } from 'vitest'
import { DecodeFault } from '../../../../../crawler/decode/field.ts'
import { NoNodeError } from '../../../../../crawler/node/pool/contract.ts'
import { poolOf } from '../../../../support/node-pool.ts'
import { unavailable } from '../../../../support/told-node.ts'

const failed = (promise: Promise<unknown>): Promise<NoNodeError> =>
  promise.then(
    () => Promise.reject(new Error('was answered')),
    (error) => error,
  )

test.each(['network', 'timeout', 'status', 'rate-limit', 'too-large', 'not-json'] as const)(
  'a question that fails at one node (%s) is answered by another',
  async (reason) => {
    const { clock, ask, nodes } = poolOf(['a', 'b'])
    await clock.until(ask())
    const [a] = nodes
    if (a) a.trouble = () => unavailable(reason)
    const answers = await clock.until(Promise.all(Array.from({ length: 20 }, () => ask())))
    expect(new Set(answers)).toEqual(new Set(['b']))
  },
)

test('a node that fails gets one question at a time until it answers one, then more', async () => {
  const { clock, ask, nodes, pool } = poolOf(['a', 'b'])
  await clock.until(Promise.all(Array.from({ length: 50 }, () => ask())))
  const [a, b] = nodes
  if (!a || !b) throw new Error('no nodes')
  a.trouble = () => unavailable()
  await clock.until(Promise.all(Array.from({ length: 50 }, () => ask())))
  expect(pool.states()[0]).toMatchObject({ isHealthy: false, limit: 1 })
  const asked = a.count()
  expect(await clock.until(ask())).toBe('b')
  expect(a.count()).toBe(asked)

  a.trouble = () => null
  await clock.advance(60_000)
  for (let round = 0; round < 5; round++) {
    await clock.until(Promise.all(Array.from({ length: 50 }, () => ask())))
    await clock.advance(1_000)
  }
  expect(a.count('chain_get_block')).toBeGreaterThan(60)
  expect(pool.states()[0]).toMatchObject({ isHealthy: true, reason: null })
})

test('when all are down the questions end with each node and its reason, and little was asked', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b', 'c'])
  await clock.until(Promise.all(Array.from({ length: 100 }, () => ask())))
  const before = nodes.map((node) => node.count())
  for (const node of nodes) node.trouble = () => unavailable()
  const errors = await clock.until(Promise.all(Array.from({ length: 500 }, () => failed(ask()))))
  for (const error of errors) {
    expect(error).toBeInstanceOf(NoNodeError)
    expect(error.isFinal).toBe(false)
    expect(error.retryIn).toBeGreaterThan(0)
  }
  expect(errors[0]?.message).toMatch(
    /a:7777: .*told to fail.*; b:7777: .*told to fail.*; c:7777: .*told to fail/,
  )
  // Those under way, then a status after each pause of 0.25, 0.5, ... s.
  nodes.forEach((node, index) => expect(node.count() - (before[index] ?? 0)).toBeLessThan(25))

  const rest = nodes.map((node) => node.count())
  for (let second = 0; second < 600; second++) {
    await failed(clock.until(ask()))
    await clock.advance(1_000)
  }
  // Ten minutes of trying: a status every 30 s and more.
  nodes.forEach((node, index) => expect(node.count() - (rest[index] ?? 0)).toBeLessThan(40))

  for (const node of nodes) node.trouble = () => null
  await clock.advance(45_000)
  expect(['a', 'b', 'c']).toContain(await clock.until(ask()))
})

test('questions wait out a short loss of all nodes', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b'])
  await clock.until(ask())
  for (const node of nodes) node.trouble = () => unavailable()
  const answers = Promise.all(Array.from({ length: 40 }, () => ask()))
  await clock.advance(1_500)
  for (const node of nodes) node.trouble = () => null
  expect((await clock.until(answers)).length).toBe(40)
})

test('Retry-After is respected, to the second', async () => {
  const { clock, ask, nodes } = poolOf(['a'], { patienceMs: 60_000 })
  await clock.until(ask())
  const [a] = nodes
  if (!a) throw new Error('no node')
  a.trouble = () => unavailable('rate-limit', 7)
  const answer = ask()
  await clock.advance(15)
  a.trouble = () => null
  const count = a.count()
  await clock.advance(6_990)
  expect(a.count()).toBe(count)
  expect(await clock.until(answer)).toBe('a')
})

test('a Retry-After longer than the patience is told', async () => {
  const { clock, ask, nodes } = poolOf(['a'])
  await clock.until(ask())
  const [a] = nodes
  if (a) a.trouble = () => unavailable('rate-limit', 30)
  const error = await clock.until(failed(ask()))
  expect(error.retryIn).toBe(30_000)
  expect(error.reasons).toEqual([
    { host: 'a:7777', kind: 'paused', text: 'any: told to fail: rate-limit, asked again in 30.0 s' },
  ])
})

test('a node with an allowance of one call a second answers all, asked little more than it allows', async () => {
  const { clock, ask, nodes } = poolOf(['a'])
  const [a] = nodes
  if (!a) throw new Error('no node')
  let left = 20
  let at = clock.now()
  a.trouble = () => {
    left = Math.min(20, left + (clock.now() - at) / 1000)
    at = clock.now()
    if (left < 1) return unavailable('rate-limit', 1)
    left--
    return null
  }
  const answers = await clock.until(Promise.all(Array.from({ length: 100 }, () => ask())))
  expect(answers).toHaveLength(100)
  expect(a.count()).toBeLessThan(160)
})

test('a question that fails at every node, healthy otherwise, ends', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b'])
  for (const node of nodes)
    node.trouble = (method) => (method === 'chain_get_block' ? unavailable('not-json') : null)
  const error = await clock.until(failed(ask()))
  expect(error).toBeInstanceOf(NoNodeError)
  expect(nodes.reduce((sum, node) => sum + node.count('chain_get_block'), 0)).toBeLessThanOrEqual(6)
})

test('an error that is no matter of nodes is thrown as it is, after one try', async () => {
  const { clock, pool, nodes } = poolOf(['a', 'b'])
  const fault = new TypeError('a fault of ours')
  const asked: string[] = []
  const error = await clock.until(
    failed(
      pool.use(
        {},
        async (node) => (asked.push(node.rpc.url), Promise.reject(fault)),
        new AbortController().signal,
      ),
    ),
  )
  expect(error).toBe(fault)
  expect(asked).toHaveLength(1)
  expect(nodes).toHaveLength(2)
})

test.each(['rate-limit', 'timeout'] as const)(
  '%s halves the limit, once for all that were under way',
  async (reason) => {
    const { clock, ask, nodes, pool } = poolOf(['a'], { connections: 16 })
    const [a] = nodes
    if (!a) throw new Error('no node')
    await clock.until(Promise.all(Array.from({ length: 200 }, () => ask())))
    expect(pool.states()[0]?.limit).toBe(16)
    a.trouble = () => unavailable(reason)
    const answers = Promise.all(Array.from({ length: 12 }, () => ask()))
    await clock.advance(15)
    a.trouble = () => null
    await clock.until(answers)
    expect(pool.states()[0]?.limit).toBe(8)
  },
)

test('a question that failed at a node waits for the others, though that one is open again', async () => {
  const { clock, ask, nodes } = poolOf(['a', 'b'], { connections: 1 }, { b: { delay: 900 } })
  const [a, b] = nodes
  if (!a || !b) throw new Error('no nodes')
  await clock.until(ask())
  // The slow one's status takes a while.
  await clock.advance(1_000)
  const occupied = ask(5, { capability: 'auction' })
  a.asked.length = 0
  a.trouble = (method) => (method === 'chain_get_block' ? unavailable('too-large') : null)
  const answers = await clock.until(Promise.all([occupied, ask(6, { capability: 'auction' })]))
  expect(answers).toEqual(['b', 'b'])
  expect(a.count('chain_get_block')).toBe(1)
})

test('a shape that we do not know is another node to ask, and the end when all tell the same', async () => {
  const { clock, ask, nodes, pool } = poolOf(['a', 'b'])
  await clock.until(ask())
  const [a, b] = nodes
  if (!a || !b) throw new Error('no nodes')
  const strange = new DecodeFault('block', 'a block', 'something else')
  a.trouble = (method) => (method === 'chain_get_block' ? strange : null)
  const answers = await clock.until(Promise.all(Array.from({ length: 20 }, () => ask())))
  expect(new Set(answers)).toEqual(new Set(['b']))
  b.trouble = a.trouble
  expect(await clock.until(failed(ask()))).toBe(strange)
  expect(pool.states().map(({ accused }) => accused)).toEqual([0, 0])
})
