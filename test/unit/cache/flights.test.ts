import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Flights } from '../../../src/cache/flights.ts'
import { TestClock } from './helpers.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

test('whoever joined a flight whose request has gone flies anew after the longest flight', async () => {
  const clock = new TestClock()
  const flights = new Flights(clock)
  void flights.join('a', () => new Promise(() => {}))
  const joined = flights.join('a', async () => 'second')
  clock.pass(15)
  await vi.advanceTimersByTimeAsync(15_000)
  expect(await joined).toBe('second')
})

test('a flight that is too old is not joined at all', async () => {
  const clock = new TestClock()
  const flights = new Flights(clock)
  void flights.join('a', () => new Promise(() => {}))
  expect(flights.has('a')).toBe(true)
  clock.pass(15)
  expect(flights.has('a')).toBe(false)
  expect(await flights.join('a', async () => 'second')).toBe('second')
})

test('a landed flight makes room for the next, a failed one too', async () => {
  const flights = new Flights(new TestClock())
  await flights.join('a', async () => 1)
  await expect(flights.join('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(flights.has('a')).toBe(false)
  expect(await flights.join('a', async () => 3)).toBe(3)
})
