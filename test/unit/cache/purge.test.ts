import { expect, test } from 'vitest'
import { MemoryTier, setUp, toKey } from './helpers.ts'

const edge = () => new MemoryTier('edge')

test('after a purge the next reader gets what the store says now, not the stale value', async () => {
  const near = edge()
  const { read, cache, store, background } = setUp([near])
  await read()
  await background.settle()
  store.value = 'two'
  await cache.purge(['block'])
  expect(near.entries.size).toBe(0)
  expect(cache.peek(toKey('tip'))).toBeNull()
  expect(await read()).toMatchObject({ value: 'two', tier: 'store', stale: false })
})

test('a purged value is still served when the store fails', async () => {
  const { read, cache, store } = setUp([edge()])
  await read()
  await cache.purge(['block'])
  store.error = new Error('down')
  expect(await read()).toMatchObject({ value: 'one', stale: true })
})

test('a group drops the classes that name it and no others', async () => {
  const { read, cache } = setUp([edge()])
  const keys = {
    tip: toKey('tip', 'PER_BLOCK'),
    supply: toKey('supply', 'PER_ERA'),
    price: toKey('price', 'PER_MINUTE'),
    page: toKey('blocks/1', 'IMMUTABLE'),
  }
  const held = () => Object.keys(keys).filter((name) => cache.peek(keys[name as keyof typeof keys]))
  const fill = async () => {
    for (const key of Object.values(keys)) await read(key.id, key.cacheClass)
  }
  await fill()
  await cache.purge(['block'])
  expect(held()).toEqual(['supply', 'price', 'page'])
  await fill()
  await cache.purge(['era'])
  expect(held()).toEqual(['price', 'page'])
  await fill()
  await cache.purge(['price'])
  expect(held()).toEqual(['tip', 'supply', 'page'])
  await fill()
  await cache.purge(['block', 'era', 'price', 'peers'])
  expect(held()).toEqual(['page'])
})

test('a value that memory no longer knows is outdated all the same when a tier still has it', async () => {
  const near = edge()
  const { read, cache, store, background, clock } = setUp([near], { memoryBytes: 8 * 700 })
  await read('supply', 'PER_ERA')
  await background.settle()
  // Pushed out of memory, so that the purge does not know its key.
  for (let i = 0; i < 20; i++) await read(`blocks/${i}`, 'IMMUTABLE')
  clock.pass(1)
  store.value = 'two'
  await cache.purge(['era'])
  expect([...near.entries.keys()]).toContain('casper-0a1b2c3d/t1/supply')
  expect(await read('supply', 'PER_ERA')).toMatchObject({ value: 'two', tier: 'store' })
})

test('a question put before a purge is not joined after it, and its answer not kept as fresh', async () => {
  const near = edge()
  const { read, cache, store, background, make } = setUp([near])
  let open = () => {}
  store.gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const early = read()
  await new Promise((resolve) => setTimeout(resolve))
  await cache.purge(['block'])
  store.gate = Promise.resolve()
  store.value = 'two'
  expect(await read()).toMatchObject({ value: 'two' })
  store.value = 'one'
  open()
  expect(await early).toMatchObject({ value: 'one' })
  await background.settle()
  expect(await read()).toMatchObject({ value: 'two', tier: 'memory' })
  expect(await make().read(toKey('tip'), store.load)).toMatchObject({ value: 'two', tier: 'edge' })
})

test('tiers that can are purged by tag, the last resort is left as it is', async () => {
  const near = edge()
  const far = new MemoryTier('kv', { isLastResort: true })
  const tags: string[] = []
  near.purgeTags = async (names) => void tags.push(...names)
  far.purgeTags = async () => void tags.push('never')
  const { read, cache, background } = setUp([near, far])
  await read()
  await background.settle()
  await cache.purge(['block', 'price'])
  expect(tags).toEqual(['block', 'price'])
  expect(far.entries.size).toBe(1)
})

test('a tier that could not be purged is told of, after all others were', async () => {
  const [broken, sound] = [edge(), edge()]
  const { read, cache, background } = setUp([broken, sound])
  await read()
  await background.settle()
  broken.fault = 'throws'
  await expect(cache.purge(['block'])).rejects.toThrow('edge is broken')
  expect(sound.entries.size).toBe(0)
  expect(cache.peek(toKey('tip'))).toBeNull()
})

test('drop removes single values everywhere, IMMUTABLE ones too', async () => {
  const near = edge()
  const far = new MemoryTier('kv', { isLastResort: true })
  const tags: string[] = []
  near.purgeTags = async (names) => void tags.push(...names)
  const { read, cache, store, background } = setUp([near, far])
  await read('blocks/1', 'IMMUTABLE')
  await read('blocks/2', 'IMMUTABLE')
  await background.settle()
  await cache.drop(['blocks/1'])
  for (const tier of [near, far]) expect([...tier.entries.keys()]).toEqual(['casper-0a1b2c3d/t1/blocks/2'])
  expect(tags).toEqual(['id:blocks/1'])
  store.value = 'mended'
  expect(await read('blocks/1', 'IMMUTABLE')).toMatchObject({ value: 'mended', tier: 'store' })
  expect(await read('blocks/2', 'IMMUTABLE')).toMatchObject({ value: 'one', tier: 'memory' })
})

test('what was being read when it was dropped is not kept', async () => {
  const near = edge()
  const { read, cache, store, background } = setUp([near])
  let open = () => {}
  store.gate = new Promise<void>((resolve) => {
    open = resolve
  })
  const early = read('blocks/1', 'IMMUTABLE')
  await new Promise((resolve) => setTimeout(resolve))
  await cache.drop(['blocks/1'])
  open()
  await early
  await background.settle()
  expect(cache.peek(toKey('blocks/1', 'IMMUTABLE'))).toBeNull()
  expect(near.entries.size).toBe(0)
})

test('a purge deletes what it outdates once, not again all that earlier ones did', async () => {
  const near = edge()
  const { read, cache, background } = setUp([near])
  for (let i = 0; i < 50; i++) await read(`question-${i}`)
  await background.settle()
  await cache.purge(['block'])
  near.calls.length = 0
  await read('question-7')
  await background.settle()
  near.calls.length = 0
  await cache.purge(['block'])
  expect(near.calls).toEqual(['delete casper-0a1b2c3d/t1/question-7'])
})

test('what a tier could not delete is deleted with the next purge', async () => {
  const near = edge()
  const { read, cache, background } = setUp([near])
  await read()
  await background.settle()
  near.fault = 'throws'
  await expect(cache.purge(['block'])).rejects.toThrow()
  near.fault = 'none'
  await cache.purge(['block'])
  expect(near.entries.size).toBe(0)
})
