import { and, asc, between, desc, eq, gte, lt, sql } from 'drizzle-orm'
import { type CurrentPrice, HOUR, type HourlyPrice, SETTLING } from '../../domain/price.ts'
import type { Ms } from '../../domain/time.ts'
import type { PriceRun } from '../../ports.ts'
import type { Database } from '../database.ts'
import { toCurrentPrice, toHourlyPrice } from '../rows/price.ts'
import { currentPrice, priceAbsences, prices } from '../schema/prices.ts'

/** `isSettled` of the domain, in SQL. */
const settled = gte(prices.askedAt, sql`${prices.hour} + ${HOUR + SETTLING}`)

export async function readCurrentPrice(db: Database): Promise<CurrentPrice | null> {
  const [row] = await db.select().from(currentPrice).where(eq(currentPrice.id, 1))
  return row === undefined ? null : toCurrentPrice(row)
}

/** Hours that begin within inclusive bounds, ascending. */
export async function readPrices(db: Database, from: Ms, to: Ms): Promise<HourlyPrice[]> {
  const rows = await db
    .select()
    .from(prices)
    .where(between(prices.hour, from, to))
    .orderBy(asc(prices.hour))
  return rows.map(toHourlyPrice)
}

/** What is stored, in runs of `length` hours; runs without any are left out. One walk over 50,000 short rows. */
export async function readPriceRuns(db: Database, length: number): Promise<PriceRun[]> {
  const run = sql<number>`floor(${prices.hour} / ${length * HOUR})`.mapWith(Number).as('run')
  const rows = await db
    .select({
      run,
      hours: sql<number>`count(*)`.mapWith(Number),
      settled: sql<number>`sum(case when ${settled} then 1 else 0 end)`.mapWith(Number),
    })
    .from(prices)
    .groupBy(sql`run`)
    .orderBy(sql`run`)
  return rows.map(({ run, hours, settled }) => ({ number: run, hours, settled }))
}

/** The newest hour that begins before a time. */
export async function readPriceBefore(db: Database, time: Ms): Promise<HourlyPrice | null> {
  const [row] = await db
    .select()
    .from(prices)
    .where(lt(prices.hour, time))
    .orderBy(desc(prices.hour))
    .limit(1)
  return row === undefined ? null : toHourlyPrice(row)
}

/** Hours within inclusive bounds whose price no longer changes, ascending. */
export async function readSettledHours(db: Database, from: Ms, to: Ms): Promise<Ms[]> {
  const rows = await db
    .select({ hour: prices.hour })
    .from(prices)
    .where(and(between(prices.hour, from, to), settled))
    .orderBy(asc(prices.hour))
  return rows.map(({ hour }) => hour)
}

/** Hours within inclusive bounds that a source was asked for in vain since a time. */
export async function readAbsentHours(
  db: Database,
  source: string,
  from: Ms,
  to: Ms,
  askedSince: Ms,
): Promise<Ms[]> {
  const rows = await db
    .select({ hour: priceAbsences.hour })
    .from(priceAbsences)
    .where(
      and(
        eq(priceAbsences.source, source),
        between(priceAbsences.hour, from, to),
        gte(priceAbsences.askedAt, askedSince),
      ),
    )
  return rows.map(({ hour }) => hour)
}
