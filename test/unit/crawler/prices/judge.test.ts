import { expect, test } from 'vitest'
import { judgeHours, judgeQuote, type Known } from '../../../../crawler/prices/judge.ts'
import type { Candle } from '../../../../crawler/prices/source.ts'
import { DAY, HOUR } from '../../../../src/domain/price.ts'
import { createRandom, PRICES_FROM } from '../../../support/builders.ts'

const now = PRICES_FROM + 100 * HOUR

const candle = (hour: number, price = 0.01, given: Partial<Candle> = {}): Candle => ({
  hour: PRICES_FROM + hour * HOUR,
  open: price,
  high: price * 1.02,
  low: price * 0.98,
  close: price,
  volumeFrom: 5,
  volumeTo: 0.05,
  ...given,
})

const judge = (candles: Candle[], before: Known | null = null, witness?: Map<number, number>) => {
  const { accepted, refused } = judgeHours(candles, { now, before, ...(witness && { witness }) })
  return {
    accepted: accepted.map(({ hour }) => (hour - PRICES_FROM) / HOUR),
    refused: refused.map(({ hour, reason }) => [(hour - PRICES_FROM) / HOUR, reason]),
  }
}

test('a flat candle without trades is a price like any other', () => {
  const flat = candle(3, 0.01, { high: 0.01, low: 0.01, volumeFrom: 0, volumeTo: 0 })
  expect(judge([flat])).toEqual({ accepted: [3], refused: [] })
  expect(judge([candle(3, 0.01, { volumeFrom: null, volumeTo: null })]).accepted).toEqual([3])
})

test.each([
  ['zero', { close: 0 }, 'not positive'],
  ['negative', { low: -0.01 }, 'not positive'],
  ['no number', { open: Number.NaN }, 'not positive'],
  ['infinite', { high: Number.POSITIVE_INFINITY }, 'not positive'],
  ['more than any price', { high: 1.1e6 }, 'out of bounds'],
  ['less than any price', { low: 9e-10 }, 'out of bounds'],
  ['more CSPR than there are', { volumeFrom: 1.1e15 }, 'out of bounds'],
  ['more dollars than there are', { volumeTo: 1e308 }, 'out of bounds'],
  ['a volume below zero', { volumeFrom: -1 }, 'not positive'],
  ['high below low', { high: 0.009, low: 0.011 }, 'high and low contradict'],
  ['close above high', { close: 0.012 }, 'high and low contradict'],
  ['open below low', { open: 0.008 }, 'high and low contradict'],
  ['half past', { hour: PRICES_FROM + HOUR / 2 }, 'no full hour'],
  ['a time that is none', { hour: Number.NaN }, 'no full hour'],
  ['tomorrow', { hour: now + DAY }, 'in the future'],
])('%s is refused', (_name, given, reason) => {
  const { accepted, refused } = judge([candle(3, 0.01, given), candle(4)])
  expect(accepted).toEqual([4])
  expect(refused.map(([, why]) => why)).toEqual([reason])
})

test('an index that opens a little outside of its highs and lows is believed', () => {
  expect(judge([candle(3, 0.01, { open: 0.0103, high: 0.0102 })]).accepted).toEqual([3])
})

test('an hour that is told twice counts once', () => {
  expect(judge([candle(3), candle(3, 0.0101)])).toEqual({ accepted: [3], refused: [[3, 'told twice']] })
})

test('a hundredfold jump against the hour before is refused, up and down, within a candle too', () => {
  const before = { hour: PRICES_FROM, close: 0.01 }
  expect(judge([candle(1, 0.95), candle(2, 1.01), candle(3, 0.02)], before)).toEqual({
    accepted: [1, 2, 3],
    refused: [],
  })
  expect(judge([candle(1, 1.01), candle(2, 0.011)], before)).toEqual({
    accepted: [2],
    refused: [[1, 'jump']],
  })
  expect(judge([candle(1, 0.00009), candle(2)], before).refused).toEqual([[1, 'jump']])
  expect(judge([candle(1, 0.01, { high: 2 })], before).refused).toEqual([[1, 'jump']])
})

test('another source that agrees makes a jump believed, one that does not, does not', () => {
  const before = { hour: PRICES_FROM, close: 0.01 }
  const jumps = [candle(1, 1.5), candle(2, 1.6)]
  const says = (...closes: number[]) =>
    new Map(closes.map((close, i) => [PRICES_FROM + (i + 1) * HOUR, close]))
  expect(judge(jumps, before, says(1.4)).accepted).toEqual([1, 2])
  expect(judge(jumps, before, says(0.011, 0.011)).accepted).toEqual([])
  expect(judge(jumps, before, says(0, 0)).accepted).toEqual([])
})

test('without a recent price the odd one out is refused, and not all others', () => {
  expect(judge([candle(1, 5), candle(2), candle(3), candle(4)])).toEqual({
    accepted: [2, 3, 4],
    refused: [[1, 'jump']],
  })
  const old = { hour: PRICES_FROM - 3 * DAY, close: 5 }
  expect(judge([candle(1), candle(2)], old).accepted).toEqual([1, 2])
})

test('a price now: by its time, and against the newest hour', () => {
  const before = { hour: now - HOUR, close: 0.01 }
  const quote = (usd: number, at: number | null = null) => judgeQuote({ usd, at }, { now, before })
  expect(quote(0.0101)).toBe(null)
  expect(quote(0.0101, now - 300_000)).toBe(null)
  for (const usd of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) expect(quote(usd)).toBe('not positive')
  for (const usd of [1e300, 1e-300]) {
    expect(judgeQuote({ usd, at: null }, { now, before: null })).toBe('out of bounds')
  }
  expect(quote(0.01, now + 300_000)).toBe('in the future')
  expect(quote(0.01, now - 2 * HOUR)).toBe('out of date')
  expect(quote(1.01)).toBe('jump')
  expect(judgeQuote({ usd: 1.01, at: null }, { now, before: null })).toBe(null)
  expect(judgeQuote({ usd: 1.01, at: null }, { now, before: { hour: now - 2 * DAY, close: 0.01 } })).toBe(
    null,
  )
})

test('whatever is told, what is accepted is sound and nothing is lost', () => {
  const random = createRandom(5)
  const odd = [0, -1, 1e-9, 1e9, Number.NaN, Number.POSITIVE_INFINITY]
  const price = () => (random(8) ? 0.005 + random(100) / 10_000 : (odd[random(odd.length)] as number))
  for (let round = 0; round < 500; round++) {
    const candles = Array.from({ length: random(30) }, () =>
      candle(random(120), price(), {
        ...(random(4) ? {} : { high: price() }),
        ...(random(9) ? {} : { volumeTo: price() }),
      }),
    )
    const { accepted, refused } = judgeHours(candles, { now, before: null })
    expect(accepted.length + refused.length).toBe(candles.length)
    expect(new Set(accepted.map(({ hour }) => hour)).size).toBe(accepted.length)
    for (const { open, high, low, close, hour } of accepted) {
      for (const value of [open, high, low, close]) expect(value > 0 && Number.isFinite(value)).toBe(true)
      expect(hour).toBeLessThanOrEqual(now)
    }
  }
})
