import { getTableName } from 'drizzle-orm'
import type { MySqlTable } from 'drizzle-orm/mysql-core'
import type { Connection, RowDataPacket } from 'mysql2/promise'
import type { Checkpoint } from '../domain/network.ts'
import { bids, delegations, unbondings } from './schema/auction.ts'
import * as schema from './schema/chain.ts'

/** Where a party is named in a block: table, columns. As `orderParties` counts sightings. */
const BY_HEIGHT: readonly (readonly [MySqlTable, readonly string[]])[] = [
  [schema.blocks, ['proposer_id']],
  [schema.transactions, ['sender_id']],
  [schema.transfers, ['from_id', 'to_id', 'source_id', 'target_id']],
  [schema.stakeMovements, ['validator_id', 'new_validator_id', 'delegator_id']],
  [unbondings, ['validator_id', 'delegator_id', 'new_validator_id']],
]
/** Where it is named at an era's end. */
const BY_ERA: readonly (readonly [MySqlTable, readonly string[]])[] = [
  [schema.rewards, ['delegator_id', 'validator_id']],
  [schema.eraValidators, ['validator_id']],
  [bids, ['validator_id']],
  [delegations, ['delegator_id', 'validator_id']],
]
/** Parties looked up in one statement. */
const AT_ONCE = 1_000

/**
 * Finds out again where parties were last seen that only a lost tail had named since; its rows are gone already.
 * @param to the block that the store ends at now, a switch block
 */
export async function restoreLastSeen(connection: Connection, to: Checkpoint): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT id FROM parties WHERE last_height > ${to.height} ORDER BY id`,
  )
  const ids = rows.map(({ id }) => Number(id))
  for (let at = 0; at < ids.length; at += AT_ONCE) await restore(connection, ids.slice(at, at + AT_ONCE), to)
}

async function restore(connection: Connection, ids: readonly number[], to: Checkpoint): Promise<void> {
  const last = new Map<number, number>()
  const see = (id: number, height: number) => last.set(id, Math.max(height, last.get(id) ?? 0))
  for (const [table, columns] of BY_HEIGHT) {
    for (const column of columns) {
      for (const [id, height] of await findLast(connection, table, column, 'height', ids)) see(id, height)
    }
  }
  const eras: [id: number, eraId: number][] = []
  for (const [table, columns] of BY_ERA) {
    for (const column of columns) eras.push(...(await findLast(connection, table, column, 'era_id', ids)))
  }
  const ends = await readEnds(connection, new Set(eras.map(([, eraId]) => eraId)))
  // The set of the next era is named by the block itself.
  for (const [id, eraId] of eras) see(id, ends.get(eraId) ?? to.height)

  const cases = ids.map((id) => `WHEN ${id} THEN ${last.get(id) ?? 'first_height'}`)
  await connection.query(
    `UPDATE parties SET last_height = CASE id ${cases.join(' ')} END WHERE id IN (${ids.join(', ')})`,
  )
}

async function findLast(
  connection: Connection,
  table: MySqlTable,
  column: string,
  bound: 'height' | 'era_id',
  ids: readonly number[],
): Promise<[id: number, last: number][]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT ${column} AS id, MAX(${bound}) AS last FROM ${getTableName(table)} WHERE ${column} IN (${ids.join(', ')}) GROUP BY ${column}`,
  )
  return rows.map(({ id, last }) => [Number(id), Number(last)])
}

async function readEnds(connection: Connection, eraIds: ReadonlySet<number>): Promise<Map<number, number>> {
  if (eraIds.size === 0) return new Map()
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT id, end_height AS height FROM eras WHERE id IN (${[...eraIds].join(', ')}) AND end_height IS NOT NULL`,
  )
  return new Map(rows.map(({ id, height }) => [Number(id), Number(height)]))
}
