import { expect, test } from 'vitest'
import { poolOf } from '../../../../support/node-pool.ts'

const counted = (names: readonly string[]) => Object.groupBy(names, (name) => name)

/** Milliseconds of held time for so many questions asked at once. */
async function timeOf(count: number, names: readonly string[], told = {}): Promise<number> {
  const { clock, ask } = poolOf(names, {}, told)
  await clock.until(ask())
  const from = clock.now()
  await clock.until(Promise.all(Array.from({ length: count }, () => ask())))
  return clock.now() - from
}

test('questions spread over equal nodes', async () => {
  const { clock, ask } = poolOf(['a', 'b', 'c'])
  const answers = await clock.until(Promise.all(Array.from({ length: 300 }, () => ask())))
  const by = counted(answers)
  for (const name of ['a', 'b', 'c']) expect(by[name]?.length).toBeGreaterThan(60)
})

test('nodes whose answers take no time at all share the questions as well', async () => {
  const { clock, ask } = poolOf(['a', 'b'], {}, { a: { delay: 0 }, b: { delay: 0 } })
  const answers = await clock.until(Promise.all(Array.from({ length: 100 }, () => ask())))
  expect(counted(answers).b?.length).toBeGreaterThan(30)
})

test('three nodes are faster than one, nearly three times', async () => {
  const [one, three] = [await timeOf(1000, ['a']), await timeOf(1000, ['a', 'b', 'c'])]
  expect(one / three).toBeGreaterThan(2.2)
})

test('a slow node gets little, and a few questions do not wait for it', async () => {
  const { clock, ask, nodes } = poolOf(['quick', 'slow'], {}, { slow: { delay: 900 } })
  await clock.until(ask())
  // 30 at a time, as a window of heights that must come in order.
  const from = clock.now()
  for (let round = 0; round < 20; round++)
    await clock.until(Promise.all(Array.from({ length: 30 }, () => ask())))
  expect(clock.now() - from).toBeLessThan(20 * 60)
  expect(nodes[1]?.count('chain_get_block')).toBeLessThan(4)
})

test('the limit of one node grows to the connections, and not beyond', async () => {
  const { clock, ask, nodes } = poolOf(['a'], { connections: 6 })
  await clock.until(Promise.all(Array.from({ length: 100 }, () => ask())))
  expect(nodes[0]?.most).toBe(6)
})

test('the limit stops growing when answers become slow under load', async () => {
  const { clock, ask, nodes, pool } = poolOf(['a'], { connections: 64 })
  const node = nodes[0]
  if (node === undefined) throw new Error('no node')
  const { call } = node
  let running = 0
  // A server that answers one question after the other: each of n takes n times as long.
  node.call = async (method, params, signal) => {
    node.delay = 20 * ++running
    return call(method, params, signal).finally(() => running--)
  }
  await clock.until(Promise.all(Array.from({ length: 400 }, () => ask())))
  expect(node.most).toBeLessThan(16)
  expect(pool.states()[0]?.limit).toBeLessThan(16)
})

test('a node that became quick again is used again, told by its status alone', async () => {
  const { clock, ask, nodes, pool } = poolOf(['quick', 'slow'], {}, { slow: { delay: 900 } })
  const burst = () => clock.until(Promise.all(Array.from({ length: 30 }, () => ask())))
  await burst()
  const [, slow] = nodes
  if (slow === undefined) throw new Error('no node')
  slow.delay = 10
  for (let round = 0; round < 10; round++) {
    await clock.advance(5_000)
    await burst()
  }
  const before = slow.count('chain_get_block')
  await burst()
  expect(slow.count('chain_get_block')).toBeGreaterThan(before + 5)
  expect(pool.states()[1]?.latencyMs).toBeLessThan(50)
})

test('a question stopped while it waits or runs ends at once and leaves the slots free', async () => {
  const { clock, ask, pool } = poolOf(['a'], { connections: 1 })
  await clock.until(ask())
  const stop = new AbortController()
  const all = Array.from({ length: 5 }, () => ask(5, {}, stop.signal).catch(() => 'stopped'))
  await clock.advance(5)
  stop.abort()
  await clock.advance(0)
  expect(await Promise.all(all)).toEqual(['stopped', 'stopped', 'stopped', 'stopped', 'stopped'])
  expect(pool.states()[0]?.running).toBe(0)
  expect(await clock.until(ask())).toBe('a')
})

test('questions are served in the order in which they were asked', async () => {
  const { clock, ask, nodes } = poolOf(['a'], { connections: 2 })
  await clock.until(ask(0))
  await clock.until(Promise.all(Array.from({ length: 20 }, (_, index) => ask(index))))
  const heights = nodes[0]?.asked
    .filter(({ method }) => method !== 'info_get_status')
    .map(({ height }) => height)
  expect(heights?.slice(1)).toEqual(Array.from({ length: 20 }, (_, index) => index))
})
