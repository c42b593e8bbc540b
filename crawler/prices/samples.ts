import { HOUR, toHour } from '../../src/domain/price.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { Candle } from './source.ts'

/** A price at an instant. */
export type Sample = readonly [at: Ms, usd: number]

/** How long after an hour's end a sample still tells how it ended: hourly ones come seconds after the full hour. */
const LATE: Ms = 15 * 60_000

/**
 * Candles out of samples: an hour is opened by its first sample and closed by the first one shortly after its end, or else
 * by its last. With one sample an hour, highs and lows are those of the two. What was traded is not known.
 */
export function toCandles(samples: readonly Sample[]): Candle[] {
  const sorted = samples.toSorted(([a], [b]) => a - b)
  const byHour = Map.groupBy(sorted, ([at]) => toHour(at))
  return [...byHour].flatMap(([hour, its]) => {
    const next = byHour.get(hour + HOUR)?.[0]
    const all = next !== undefined && next[0] - (hour + HOUR) <= LATE ? [...its, next] : its
    const prices = all.map(([, usd]) => usd)
    const [open] = prices
    const close = prices.at(-1)
    if (open === undefined || close === undefined) return []
    const high = Math.max(...prices)
    const low = Math.min(...prices)
    return [{ hour, open, high, low, close, volumeFrom: null, volumeTo: null }]
  })
}
