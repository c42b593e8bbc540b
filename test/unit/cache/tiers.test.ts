import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { MemoryTier, START, setUp, toKey } from './helpers.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

const edge = () => new MemoryTier('edge')
const kv = () => new MemoryTier('kv', { isLastResort: true })

describe('reading', () => {
  test('the second read is answered by memory', async () => {
    const { store, read, cache } = setUp([edge()])
    expect(await read()).toMatchObject({ value: 'one', tier: 'store', stale: false, storedAt: START })
    expect(await read()).toMatchObject({ value: 'one', tier: 'memory', stale: false })
    expect(cache.peek(toKey('tip'))).toMatchObject({ value: 'one', tier: 'memory' })
    expect(store.asked).toBe(1)
  })

  test('peek looks at memory alone and never at what is past its freshness', async () => {
    const { clock, read, cache } = setUp([edge()])
    expect(cache.peek(toKey('tip'))).toBeNull()
    await read()
    clock.pass(8)
    expect(cache.peek(toKey('tip'))).toBeNull()
  })

  test('what the store answered is in every tier once the background is done', async () => {
    const [near, far] = [edge(), kv()]
    const { read, background } = setUp([near, far])
    await read()
    await background.settle()
    for (const tier of [near, far]) expect([...tier.entries.keys()]).toEqual(['casper-0a1b2c3d/t1/tip'])
    expect(near.entries.values().next().value).toMatchObject({
      storedAt: START,
      freshUntil: START + 8_000,
      staleUntil: START + 68_000,
      errorUntil: START + 86_408_000,
      tags: ['block', 'era', 'id:tip'],
    })
  })

  test('writes to tiers are background work: the platform knows of them after the answer', async () => {
    const near = edge()
    let open = () => {}
    const put = near.put.bind(near)
    near.put = async (key, entry) => {
      await new Promise<void>((resolve) => {
        open = resolve
      })
      await put(key, entry)
    }
    const { read, background } = setUp([near])
    await read()
    await vi.advanceTimersByTimeAsync(0)
    expect(near.entries.size).toBe(0)
    expect(background.running.size).toBe(1)
    open()
    await background.settle()
    expect(near.entries.size).toBe(1)
  })

  test('a value found in a lower tier fills those above it: the next isolate never reaches the lower one', async () => {
    const [near, far] = [edge(), kv()]
    const { read, background, make, store } = setUp([near, far])
    await read('blocks/1', 'IMMUTABLE')
    await background.settle()
    near.entries.clear()

    const second = make()
    const found = await second.read(toKey('blocks/1', 'IMMUTABLE'), store.load)
    expect(found).toMatchObject({ value: 'one', tier: 'kv' })
    await background.settle()

    far.calls.length = 0
    const third = make()
    expect(await third.read(toKey('blocks/1', 'IMMUTABLE'), store.load)).toMatchObject({ tier: 'edge' })
    expect(far.calls).toEqual([])
    expect(store.asked).toBe(1)
  })

  test('a hundred readers of one key make one question', async () => {
    const { read, store } = setUp([edge()])
    const found = await Promise.all(Array.from({ length: 100 }, () => read()))
    expect(store.asked).toBe(1)
    expect(new Set(found.map(({ value }) => value))).toEqual(new Set(['one']))
  })

  test('a failed question is thrown to all who waited, and each key fails alone', async () => {
    const { read, store } = setUp()
    store.error = new Error('no')
    const results = await Promise.allSettled([read(), read(), read()])
    expect(results.every(({ status }) => status === 'rejected')).toBe(true)
    expect(store.asked).toBe(1)
    store.error = null
    expect(await read('other')).toMatchObject({ value: 'one' })
  })

  test('another version of an encoding is another key', async () => {
    const near = edge()
    const { read, background, make, store } = setUp([near])
    await read()
    await background.settle()
    const key = toKey('tip')
    const next = { ...key, codec: { ...key.codec, version: 't2' } }
    expect(await make().read(next, store.load)).toMatchObject({ tier: 'store' })
  })
})

describe('age', () => {
  test('a stale value is answered at once and reloaded behind the answer', async () => {
    const { read, clock, store, background } = setUp([edge()])
    await read()
    clock.pass(9)
    store.value = 'two'
    expect(await read()).toMatchObject({ value: 'one', tier: 'memory', stale: true })
    await background.settle()
    expect(await read()).toMatchObject({
      value: 'two',
      tier: 'memory',
      stale: false,
      storedAt: START + 9_000,
    })
    expect(store.asked).toBe(2)
  })

  test('beyond that window the reader waits for the store', async () => {
    const { read, clock, store } = setUp([edge()])
    await read()
    clock.pass(8 + 60)
    store.value = 'two'
    expect(await read()).toMatchObject({ value: 'two', tier: 'store', stale: false })
  })

  test('a stale value of a tier is answered by a new isolate too, and reloaded once', async () => {
    const near = edge()
    const { read, clock, store, background, make } = setUp([near])
    await read()
    await background.settle()
    clock.pass(20)
    store.value = 'two'
    const next = make()
    const readNext = () => next.read(toKey('tip'), store.load)
    expect(await readNext()).toMatchObject({ value: 'one', tier: 'edge', stale: true })
    expect(await readNext()).toMatchObject({ value: 'one', stale: true })
    await background.settle()
    expect(await readNext()).toMatchObject({ value: 'two', stale: false })
    expect(store.asked).toBe(2)
  })

  test('IMMUTABLE values are fresh for a year and never stale before', async () => {
    const { read, clock, store } = setUp()
    await read('blocks/1', 'IMMUTABLE')
    clock.pass(364 * 86_400)
    expect(await read('blocks/1', 'IMMUTABLE')).toMatchObject({ stale: false })
    expect(store.asked).toBe(1)
  })

  test('expiry is read from the entry, whatever the tier thinks of it', async () => {
    const near = edge()
    const { read, clock, background, make, store } = setUp([near])
    await read()
    await background.settle()
    clock.pass(2 * 86_400)
    store.value = 'two'
    expect(await make().read(toKey('tip'), store.load)).toMatchObject({ value: 'two', tier: 'store' })
  })
})

describe('a store that fails', () => {
  test('outdated values are served as stale for as long as their class allows', async () => {
    const { read, clock, store } = setUp()
    await read()
    store.error = new Error('down')
    clock.pass(3_600)
    expect(await read()).toMatchObject({ value: 'one', stale: true })
    clock.pass(86_400)
    await expect(read()).rejects.toThrow('down')
  })

  test('a new isolate serves what any tier still holds, the last resort too', async () => {
    const [near, far] = [edge(), kv()]
    const { read, clock, store, background, make } = setUp([near, far])
    await read()
    await background.settle()
    near.entries.clear()
    store.error = new Error('down')
    clock.pass(3_600)
    const next = make()
    expect(await next.read(toKey('tip'), store.load)).toMatchObject({ value: 'one', tier: 'kv', stale: true })
  })

  test('the last resort is not asked while the store answers', async () => {
    const far = kv()
    const { read, make, background, store } = setUp([edge(), far])
    await read()
    await background.settle()
    far.calls.length = 0
    await make().read(toKey('other'), store.load)
    expect(far.calls.filter((call) => call.startsWith('get'))).toEqual([])
  })

  test('one question goes through at a time once it is known to be down; all others are answered at once', async () => {
    const { read, clock, store, background } = setUp()
    await read()
    store.error = new Error('down')
    clock.pass(100)
    for (let i = 0; i < 3; i++) {
      await read()
      clock.pass(6)
    }
    const before = store.asked
    await Promise.all(Array.from({ length: 50 }, () => read()))
    await background.settle()
    expect(store.asked).toBeLessThanOrEqual(before + 1)
    await expect(read('never seen')).rejects.toMatchObject({ code: 'UNAVAILABLE' })

    store.error = null
    store.value = 'two'
    clock.pass(10)
    await read()
    await background.settle()
    expect(await read()).toMatchObject({ value: 'two', stale: false })
  })

  test('a question that was refused is not put again at once, and others go on', async () => {
    const { read, clock, store } = setUp([], { isOutage: () => false })
    store.error = new Error('no such table')
    for (let i = 0; i < 5; i++) await expect(read('bad')).rejects.toThrow('no such table')
    expect(store.asked).toBe(1)
    clock.pass(1)
    await expect(read('bad')).rejects.toThrow('no such table')
    expect(store.asked).toBe(2)
    for (let i = 0; i < 5; i++) await expect(read(`bad ${i}`)).rejects.toThrow('no such table')
    store.error = null
    expect(await read('good')).toMatchObject({ value: 'one' })
  })

  test('while it is down, outdated values are served without a look at the tiers', async () => {
    const near = edge()
    const { read, clock, store, background } = setUp([near])
    await read()
    store.error = new Error('down')
    clock.pass(100)
    await read()
    await background.settle()
    near.calls.length = 0
    for (let i = 0; i < 10; i++) expect(await read()).toMatchObject({ stale: true })
    expect(near.calls).toEqual([])
  })

  test('after a purge a question that has just failed is worth asking again', async () => {
    const { read, cache, store } = setUp()
    store.error = new Error('not yet')
    await expect(read()).rejects.toThrow('not yet')
    store.error = null
    await cache.purge(['block'])
    expect(await read()).toMatchObject({ value: 'one' })
  })

  test('a store that hangs: an outdated value after a moment of patience, else an error in time', async () => {
    const { read, clock, store } = setUp()
    await read()
    clock.pass(100)
    store.gate = new Promise(() => {})
    const waiting = read()
    await vi.advanceTimersByTimeAsync(1_500)
    expect(await waiting).toMatchObject({ value: 'one', stale: true })

    const lost = expect(read('other')).rejects.toMatchObject({ code: 'DEADLINE' })
    await vi.advanceTimersByTimeAsync(10_000)
    await lost
  })
})

describe('a tier that fails', () => {
  test('is a miss, counted and reported; the tiers below it answer', async () => {
    const [near, far] = [edge(), kv()]
    const { read, background, make, store } = setUp([near, far])
    await read('blocks/1', 'IMMUTABLE')
    await background.settle()
    near.fault = 'throws'
    const next = make()
    expect(await next.read(toKey('blocks/1', 'IMMUTABLE'), store.load)).toMatchObject({ tier: 'kv' })
    await background.settle()
    // The read, and the attempt to fill it again.
    expect(next.stats().edge).toMatchObject({ hits: 0, misses: 1, errors: 2 })
    expect(store.asked).toBe(1)
  })

  test('a failing write never reaches the reader', async () => {
    const near = edge()
    near.fault = 'throws'
    const { read, background, reports, cache } = setUp([near])
    expect(await read()).toMatchObject({ value: 'one' })
    await background.settle()
    expect(reports).toContain('cache tier edge: put')
    expect(cache.stats().edge?.errors).toBeGreaterThan(0)
  })

  test('one that hangs is a miss after its limit, and is left alone after a few', async () => {
    const near = edge()
    near.fault = 'hangs'
    const { read, cache, store } = setUp([near], { tierLimit: 300 })
    for (const id of ['a', 'b', 'c']) {
      const waiting = read(id)
      await vi.advanceTimersByTimeAsync(300)
      expect(await waiting).toMatchObject({ tier: 'store' })
    }
    near.calls.length = 0
    expect(await read('d')).toMatchObject({ tier: 'store' })
    expect(near.calls).toEqual([])
    expect(cache.stats().edge?.errors).toBe(3)
    expect(store.asked).toBe(4)
  })

  test('damaged bytes are a miss, counted as an error', async () => {
    const near = edge()
    const { read, background, make, store } = setUp([near])
    await read()
    await background.settle()
    const [key, entry] = near.entries.entries().next().value as [string, never]
    near.entries.set(key, { ...(entry as object), bytes: new TextEncoder().encode('damaged') } as never)
    const next = make()
    expect(await next.read(toKey('tip'), store.load)).toMatchObject({ value: 'one', tier: 'store' })
    expect(next.stats().edge).toMatchObject({ hits: 0, misses: 1, errors: 1 })
  })
})

describe('many isolates', () => {
  test('a value that can change is looked up again after the recheck, an IMMUTABLE one is not', async () => {
    const near = edge()
    const options = { recheck: 30_000 }
    const { read, clock, background, cache } = setUp([near], options)
    await read('supply', 'PER_ERA')
    await read('blocks/1', 'IMMUTABLE')
    await background.settle()
    near.calls.length = 0
    clock.pass(31)
    expect(cache.peek(toKey('blocks/1', 'IMMUTABLE'))).not.toBeNull()
    expect(cache.peek(toKey('supply', 'PER_ERA'))).toBeNull()
    expect(await read('supply', 'PER_ERA')).toMatchObject({ tier: 'edge', stale: false })
    expect(near.calls).toEqual(['get casper-0a1b2c3d/t1/supply'])
  })

  test('what another isolate purged from the tier is not served from memory any longer than the recheck', async () => {
    const near = edge()
    const { read, clock, background, store } = setUp([near], { recheck: 30_000 })
    await read('supply', 'PER_ERA')
    await background.settle()
    near.entries.clear()
    store.value = 'two'
    clock.pass(31)
    expect(await read('supply', 'PER_ERA')).toMatchObject({ value: 'two', tier: 'store' })
  })
})

test('nothing durable is read while the chain is not known', async () => {
  const near = edge()
  const { read } = setUp([near], { namespace: () => Promise.reject(new Error('no chain')) })
  await expect(read()).rejects.toThrow('no chain')
  expect(near.calls).toEqual([])
})

test('memory stays within its bytes', async () => {
  const { read, store, cache } = setUp([], { memoryBytes: 20_000 })
  store.value = 'x'.repeat(1_000)
  for (let i = 0; i < 100; i++) await read(`blocks/${i}`, 'IMMUTABLE')
  const { bytes, entries } = cache.stats().memory as { bytes: number; entries: number }
  expect(bytes).toBeLessThanOrEqual(20_000)
  expect(entries).toBeGreaterThan(5)
})
