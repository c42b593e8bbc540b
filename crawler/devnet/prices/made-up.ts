import { HOUR } from '../../../src/domain/price.ts'
import type { Ms } from '../../../src/domain/time.ts'

/** Where the made-up history begins: a month before the recorded chain's first block (2026-11-23), for charts. */
export const SAMPLE_SINCE: Ms = Date.UTC(2026, 9, 24)

/** An hour as the feed tells it. */
export interface MadeUpHour {
  readonly hour: Ms
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  readonly volumeFrom: number
  readonly volumeTo: number
}

const STEP: Ms = 5 * 60_000

/**
 * A made-up price at an instant: slow waves and a little noise around one and a half cents. The same instant has the
 * same price in every run and on every machine, and means nothing.
 */
export function madeUpPrice(time: Ms): number {
  const days = time / (24 * HOUR)
  const waves = Math.sin(days / 11) * 0.18 + Math.sin(days / 2.3 + 1) * 0.06 + Math.sin(days * 3.7) * 0.015
  const step = Math.floor(time / STEP)
  const share = time / STEP - step
  const noise = toNoise(step) * (1 - share) + toNoise(step + 1) * share
  return round(0.015 * Math.exp(waves + noise * 0.01))
}

/** An hour as far as it has gone by `now`. In one hour of a hundred nobody trades: it stays where it opened. */
export function madeUpHour(hour: Ms, now: Ms): MadeUpHour {
  const end = Math.min(hour + HOUR, now)
  const open = madeUpPrice(hour)
  const isQuiet = toNoise(hour / HOUR) > 0.98
  if (isQuiet) return { hour, open, high: open, low: open, close: open, volumeFrom: 0, volumeTo: 0 }
  const prices: number[] = []
  for (let time = hour; time < end; time += STEP) prices.push(madeUpPrice(time))
  const close = madeUpPrice(end)
  prices.push(close)
  const volumeFrom = Math.round((end - hour) * 0.5 * (2 + toNoise(hour / HOUR + 0.5)))
  return {
    hour,
    open,
    high: Math.max(...prices),
    low: Math.min(...prices),
    close,
    volumeFrom,
    volumeTo: round((volumeFrom * (open + close)) / 2),
  }
}

/** -1 to 1, the same for the same number (an integer hash by C. Wellons, "lowbias32"). */
function toNoise(value: number): number {
  let mixed = Math.floor(value * 2) >>> 0
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d)
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b)
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 31 - 1
}

/** As many digits as real feeds give; logarithms and sines differ in the last ones between machines. */
function round(value: number): number {
  return Number(value.toPrecision(6))
}
