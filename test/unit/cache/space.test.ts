import { expect, test } from 'vitest'
import { type Reach, toSpace } from '../../../src/cache/space.ts'
import { createCache } from '../../../src/cache/tiers.ts'
import { MemoryTier, TestBackground, TestClock, TestStore, toKey } from './helpers.ts'

const CUT = { height: 1_008, eraId: 504 }

/** Isolates of one data centre: each with its own memory, over the same tier. */
function setUp() {
  const tier = new MemoryTier('edge')
  const clock = new TestClock()
  const background = new TestBackground()
  const store = new TestStore()
  const forgotten: string[] = []
  const open = (readRoot?: () => Promise<unknown>) => {
    const cache = createCache(
      { namespace: () => 'casper-0a1b2c3d', memoryBytes: 1e6, ...(readRoot && { readRoot }) },
      { tiers: [tier], clock, background, onCut: () => forgotten.push('answers') },
    )
    const read = (id: string, reach?: Reach) =>
      cache.read({ ...toKey(id, 'IMMUTABLE'), ...(reach && { reach }) }, store.load)
    return { cache, read }
  }
  return { tier, background, store, forgotten, open }
}

test.each<[reach: Reach | undefined, space: string]>([
  [undefined, 'x.2'],
  [{}, 'x'],
  [{ height: 100 }, 'x'],
  [{ height: 101 }, 'x.1'],
  [{ height: 201 }, 'x.2'],
  [{ eraId: 10 }, 'x'],
  [{ eraId: 11 }, 'x.1'],
  [{ eraId: 21 }, 'x.2'],
])('toSpace() of what reaches to %j', (reach, space) => {
  const cuts = [
    { height: 200, eraId: 20 },
    { height: 100, eraId: 10 },
  ]
  expect(toSpace('x', cuts, reach)).toBe(space)
})

test('learn() of a cut: what reaches beyond it is read anew in every tier, what does not is found where it was', async () => {
  const { background, store, forgotten, open } = setUp()
  const { cache, read } = open()
  const below = { height: 1_007 }
  const beyond = { height: 1_023 }
  const readAll = async () => [
    (await read('blocks/0', below)).value,
    (await read('blocks/1', beyond)).value,
    (await read('eras/7', { eraId: 511 })).value,
    (await read('price', {})).value,
    (await read('list')).value,
  ]
  await readAll()
  await background.settle()
  store.value = 'two'
  cache.learn([CUT])
  expect(await readAll()).toEqual(['one', 'two', 'two', 'one', 'two'])
  expect(forgotten).toEqual(['answers'])
  await background.settle()

  const next = open()
  next.cache.learn([CUT])
  store.error = new Error('down')
  expect((await next.read('blocks/1', beyond)).value).toBe('two')
  expect((await next.read('blocks/0', below)).tier).toBe('edge')
})

test('learn() of less than is known, from a tier that lags, changes nothing', async () => {
  const { background, store, open } = setUp()
  const { cache, read } = open()
  cache.learn([CUT])
  await read('list')
  await background.settle()
  store.value = 'two'
  cache.learn([])
  cache.learn([CUT])
  expect(await read('list')).toMatchObject({ value: 'one', tier: 'memory' })
})

test('a load that began before the cut was known is not kept', async () => {
  const { background, store, open } = setUp()
  const { cache, read } = open()
  let openGate = () => {}
  store.gate = new Promise<void>((resolve) => {
    openGate = resolve
  })
  const early = read('list')
  await expect.poll(() => store.asked).toBe(1)
  cache.learn([CUT])
  openGate()
  await early
  await background.settle()
  store.value = 'two'
  expect((await read('list')).value).toBe('two')
})

test('an isolate that knows nothing reads the root first, and so never what was given up', async () => {
  const { tier, background, store, open } = setUp()
  await open().read('list')
  await background.settle()
  store.value = 'two'
  const roots: string[] = []
  const { cache, read } = open(async () => {
    const root = { ...toKey('head'), isRoot: true as const }
    roots.push((await cache.read(root, async () => 'cut once')).value)
    cache.learn([CUT])
  })
  expect((await read('list')).value).toBe('two')
  expect((await read('other')).value).toBe('two')
  expect(roots).toEqual(['cut once'])
  await background.settle()
  expect([...tier.entries.keys()]).toContain('casper-0a1b2c3d/t1/head')
})

test('drop() finds a value of every tail', async () => {
  const { tier, background, open } = setUp()
  const { cache, read } = open()
  await read('blocks/1', { height: 1_023 })
  await background.settle()
  cache.learn([CUT])
  await read('blocks/1', { height: 1_023 })
  await background.settle()
  expect(tier.entries.size).toBe(2)
  await cache.drop(['blocks/1'])
  expect(tier.entries.size).toBe(0)
})
