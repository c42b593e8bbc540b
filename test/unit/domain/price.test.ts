import { expect, test } from 'vitest'
import { findHour, HOUR, isSettled, SETTLING, toDays, toUsd, toUsdAt } from '../../../src/domain/price.ts'
import { buildPrice, createRandom, PRICES_FROM } from '../../support/builders.ts'

test('toUsd() multiplies exact CSPR once', () => {
  expect(toUsd(1_500_000_000n, 0.02)).toBe(1.5 * 0.02)
  expect(toUsd(1n, 0.5)).toBe(0.000000001 * 0.5)
  // Motes beyond 2^53: a float of motes would have lost the last digits before the division.
  expect(toUsd(9_007_199_254_740_993_123_456_789n, 1)).toBe(Number('9007199254740993.123456789'))
  expect(toUsd(-2_000_000_000n, 3)).toBe(-6)
  expect(toUsd(1_000_000_000n, null)).toBe(null)
})

test('toUsdAt() goes by the close of the hour that the time lies in; null in a gap', () => {
  const prices = [buildPrice(0, { close: 2 }), buildPrice(1, { close: 3 }), buildPrice(3, { close: 5 })]
  const worth = (minutes: number) => toUsdAt(1_000_000_000n, PRICES_FROM + minutes * 60_000, prices)
  expect([0, 59, 60, 119, 120, 179, 180, 240, -1].map(worth)).toEqual([2, 2, 3, 3, null, null, 5, null, null])
  expect(toUsdAt(1n, PRICES_FROM, [])).toBe(null)
})

test('findHour() agrees with a walk', () => {
  const random = createRandom(3)
  for (let round = 0; round < 200; round++) {
    const prices = Array.from({ length: 40 }, (_, hour) => buildPrice(hour)).filter(() => random(3) > 0)
    const time = PRICES_FROM - HOUR + random(42 * HOUR)
    const walked = prices.find(({ hour }) => time >= hour && time < hour + HOUR) ?? null
    expect(findHour(prices, time)).toBe(walked)
  }
})

test('isSettled() waits for late trades', () => {
  const { hour } = buildPrice(0)
  expect(isSettled({ hour, askedAt: hour + HOUR + SETTLING - 1 })).toBe(false)
  expect(isSettled({ hour, askedAt: hour + HOUR + SETTLING })).toBe(true)
})

test('toDays(): an unknown volume makes the sum unknown, sources are named once', () => {
  const [day] = toDays([buildPrice(0), buildPrice(1, { volumeTo: null, source: 'coingecko' }), buildPrice(2)])
  expect(day).toMatchObject({ volumeFrom: 3_003, volumeTo: null, sources: ['cryptocompare', 'coingecko'] })
})
