import { expect, test } from 'vitest'
import { setUp, text, toKey } from './helpers.ts'

test('a decoded value counts for what it weighs, so that large answers push others out in time', async () => {
  const { cache, store } = setUp([], { memoryBytes: 1_000_000 })
  store.value = 'x'.repeat(4_000)
  const heavy = (id: string) => ({ ...toKey(id), codec: { ...text, expansion: 20 } })
  for (let i = 0; i < 50; i++) await cache.read(heavy(`question-${i}`), store.load)
  const { bytes, entries } = cache.stats().memory ?? {}
  expect(entries).toBe(12)
  expect(bytes).toBeGreaterThan(12 * 80_000)
  expect(cache.peek(heavy('question-49'))).not.toBeNull()
  expect(cache.peek(heavy('question-0'))).toBeNull()
})
