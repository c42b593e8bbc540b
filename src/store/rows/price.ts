import type { CurrentPrice, HourlyPrice } from '../../domain/price.ts'
import type { currentPrice, priceAbsences, prices } from '../schema/prices.ts'
import { fitText } from './text.ts'

export type PriceRow = typeof prices.$inferSelect
export type CurrentPriceRow = typeof currentPrice.$inferSelect
export type PriceAbsenceRow = typeof priceAbsences.$inferSelect

const SOURCE_LENGTH = 40

export function toPriceRow(price: HourlyPrice): PriceRow {
  return {
    hour: price.hour,
    open: price.open,
    high: price.high,
    low: price.low,
    close: price.close,
    volumeFrom: price.volumeFrom,
    volumeTo: price.volumeTo,
    source: fitText(price.source, SOURCE_LENGTH),
    askedAt: price.askedAt,
  }
}

export function toHourlyPrice(row: PriceRow): HourlyPrice {
  return {
    hour: row.hour,
    open: row.open,
    high: row.high,
    low: row.low,
    close: row.close,
    volumeFrom: row.volumeFrom,
    volumeTo: row.volumeTo,
    source: row.source,
    askedAt: row.askedAt,
  }
}

export function toCurrentPriceRow({ usd, at, source }: CurrentPrice): CurrentPriceRow {
  return { id: 1, usd, at, source: fitText(source, SOURCE_LENGTH) }
}

export function toCurrentPrice({ usd, at, source }: CurrentPriceRow): CurrentPrice {
  return { usd, at, source }
}
