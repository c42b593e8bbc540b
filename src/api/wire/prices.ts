import { z } from 'zod'
import {
  type CurrentPrice,
  type DailyPrice,
  HOUR,
  type HourlyPrice,
  isSettled,
  toShownSource,
} from '../../domain/price.ts'
import type { Ms } from '../../domain/time.ts'
import { toIso } from './iso.ts'

/* Prices of one CSPR in US dollars, in both layers. All of them are numbers: fiat is no amount of CSPR. */

const time = z.string()
const dateTime = z.string().meta({ format: 'date-time' })

/** The compatible shape; a volume that its source does not tell is 0. */
export const compatiblePrice = z.object({
  /** The number of the hour, stable. */
  id: z.number(),
  date: dateTime,
  open: z.number(),
  close: z.number(),
  high: z.number(),
  low: z.number(),
  volumeFrom: z.number(),
  volumeTo: z.number(),
})

export const price = z.object({
  usd: z.number(),
  /** When it was so: an old time says that no source answers at present. */
  time,
  /** Who says so. `sample prices` are made up. */
  source: z.string(),
})

export const pricePeriod = z.object({
  /** Start of the hour or day (UTC). */
  time,
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  /** CSPR traded; null where a source does not tell. */
  volumeFrom: z.number().nullable(),
  /** US dollars paid for them. */
  volumeTo: z.number().nullable(),
  /** Hours that are in it: 1, or up to 24 of a day. */
  hours: z.number(),
  /** Whether it is over, whole, and can no longer change. */
  complete: z.boolean(),
  source: z.string(),
})

export type CompatiblePrice = z.output<typeof compatiblePrice>
export type WirePrice = z.output<typeof price>
export type WirePricePeriod = z.output<typeof pricePeriod>

/**
 * The hour before the one that had id 1 where ids were given row by row: the hour of mainnet's first block. Counted
 * by hours, ids are those of a history without gaps.
 */
const HOUR_ZERO: Ms = Date.UTC(2021, 2, 31, 15)

export function toCompatiblePrice(hourly: HourlyPrice): CompatiblePrice {
  const { hour, open, close, high, low, volumeFrom, volumeTo } = hourly
  return {
    id: (hour - HOUR_ZERO) / HOUR,
    date: toIso(hour),
    open,
    close,
    high,
    low,
    volumeFrom: volumeFrom ?? 0,
    volumeTo: volumeTo ?? 0,
  }
}

export function toWirePrice({ usd, at, source }: CurrentPrice): WirePrice {
  return { usd, time: toIso(at), source: toShownSource(source) }
}

export function toWireHour(hourly: HourlyPrice): WirePricePeriod {
  const { hour, open, high, low, close, volumeFrom, volumeTo, source } = hourly
  return {
    time: toIso(hour),
    open,
    high,
    low,
    close,
    volumeFrom,
    volumeTo,
    hours: 1,
    complete: isSettled(hourly),
    source: toShownSource(source),
  }
}

export function toWireDay(daily: DailyPrice): WirePricePeriod {
  const { day, open, high, low, close, volumeFrom, volumeTo, hours, isSettled, sources } = daily
  return {
    time: toIso(day),
    open,
    high,
    low,
    close,
    volumeFrom,
    volumeTo,
    hours,
    complete: isSettled,
    source: sources.map(toShownSource).join(', '),
  }
}
