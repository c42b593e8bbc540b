import { expect, test } from 'vitest'
import { poolOf } from '../../../../support/node-pool.ts'

/** Both nodes quick until measured, then the first one stalls on every answer. */
async function stalled(capability: 'block' | 'auction' = 'block') {
  const all = poolOf(['a', 'b'])
  const { clock, ask, nodes } = all
  await clock.until(Promise.all(Array.from({ length: 200 }, () => ask(5, { capability }))))
  for (const node of nodes) node.asked.length = 0
  return all
}

test('an answer that is late is asked of another node; the first good one wins, the other is stopped', async () => {
  const { clock, ask, nodes, pool } = await stalled()
  for (const node of nodes) node.delay = 30_000
  const late = ask()
  await clock.advance(0)
  for (const node of nodes) node.delay = 10
  const from = clock.now()
  await clock.until(late)
  expect(clock.now() - from).toBeLessThan(1_100)
  await clock.advance(0)
  expect(pool.states().map(({ running }) => running)).toEqual([0, 0])
})

test('no more than a few in a hundred are asked twice, however slow all are', async () => {
  const { clock, ask, nodes } = await stalled()
  for (const node of nodes) node.delay = 3_000
  for (let round = 0; round < 75; round++) {
    await clock.until(Promise.all(Array.from({ length: 4 }, () => ask())))
  }
  const asked = nodes.reduce((sum, node) => sum + node.count('chain_get_block'), 0)
  expect(asked - 300).toBeLessThanOrEqual(15)
  expect(asked - 300).toBeGreaterThan(0)
})

test('answers of tens of megabytes are never asked twice', async () => {
  const { clock, ask, nodes } = await stalled('auction')
  for (const node of nodes) node.delay = 20_000
  await clock.until(ask(5, { capability: 'auction' }))
  expect(nodes.reduce((sum, node) => sum + node.count('chain_get_block'), 0)).toBe(1)
})
