import { getTableName } from 'drizzle-orm'
import type { MySqlTable } from 'drizzle-orm/mysql-core'
import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import type { Checkpoint } from '../domain/network.ts'
import type { EraValidator } from '../domain/reward.ts'
import type { Ms } from '../domain/time.ts'
import { toHexLiteral, toUpserts } from './bulk.ts'
import { ConflictError } from './errors.ts'
import { restoreLastSeen } from './last-seen.ts'
import type { PartyIds } from './party-ids.ts'
import { toEraValidatorRow } from './rows/reward.ts'
import { bids, delegations, unbondings } from './schema/auction.ts'
import * as schema from './schema/chain.ts'
import { absences, incidents, protocols } from './schema/operations.ts'

/** A tail that is given up for another: everything above `to`, which ends an era. */
export interface Rollback {
  readonly from: Checkpoint
  readonly to: Checkpoint
  /**
   * Validators of the eras that blocks above `to` had touched, as they stood there: those whose signatures were still
   * cited, and the set of the next era, of which nothing has happened yet.
   */
  readonly eraValidators: readonly EraValidator[]
  /** For the record of incidents. */
  readonly at: Ms
  readonly detail: string
}

/** Tables by height, and tables by era, whose rows above the new end go. */
const BY_HEIGHT = [
  schema.blocks,
  schema.transactions,
  schema.transfers,
  schema.stakeMovements,
  unbondings,
  absences,
] as const
const BY_ERA = [schema.rewards, bids, delegations, schema.eraValidators] as const

/**
 * The statements that take the store back to an earlier block; the caller begins and ends the transaction. Repeatable:
 * a checkpoint that is at `to` already is left alone. Ids of parties that only the lost tail named go with it.
 * @throws {ConflictError} before anything is written, when the checkpoint is neither `from` nor `to`
 */
export async function rollBack(connection: Connection, rollback: Rollback, parties: PartyIds): Promise<void> {
  const { from, to, eraValidators, at, detail } = rollback
  const [moved] = await connection.query<ResultSetHeader>(
    `UPDATE checkpoint SET height = ${to.height}, hash = ${toHexLiteral(to.hash)}, era_id = ${to.eraId}, time = ${to.time}` +
      ` WHERE id = 1 AND height = ${from.height} AND hash = ${toHexLiteral(from.hash)}`,
  )
  if (moved.affectedRows !== 1) {
    const [rows] = await connection.query<never[]>(
      `SELECT 1 FROM checkpoint WHERE id = 1 AND height = ${to.height} AND hash = ${toHexLiteral(to.hash)}`,
    )
    if (rows.length === 1) return
    throw new ConflictError(`The store does not end at block ${from.height} ${from.hash} any more.`)
  }
  for (const table of BY_HEIGHT) await cut(connection, table, 'height', to.height)
  for (const table of BY_ERA) await cut(connection, table, 'era_id', to.eraId)
  await cut(connection, schema.eras, 'id', to.eraId)
  await cut(connection, protocols, 'activation_height', to.height)
  await cut(connection, schema.parties, 'first_height', to.height)
  await restoreLastSeen(connection, to)
  // In the same transaction: an edge that reads the new tail knows that the old one is none.
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT COUNT(*) AS count FROM cuts')
  const made = { id: Number(row?.count) + 1, height: to.height, eraId: to.eraId }

  const known = await parties.resolve(
    connection,
    new Map(eraValidators.map(({ validator }) => [validator, null])),
  )
  const rows = eraValidators.map((row) => toEraValidatorRow(row, known.idOf(row.validator)))
  const statements = [
    ...toUpserts(schema.eraValidators, rows),
    ...toUpserts(schema.cuts, [made]),
    ...toUpserts(incidents, [{ at, kind: 'rollback', height: to.height, detail: detail.slice(0, 1000) }]),
  ]
  for (const statement of statements) await connection.query(statement)
}

async function cut(connection: Connection, table: MySqlTable, column: string, last: number): Promise<void> {
  await connection.query(`DELETE FROM ${getTableName(table)} WHERE ${column} > ${last}`)
}
