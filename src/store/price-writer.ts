import { drizzle } from 'drizzle-orm/mysql2'
import type { Pool } from 'mysql2/promise'
import type { CurrentPrice, HourlyPrice } from '../domain/price.ts'
import type { Ms } from '../domain/time.ts'
import { toUpserts } from './bulk.ts'
import type { Database } from './database.ts'
import { toStoreError } from './failures.ts'
import { createPool } from './mysql.ts'
import { readAbsentHours, readPriceBefore, readSettledHours } from './queries/prices.ts'
import { toCurrentPriceRow, toPriceRow } from './rows/price.ts'
import { currentPrice, priceAbsences, prices } from './schema/prices.ts'
import { inTransaction, PATIENCE, type Patience } from './transaction.ts'

/** The store as the keeper of prices sees it. Apart from blocks: neither waits for the other. */
export interface PriceWriter {
  /** Puts hours in the place of those that are stored, all of them or none. */
  writePrices(hours: readonly HourlyPrice[]): Promise<void>
  writeCurrent(price: CurrentPrice): Promise<void>
  /** Remembers hours that a source has no price of. */
  writeAbsences(source: string, hours: readonly Ms[], askedAt: Ms): Promise<void>
  /** The newest hour that begins before a time; null when there is none. */
  readPriceBefore(time: Ms): Promise<HourlyPrice | null>
  /** Hours within inclusive bounds whose price no longer changes, ascending. */
  readSettledHours(from: Ms, to: Ms): Promise<Ms[]>
  /** Hours within inclusive bounds that a source was asked for in vain since a time. */
  readAbsentHours(source: string, from: Ms, to: Ms, askedSince: Ms): Promise<Ms[]>
  close(): Promise<void>
}

/**
 * Writes prices. Connects when first used. Failures are `StoreUnavailableError` or `StoreQueryError`.
 * @param store URL (`mysql://user:password@host:port/database`), or a pool of `createPool` that the writer then owns
 */
export function createPriceWriter(store: string | Pool, patience: Patience = PATIENCE): PriceWriter {
  const pool = typeof store === 'string' ? createPool(store, { connections: 2 }) : store
  const db: Database = drizzle(pool)

  const write = (statements: readonly string[]) =>
    inTransaction(
      pool,
      async (connection) => {
        for (const statement of statements) await connection.query(statement)
      },
      patience,
    )

  return {
    writePrices: (hours) => write(toUpserts(prices, hours.map(toPriceRow))),
    writeCurrent: (price) => write(toUpserts(currentPrice, [toCurrentPriceRow(price)])),
    writeAbsences(source, hours, askedAt) {
      const rows = hours.map((hour) => ({ source, hour, askedAt }))
      return write(toUpserts(priceAbsences, rows))
    },
    readPriceBefore: (time) => guard(readPriceBefore(db, time)),
    readSettledHours: (from, to) => guard(readSettledHours(db, from, to)),
    readAbsentHours: (source, from, to, since) => guard(readAbsentHours(db, source, from, to, since)),
    close: () => pool.end(),
  }
}

async function guard<T>(question: Promise<T>): Promise<T> {
  try {
    return await question
  } catch (error) {
    throw toStoreError(error)
  }
}
