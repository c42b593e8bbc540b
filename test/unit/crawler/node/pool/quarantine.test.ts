import { expect, test } from 'vitest'
import type { CasperNode } from '../../../../../crawler/node/node.ts'
import type { NoNodeError } from '../../../../../crawler/node/pool/contract.ts'
import { never, type PoolOfTold, poolOf } from '../../../../support/node-pool.ts'

const MINUTE = 60_000

async function nodeOf({ pool, clock }: PoolOfTold, name: string): Promise<CasperNode> {
  for (;;) {
    const node = await clock.until(pool.use({}, async (one) => one, never))
    if (node.rpc.url.includes(`//${name}:`)) return node
    return clock.until(pool.use({ not: [node] }, async (one) => one, never))
  }
}

test('an accused node is asked nothing, not even its status, for ten minutes; both ends are logged', async () => {
  const all = poolOf(['liar', 'honest'])
  const { clock, pool, ask, nodes, lines } = all
  pool.accuse(await nodeOf(all, 'liar'), 'BLOCK_HASH at 77')
  const [liar] = nodes
  const before = liar?.count()
  for (let minute = 0; minute < 9; minute++) {
    const answers = await clock.until(Promise.all(Array.from({ length: 20 }, () => ask())))
    expect(new Set(answers)).toEqual(new Set(['honest']))
    await clock.until(pool.look(never))
    await clock.advance(MINUTE)
  }
  expect(liar?.count()).toBe(before)
  expect(pool.states()[0]).toMatchObject({
    isHealthy: false,
    accused: 1,
    reason: expect.stringMatching('BLOCK_HASH'),
  })
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      event: 'node quarantined',
      node: 'liar:7777',
      reason: 'BLOCK_HASH at 77',
    }),
  )

  await clock.advance(2 * MINUTE)
  expect(lines.at(-1)).toMatchObject({ event: 'node released', node: 'liar:7777' })
  await clock.until(ask())
  await clock.advance(1_000)
  expect(await clock.until(Promise.all(Array.from({ length: 40 }, () => ask())))).toContain('liar')
})

test('the time doubles with each offence, up to a day; accusations within it count once', async () => {
  const all = poolOf(['a', 'b'])
  const { clock, pool } = all
  const node = await nodeOf(all, 'a')
  const times: number[] = []
  for (let offence = 0; offence < 10; offence++) {
    const now = clock.now()
    pool.accuse(node, 'again')
    pool.accuse(node, 'the same answer, seen by another question')
    const until = pool.states()[0]?.quarantinedUntil as number
    times.push((until - now) / MINUTE)
    await clock.advance(until - now)
  }
  expect(times).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440])
})

test('all accused: the question ends, with the time of the first release; then that node is asked again', async () => {
  const all = poolOf(['a', 'b'])
  const { clock, pool, ask, nodes } = all
  const [a, b] = [await nodeOf(all, 'a'), await nodeOf(all, 'b')]
  pool.accuse(a, 'lies')
  await clock.advance(10 * MINUTE)
  pool.accuse(a, 'lies again')
  pool.accuse(b, 'lies')
  const before = nodes.map((node) => node.count())
  const error = await clock.until(ask().catch((thrown: NoNodeError) => thrown))
  expect(error).toMatchObject({ retryIn: 10 * MINUTE, isFinal: false })
  expect(nodes.map((node) => node.count())).toEqual(before)
  await clock.advance(10 * MINUTE)
  expect(await clock.until(ask())).toBe('b')
})

test('what is under way at an accused node is stopped and asked of another', async () => {
  const all = poolOf(['a', 'b'], {}, { a: { delay: 50 }, b: { delay: 50 } })
  const { clock, pool, ask, nodes } = all
  const node = await nodeOf(all, 'a')
  const answers = Promise.all(Array.from({ length: 8 }, () => ask()))
  await clock.advance(10)
  expect(pool.states()[0]?.running).toBeGreaterThan(0)
  pool.accuse(node, 'lies')
  expect(new Set(await clock.until(answers))).toEqual(new Set(['b']))
  expect(nodes[0]?.count()).toBeGreaterThan(0)
})

test('an error that proves a lie accuses the node, and another answers', async () => {
  class Lie extends Error {}
  const { clock, pool, lines } = poolOf(
    ['a', 'b'],
    {},
    {},
    {
      toAccusation: (error) => (error instanceof Lie ? error.message : null),
    },
  )
  const asked: string[] = []
  const answer = await clock.until(
    pool.use(
      {},
      async (node) => {
        asked.push(node.rpc.url)
        if (asked.length === 1) throw new Lie('hashes that do not fit')
        return 'true'
      },
      never,
    ),
  )
  expect(answer).toBe('true')
  expect(new Set(asked).size).toBe(2)
  expect(lines).toContainEqual(
    expect.objectContaining({ event: 'node quarantined', reason: 'hashes that do not fit' }),
  )
})
