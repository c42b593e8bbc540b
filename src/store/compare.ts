import { between, getTableColumns, getTableName } from 'drizzle-orm'
import { getTableConfig, type MySqlTable } from 'drizzle-orm/mysql-core'
import { drizzle } from 'drizzle-orm/mysql2'
import type { Pool, PoolConnection, RowDataPacket } from 'mysql2/promise'
import type { Era } from '../domain/era.ts'
import { toUpserts } from './bulk.ts'
import type { Change } from './change.ts'
import type { Database } from './database.ts'
import { createPool } from './mysql.ts'
import { createPartyIds, lookUpParties } from './party-ids.ts'
import { orderParties } from './party-order.ts'
import { type ChangeRows, toChangeRows } from './rows/change.ts'
import * as auction from './schema/auction.ts'
import * as chain from './schema/chain.ts'
import { absences } from './schema/operations.ts'
import { inTransaction, PATIENCE } from './transaction.ts'

/** A stored figure that is not what the network says. */
export interface Difference {
  readonly table: string
  /** Primary key, such as `height=12 ordinal=3`. */
  readonly key: string
  /** null when the whole row is missing, or should not be there. */
  readonly column: string | null
  readonly stored: string | null
  readonly expected: string | null
}

/** Eras, each whole, and their heights; all bounds inclusive. */
export interface Span {
  readonly heights: readonly [from: number, to: number]
  readonly eras: readonly [from: number, to: number]
  /** The checkpoint's height that their rows belong to; null for eras that no later block adds to. */
  readonly asOf: number | null
}

type Row = Readonly<Record<string, unknown>>

interface Compared {
  readonly table: MySqlTable
  readonly by: 'heights' | 'eras'
  /** Name of the member that `by` bounds. */
  readonly bound: string
}

/** Every table that a change fills, each by what tells where in the chain its rows belong. */
const COMPARED: Readonly<Record<keyof ChangeRows, Compared>> = {
  blocks: { table: chain.blocks, by: 'heights', bound: 'height' },
  eras: { table: chain.eras, by: 'eras', bound: 'id' },
  transactions: { table: chain.transactions, by: 'heights', bound: 'height' },
  transfers: { table: chain.transfers, by: 'heights', bound: 'height' },
  stakeMovements: { table: chain.stakeMovements, by: 'heights', bound: 'height' },
  eraValidators: { table: chain.eraValidators, by: 'eras', bound: 'eraId' },
  rewards: { table: chain.rewards, by: 'eras', bound: 'eraId' },
  bids: { table: auction.bids, by: 'eras', bound: 'eraId' },
  delegations: { table: auction.delegations, by: 'eras', bound: 'eraId' },
  unbondings: { table: auction.unbondings, by: 'heights', bound: 'height' },
  absences: { table: absences, by: 'heights', bound: 'height' },
}

export interface Comparison {
  /**
   * Figure by figure: what is stored of a span against the change that the network's answers make.
   * @returns null when the store has gone on since the height that the span's rows belong to
   */
  compare(change: Change, span: Span): Promise<Difference[] | null>
  /**
   * Writes what differs, in one transaction under the crawler's own lock, and takes away rows that should not be there.
   * @returns what differed; null, with nothing written, as `compare` does
   */
  repair(change: Change, span: Span): Promise<Difference[] | null>
  /** Whether the auction after an era is stored, or noted as absent. */
  hasAuction(era: Era): Promise<boolean>
  close(): Promise<void>
}

/** @param url `mysql://user:password@host:port/database`; comparing needs to read only */
export function openComparison(url: string): Comparison {
  const pool = createPool(url, { connections: 1 })

  async function findAll(db: Database, rows: ChangeRows, span: Span): Promise<Found[]> {
    const found: Found[] = []
    for (const [name, compared] of Object.entries(COMPARED) as [keyof ChangeRows, Compared][]) {
      const expected = rows[name].filter((row) => isWithin(row as unknown as Row, compared, span))
      const stored = await readSpan(db, compared, span)
      found.push({
        table: compared.table,
        ...findDifferences(compared.table, stored, expected as unknown as Row[]),
      })
    }
    return found
  }

  return {
    compare: (change, span) =>
      inTransaction(
        pool,
        async (connection) => {
          if (!isAsOf(span, await readHeight(connection, ''))) return null
          const idOf = await lookUpParties(connection, orderParties(change).keys())
          const rows = toChangeRows(change, idOf)
          const found = await findAll(drizzle(connection as unknown as Pool), rows, span)
          return found.flatMap(({ differences }) => differences)
        },
        PATIENCE,
      ),
    repair: (change, span) =>
      inTransaction(
        pool,
        async (connection) => {
          if (!isAsOf(span, await readHeight(connection, 'FOR UPDATE'))) return null
          const ids = await createPartyIds().resolve(connection, orderParties(change))
          const rows = toChangeRows(change, ids.idOf)
          const found = await findAll(drizzle(connection as unknown as Pool), rows, span)
          for (const { table, surplus, wrong } of found) {
            for (const row of surplus) await connection.query(toDelete(table, row))
            for (const statement of toUpserts(table, wrong as never)) await connection.query(statement)
          }
          return found.flatMap(({ differences }) => differences)
        },
        PATIENCE,
      ),
    async hasAuction({ id, endHeight }) {
      const [rows] = await pool.query<RowDataPacket[]>(
        `(SELECT 1 FROM bids WHERE era_id = ${id} LIMIT 1) UNION ALL` +
          ` (SELECT 1 FROM absences WHERE height = ${endHeight ?? 0} AND figure = 'auction' LIMIT 1)`,
      )
      return rows.length > 0
    },
    close: () => pool.end(),
  }
}

async function readHeight(connection: PoolConnection, lock: '' | 'FOR UPDATE'): Promise<number> {
  const [rows] = await connection.query<(RowDataPacket & { height: number })[]>(
    `SELECT height FROM checkpoint WHERE id = 1 ${lock}`,
  )
  return rows[0]?.height ?? -1
}

function isAsOf({ asOf }: Span, height: number): boolean {
  return asOf === null || asOf === height
}

interface Found {
  readonly table: MySqlTable
  readonly differences: readonly Difference[]
  /** Stored rows that should not be there, and rows as they should be. */
  readonly surplus: readonly Row[]
  readonly wrong: readonly Row[]
}

function isWithin(row: Row, { by, bound }: Compared, span: Span): boolean {
  const value = row[bound] as number
  return value >= span[by][0] && value <= span[by][1]
}

async function readSpan(db: Database, { table, by, bound }: Compared, span: Span): Promise<Row[]> {
  const column = getTableColumns(table)[bound]
  if (column === undefined) throw new TypeError(`${getTableName(table)} has no ${bound}`)
  return (await db
    .select()
    .from(table)
    .where(between(column, span[by][0], span[by][1]))) as Row[]
}

function findDifferences(
  table: MySqlTable,
  stored: readonly Row[],
  expected: readonly Row[],
): Omit<Found, 'table'> {
  const name = getTableName(table)
  const keys = toKeyNames(table)
  const toKey = (row: Row) => keys.map((key) => `${key}=${show(row[key])}`).join(' ')
  const left = new Map(stored.map((row) => [toKey(row), row]))
  const differences: Difference[] = []
  const wrong: Row[] = []
  for (const row of expected) {
    const key = toKey(row)
    const found = left.get(key)
    left.delete(key)
    const at = { table: name, key }
    if (found === undefined) {
      differences.push({ ...at, column: null, stored: null, expected: 'a row' })
      wrong.push(row)
      continue
    }
    const columns = Object.keys(row).filter((column) => show(row[column]) !== show(found[column]))
    if (columns.length > 0) wrong.push(row)
    for (const column of columns) {
      differences.push({ ...at, column, stored: show(found[column]), expected: show(row[column]) })
    }
  }
  for (const key of left.keys())
    differences.push({ table: name, key, column: null, stored: 'a row', expected: null })
  return { differences, surplus: [...left.values()], wrong }
}

const show = (value: unknown): string => String(value ?? null)

/** Members of the primary key. */
function toKeyNames(table: MySqlTable): string[] {
  const composite = new Set(
    getTableConfig(table).primaryKeys.flatMap(({ columns }) => columns.map(({ name }) => name)),
  )
  return Object.entries(getTableColumns(table))
    .filter(([, column]) => column.primary || composite.has(column.name))
    .map(([member]) => member)
}

function toDelete(table: MySqlTable, row: Row): string {
  const columns = getTableColumns(table)
  const conditions = toKeyNames(table).map((member) => {
    const value = row[member]
    // Keys are numbers, but for an absence's figure, which is one of our own words.
    return `\`${columns[member]?.name}\` = ${typeof value === 'number' ? value : `'${String(value).replace(/[^\w ]/g, '')}'`}`
  })
  return `DELETE FROM \`${getTableName(table)}\` WHERE ${conditions.join(' AND ')}`
}
