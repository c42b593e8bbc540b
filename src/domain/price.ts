import { type Motes, toCspr } from './motes.ts'
import type { Ms } from './time.ts'

/*
 * What one CSPR costs in US dollars, by the hour. Prices are the one place for floats: an amount of CSPR stays exact up
 * to the last step.
 */

export const HOUR: Ms = 3_600_000
export const DAY: Ms = 24 * HOUR

/**
 * 2021-05-11, the first day of public trading: where the charts of the market-data sites begin for CSPR (CoinGecko
 * `casper-network`). Prices before it were promises of a sale.
 */
export const LISTED_AT: Ms = Date.UTC(2021, 4, 11)

/**
 * How long after its end an hour may still be mended by who tells it: late trades, and answers cached for ten minutes
 * (CryptoCompare's `histohour`).
 */
export const SETTLING: Ms = 15 * 60_000

/** Hours that are cached together: six weeks, a whole number of days. All hours since the listing are fifty runs. */
export const HOURS_PER_RUN = 1_008

/**
 * What one CSPR may cost in US dollars, inclusive. It was between 0.003 and 1.5 so far; whatever lies outside is a slip of
 * somebody's decimal point or unit.
 */
export const LEAST_USD = 1e-9
export const MOST_USD = 1e6

/** What may be traded within an hour, in CSPR or US dollars: 70,000 times all CSPR. The sum of a day stays a number. */
export const MOST_TRADED = 1e15

/** Where a price came from. Kept as a short word, shown by `toShownSource`. */
export type PriceSourceName = 'cryptocompare' | 'coingecko' | 'import' | 'sample'

export interface HourlyPrice {
  /** Start of the hour. */
  readonly hour: Ms
  readonly open: number
  readonly high: number
  readonly low: number
  readonly close: number
  /** CSPR traded within the hour, 0 where nobody did; null from a source that does not tell. */
  readonly volumeFrom: number | null
  /** The same in US dollars. */
  readonly volumeTo: number | null
  readonly source: string
  /** When the source said so: before the hour has settled it may say something else later. */
  readonly askedAt: Ms
}

export interface CurrentPrice {
  readonly usd: number
  /** When it was so, as far as the source tells, else when it was asked. */
  readonly at: Ms
  readonly source: string
}

/** A day (UTC) out of its hours. */
export interface DailyPrice extends Omit<HourlyPrice, 'hour' | 'askedAt' | 'source'> {
  readonly day: Ms
  /** Hours that it was made of. */
  readonly hours: number
  /** Whether all 24 are there and none may change. */
  readonly isSettled: boolean
  readonly sources: readonly string[]
}

/** Start of the hour that a time lies in. */
export function toHour(time: Ms): Ms {
  return time - (time % HOUR)
}

/** Number of the run that an hour is cached with. */
export function toRun(hour: Ms): number {
  return Math.floor(hour / (HOURS_PER_RUN * HOUR))
}

/** Whether an hour's price can no longer change. */
export function isSettled({ hour, askedAt }: Pick<HourlyPrice, 'hour' | 'askedAt'>): boolean {
  return askedAt >= hour + HOUR + SETTLING
}

const SHOWN: Readonly<Record<PriceSourceName, string>> = {
  cryptocompare: 'CryptoCompare',
  coingecko: 'CoinGecko',
  import: 'imported',
  // Nobody may take a made-up price for a real one.
  sample: 'sample prices',
}

/** A source as it is shown to people. */
export function toShownSource(source: string): string {
  return SHOWN[source as PriceSourceName] ?? source
}

/** Days out of hours: opened by the first, closed by the last, ascending as the hours are. */
export function toDays(hours: readonly HourlyPrice[]): DailyPrice[] {
  const days = Map.groupBy(hours, ({ hour }) => hour - (hour % DAY))
  return [...days].map(([day, its]) => toDay(day, its))
}

function toDay(day: Ms, hours: readonly HourlyPrice[]): DailyPrice {
  const [first] = hours
  const last = hours.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('A day of no hours')
  return {
    day,
    open: first.open,
    high: Math.max(...hours.map(({ high }) => high)),
    low: Math.min(...hours.map(({ low }) => low)),
    close: last.close,
    volumeFrom: sumVolumes(hours.map(({ volumeFrom }) => volumeFrom)),
    volumeTo: sumVolumes(hours.map(({ volumeTo }) => volumeTo)),
    hours: hours.length,
    isSettled: hours.length === 24 && hours.every(isSettled),
    sources: [...new Set(hours.map(({ source }) => source))],
  }
}

/** A sum with a part that nobody knows would be too low: it is not known either. */
function sumVolumes(volumes: readonly (number | null)[]): number | null {
  let sum = 0
  for (const volume of volumes) {
    if (volume === null) return null
    sum += volume
  }
  return sum
}

/** The price of the hour that a time lies in, of ascending hours; null in a gap. */
export function findHour(prices: readonly HourlyPrice[], time: Ms): HourlyPrice | null {
  const hour = toHour(time)
  let low = 0
  let high = prices.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((prices[middle] as HourlyPrice).hour < hour) low = middle + 1
    else high = middle
  }
  const found = prices[low]
  return found?.hour === hour ? found : null
}

/**
 * What an amount is worth in US dollars: the exact CSPR text becomes a number at the last step, and is multiplied once.
 * @param usd of one CSPR; null when it is not known
 */
export function toUsd(motes: Motes, usd: number | null): number | null {
  return usd === null ? null : Number(toCspr(motes)) * usd
}

/**
 * What an amount was worth at a time: by the close of the hour that the time lies in, which is within an hour of every
 * payment in it and the same for all of them. null in a gap: a price of another hour would be a guess.
 */
export function toUsdAt(motes: Motes, time: Ms, prices: readonly HourlyPrice[]): number | null {
  return toUsd(motes, findHour(prices, time)?.close ?? null)
}
