import { expect, test } from 'vitest'
import { type NoNodeError, NotHeldError } from '../../../../../crawler/node/pool/contract.ts'
import { never, poolOf } from '../../../../support/node-pool.ts'
import { unavailable } from '../../../../support/told-node.ts'

test('the tip is the highest that a node of the right network reports, with its time', async () => {
  const { clock, pool } = poolOf(
    ['a', 'b', 'other'],
    {},
    {
      a: { high: 900 },
      b: { high: 901 },
      other: { high: 5_000, network: 'casper-test' },
    },
  )
  expect(pool.tip()).toBeNull()
  expect(await clock.until(pool.look(never))).toEqual({
    network: 'casper',
    height: 901,
    time: Date.UTC(2026, 0, 1) + 901_000,
  })
})

test('a dead node does not delay the others, nor is it asked in each round', async () => {
  const { clock, pool, nodes } = poolOf(['dead', 'a', 'b'], {}, { dead: { delay: 1e9 }, a: { delay: 40 } })
  const from = clock.now()
  await clock.until(pool.look(never))
  expect(clock.now() - from).toBeLessThanOrEqual(300)
  for (let second = 0; second < 120; second++) {
    await clock.advance(1_000)
    await clock.until(pool.look(never))
  }
  expect(nodes[0]?.count()).toBeLessThan(15)
  expect(nodes[1]?.count()).toBeGreaterThan(100)
})

test('a node that went away no longer tells the tip; when none is left, look() says why', async () => {
  const { clock, pool, nodes } = poolOf(['a', 'b'], {}, { a: { high: 900 } })
  await clock.until(pool.look(never))
  const [a, b] = nodes
  if (!a || !b) throw new Error('no nodes')
  b.trouble = () => unavailable()
  await clock.advance(1_000)
  expect((await clock.until(pool.look(never))).height).toBe(900)
  a.trouble = () => unavailable()
  await clock.advance(1_000)
  const error = await clock.until(pool.look(never).catch((thrown: NoNodeError) => thrown))
  expect(error).toMatchObject({
    name: 'NoNodeError',
    message: expect.stringMatching(/a:7777: .*told to fail/),
  })
})

test('looks at the same time ask each node once', async () => {
  const { clock, pool, nodes } = poolOf(['a'])
  await clock.until(Promise.all([pool.look(never), pool.look(never), pool.look(never)]))
  expect(nodes[0]?.count()).toBe(1)
})

test('a node that claims heights it has not loses its say on the tip, and the others are not held up', async () => {
  const { clock, pool, ask } = poolOf(['boaster', 'a'], {}, { boaster: { high: 9_999 } })
  await clock.until(pool.look(never))
  for (let round = 0; round < 3; round++) {
    await clock.until(
      pool
        .use({ heights: 5_000 }, () => Promise.reject(new NotHeldError('no block 5000')), never)
        .catch((error: NoNodeError) => expect(error.isFinal).toBe(false)),
    )
  }
  expect(pool.tip()?.height).toBe(1_000)
  expect(['boaster', 'a']).toContain(await clock.until(ask(1_000)))
})

test('a status of an unknown shape is a failure that names the place', async () => {
  const { clock, pool, nodes } = poolOf(['a'])
  if (nodes[0]) nodes[0].network = 7 as unknown as string
  const error = await clock.until(pool.look(never).catch((thrown: Error) => thrown))
  expect(String(error)).toMatch(/info_get_status\.chainspec_name: expected a text, got 7/)
})

test('a pool that is not used asks nothing and holds no timer', async () => {
  const { clock, pool, nodes } = poolOf(['a', 'b'])
  await clock.until(pool.look(never))
  await clock.advance(3_600_000)
  expect(clock.timers).toBe(0)
  expect(nodes.map((node) => node.count())).toEqual([1, 1])
})
