import type { CurrentPrice, HourlyPrice } from '../domain/price.ts'
import type { PriceRun } from '../ports.ts'
import { count, list, nullable, real, record, time, word } from './pack.ts'
import { createPageCodec, type Layout, type Page, toPage } from './page.ts'
import { createValueCodec } from './value.ts'

interface PricePageHead {
  readonly run: number
}

/** The hours of a run that have a price, ascending: about 70 KB. */
export type PricePage = Page<PricePageHead, HourlyPrice>

const layout: Layout<PricePageHead, HourlyPrice> = {
  version: 'p1',
  head: record({ run: count }),
  item: record<HourlyPrice>({
    hour: time,
    open: real,
    high: real,
    low: real,
    close: real,
    volumeFrom: nullable(real),
    volumeTo: nullable(real),
    source: word,
    askedAt: time,
  }),
}

export const pricePageCodec = createPageCodec(layout)

export function toPricePage(run: number, hours: readonly HourlyPrice[]): PricePage {
  return toPage(layout, { run }, hours)
}

export const currentPriceCodec = createValueCodec(
  'pc1',
  nullable(record<CurrentPrice>({ usd: real, at: time, source: word })),
)

export const priceRunsCodec = createValueCodec(
  'pr1',
  list(record<PriceRun>({ number: count, hours: count, settled: count })),
)
