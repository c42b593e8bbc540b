import { asc, isNotNull } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/mysql2'
import type { Pool, RowDataPacket } from 'mysql2/promise'
import type { Circulating, Era } from '../domain/era.ts'
import type { Motes } from '../domain/motes.ts'
import { raise } from './announcements.ts'
import { toUpserts } from './bulk.ts'
import { createPool } from './mysql.ts'
import { readNetworkName } from './queries/network-name.ts'
import { type EraRow, toEra, toEraRow } from './rows/era.ts'
import { eras } from './schema/chain.ts'
import { inTransaction, PATIENCE, type Patience } from './transaction.ts'

/** Figures of a closed era that are computed from the others and from a network's inputs. */
export interface SupplyFigures {
  readonly circulating: Circulating | null
  readonly declaredAdjustment: Motes
}

export interface RecomputedEra {
  readonly era: Era
  readonly figures: SupplyFigures
  readonly isChanged: boolean
}

export interface SupplyWriter {
  /** Name of the stored network; null while nothing is stored. */
  readNetwork(): Promise<string | null>
  /**
   * Computes every closed era's figures anew and writes those that differ, all in one transaction under the crawler's own
   * lock: no statement of a reader sees some old and some new, and who is killed on the way has changed nothing. What
   * edges hold of eras is announced in the same transaction.
   * @param toFigures pure; called once an era, ascending
   * @param isDry computes and compares, and writes nothing
   */
  recompute(toFigures: (era: Era) => SupplyFigures, isDry: boolean): Promise<RecomputedEra[]>
  close(): Promise<void>
}

const COLUMNS = [
  'circulatingMethod',
  'circulating',
  'circulatingValidators',
  'circulatingTransfers',
  'circulatingRewards',
  'declaredAdjustment',
] as const satisfies readonly (keyof EraRow)[]

/** All other columns of a row are what was read of it under the lock. */
const UPDATE = COLUMNS.map((column) => `${eras[column].name}=VALUES(${eras[column].name})`).join(',')

/** @param url `mysql://user:password@host:port/database` */
export function createSupplyWriter(url: string, patience: Patience = PATIENCE): SupplyWriter {
  const pool = createPool(url, { connections: 1 })
  return {
    readNetwork: () => readNetworkName(pool, patience),
    recompute: (toFigures, isDry) =>
      inTransaction(
        pool,
        async (connection) => {
          const [[checkpoint]] = await connection.query<RowDataPacket[]>(
            `SELECT height FROM checkpoint WHERE id = 1${isDry ? '' : ' FOR UPDATE'}`,
          )
          const rows = await drizzle(connection as unknown as Pool)
            .select()
            .from(eras)
            .where(isNotNull(eras.endHeight))
            .orderBy(asc(eras.id))
          const computed = rows.map((row) => toRecomputed(row, toFigures))
          const changed = computed.filter(({ isChanged }) => isChanged)
          if (isDry || changed.length === 0) return computed
          const written = changed.map(({ era, figures }) => toEraRow({ ...era, ...figures }))
          for (const statement of toUpserts(eras, written, UPDATE)) await connection.query(statement)
          await raise(connection, ['block', 'era'], Number(checkpoint?.height ?? 0))
          return computed
        },
        patience,
      ),
    close: () => pool.end(),
  }
}

function toRecomputed(row: EraRow, toFigures: (era: Era) => SupplyFigures): RecomputedEra {
  const era = toEra(row)
  const figures = toFigures(era)
  const expected = toEraRow({ ...era, ...figures })
  // The columns, not the figures: a release that declared nothing left null where 0 belongs.
  return { era, figures, isChanged: COLUMNS.some((column) => row[column] !== expected[column]) }
}
