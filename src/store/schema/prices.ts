import { mysqlTable, primaryKey } from 'drizzle-orm/mysql-core'
import { double, ms, text, uint8 } from '../columns.ts'

/** Hourly prices of one CSPR in US dollars. Fiat is no amount of CSPR: doubles are enough, singles were not. */
export const prices = mysqlTable('prices', {
  /** Start of the hour. */
  hour: ms('hour_ms').primaryKey(),
  open: double('open').notNull(),
  high: double('high').notNull(),
  low: double('low').notNull(),
  close: double('close').notNull(),
  /** null from a source that does not tell: 0 would say that nobody traded. */
  volumeFrom: double('volume_from'),
  volumeTo: double('volume_to'),
  source: text('source', { length: 40 }).notNull(),
  /** When the source said so: an hour that was asked for before its end is asked for again. */
  askedAt: ms('asked_at_ms').notNull(),
})

/** One row, id 1: the newest price. */
export const currentPrice = mysqlTable(
  'current_price',
  {
    id: uint8('id').notNull(),
    usd: double('usd').notNull(),
    at: ms('at_ms').notNull(),
    source: text('source', { length: 40 }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.id] })],
)

/** Hours that a source was asked for and has no price of; it is asked again after a day. */
export const priceAbsences = mysqlTable(
  'price_absences',
  {
    source: text('source', { length: 40 }).notNull(),
    hour: ms('hour_ms').notNull(),
    askedAt: ms('asked_at_ms').notNull(),
  },
  (t) => [primaryKey({ columns: [t.source, t.hour] })],
)
