import { expect, test } from 'vitest'
import { createCache } from '../../../src/cache/tiers.ts'
import { readBlock } from '../../../src/read/blocks.ts'
import { readHead } from '../../../src/read/head.ts'
import type { ReadPorts } from '../../../src/read/ports.ts'
import { createWatch } from '../../../src/read/watch.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { makeChain } from '../../support/made-chain.ts'
import { TestBackground, TestClock } from '../cache/helpers.ts'

const chain = makeChain({ eras: [1, ...Array(12).fill(100)] })

/** An isolate with a page in memory, from which alone it is asked for from then on. */
async function setUp() {
  const store = createArrayStore(chain)
  const clock = new TestClock()
  const background = new TestBackground()
  const cache = createCache(
    { namespace: () => 'casper-made', readRoot: () => readHead(ports) as Promise<unknown>, memoryBytes: 1e8 },
    { tiers: [], clock, background },
  )
  const ports: ReadPorts = { store, cache }
  const watch = createWatch(ports, background)
  const give = async () => {
    await watch(clock.now())
    return (await readBlock(ports, 5))?.tier
  }
  await give()
  await background.settle()
  expect(await give()).toBe('memory')
  return { store, clock, background, watch, give }
}

test('an isolate that gives pages from memory alone learns of a cut within seconds', async () => {
  const { store, clock, background, give } = await setUp()
  store.cuts = [{ height: 500, eraId: 5 }]
  const tiers: (string | undefined)[] = []
  for (let second = 0; second < 20; second += 5) {
    clock.pass(5)
    tiers.push(await give())
    await background.settle()
  }
  expect(tiers).toContain('store')
})

test('one that has rested for an hour learns of it before its next answer', async () => {
  const { store, clock, give } = await setUp()
  store.cuts = [{ height: 500, eraId: 5 }]
  clock.pass(3_600)
  expect(await give()).toBe('store')
})

test('it goes on from memory while the store is down', async () => {
  const { store, clock, give } = await setUp()
  store.isDown = true
  for (const seconds of [5, 60, 3_600, 100_000]) {
    clock.pass(seconds)
    expect(await give()).toBe('memory')
  }
})

test('answers are not waited for, nor is the store asked, while the head is fresh', async () => {
  const { store, clock, watch } = await setUp()
  store.asked.length = 0
  clock.pass(6)
  expect(watch(clock.now())).toBeUndefined()
  expect(watch(clock.now())).toBeUndefined()
  expect(store.asked).toEqual([])
})
