import { expect, test } from 'vitest'
import { Bounded } from '../../../src/lib/bounded.ts'

test('what was used since the last sweep outlives what was not', () => {
  const kept = new Bounded<number>(80)
  for (let i = 0; i < 8; i++) kept.set(`${i}`, i, 10)
  kept.get('0')
  kept.get('3')
  for (let i = 8; i < 12; i++) kept.set(`${i}`, i, 10)
  expect([...kept.pairs()].map(([key]) => key).sort()).toEqual(['0', '10', '11', '3', '6', '7', '8', '9'])
  expect(kept.bytes).toBe(80)
})

test('replacing and deleting give the bytes back', () => {
  const kept = new Bounded<number>(1_000)
  kept.set('a', 1, 100)
  kept.set('a', 2, 40)
  expect([kept.bytes, kept.get('a')]).toEqual([40, 2])
  kept.delete('a')
  kept.delete('a')
  expect([kept.bytes, kept.entries]).toEqual([0, 0])
})

test('one value must not push out all others', () => {
  const kept = new Bounded<number>(1_000)
  kept.set('small', 1, 100)
  kept.set('huge', 2, 126)
  expect([kept.get('small'), kept.get('huge')]).toEqual([1, undefined])
})

test('the number of entries has its own bound', () => {
  const kept = new Bounded<number>(Number.POSITIVE_INFINITY, 3)
  for (let i = 0; i < 10; i++) kept.set(`${i}`, i, 0)
  expect([...kept.pairs()].map(([key]) => key)).toEqual(['7', '8', '9'])
})

test('a sweep ends even when everything was used', () => {
  const kept = new Bounded<number>(Number.POSITIVE_INFINITY, 3)
  for (let i = 0; i < 3; i++) kept.set(`${i}`, i, 0)
  for (let i = 0; i < 3; i++) kept.get(`${i}`)
  kept.set('3', 3, 0)
  expect(kept.entries).toBe(3)
})
