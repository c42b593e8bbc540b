import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import type { Checkpoint } from '../domain/network.ts'
import { toHex } from '../lib/hex.ts'
import { toHexLiteral, toInserts, toUpserts } from './bulk.ts'
import type { Change } from './change.ts'
import { ConflictError, NetworkMismatchError } from './errors.ts'
import type { PartyIds, ResolvedParties } from './party-ids.ts'
import { orderParties } from './party-order.ts'
import { toChangeRows } from './rows/change.ts'
import { toProtocolRows } from './rows/protocol.ts'
import * as auction from './schema/auction.ts'
import * as schema from './schema/chain.ts'
import * as operations from './schema/operations.ts'
import { toSightings } from './sightings.ts'

interface Stored {
  readonly height: number
  readonly hash: string
}

/**
 * The statements of one commit; the caller begins and ends the transaction. Repeatable: it begins by looking at what is
 * stored, and a change that is stored already adds nothing.
 * @returns the parties to remember once the transaction has committed; null when there was nothing to do
 * @throws {ConflictError} {@link NetworkMismatchError} before anything is written
 */
export async function commitChange(
  connection: Connection,
  change: Change,
  partyIds: PartyIds,
): Promise<ResolvedParties | null> {
  const stored = await lockCheckpoint(connection, change)
  if (stored !== null && change.checkpoint.height <= stored.height) {
    await checkRepeated(connection, change.checkpoint, stored)
    return null
  }
  checkFollows(change, stored)

  const seen = orderParties(change)
  const ids = await partyIds.resolve(connection, seen)
  const rows = toChangeRows(change, ids.idOf)
  const version = stored === null ? null : await readVersion(connection, stored.height)
  const statements = [
    ...toUpserts(schema.blocks, rows.blocks),
    ...toUpserts(schema.eras, rows.eras),
    ...toUpserts(schema.transactions, rows.transactions),
    ...toUpserts(schema.transfers, rows.transfers),
    ...toUpserts(schema.stakeMovements, rows.stakeMovements),
    ...toUpserts(schema.eraValidators, rows.eraValidators),
    ...toUpserts(schema.rewards, rows.rewards),
    ...toUpserts(auction.bids, rows.bids),
    ...toUpserts(auction.delegations, rows.delegations),
    ...toUpserts(auction.unbondings, rows.unbondings),
    ...toUpserts(operations.absences, rows.absences),
    ...toUpserts(operations.protocols, toProtocolRows(change.blocks, version)),
    ...toSightings(seen, ids.idOf),
  ]
  for (const statement of statements) await connection.query(statement)
  await moveCheckpoint(connection, change, stored)
  return ids
}

/**
 * Takes the one lock that makes writers wait for each other, and checks that both mean the same chain.
 * Galera does not lock across nodes: there the second writer fails at COMMIT and is repeated.
 */
async function lockCheckpoint(connection: Connection, { network }: Change): Promise<Stored | null> {
  const [[found]] = await connection.query<RowDataPacket[]>(
    'SELECT height, hash FROM checkpoint WHERE id = 1 FOR UPDATE',
  )
  const [[chain]] = await connection.query<RowDataPacket[]>(
    'SELECT name, genesis_hash FROM network WHERE id = 1 FOR UPDATE',
  )
  if (chain !== undefined) {
    const stored = { name: String(chain.name), genesisHash: toHex(chain.genesis_hash, 0, 32) }
    if (stored.name !== network.name || stored.genesisHash !== network.genesisHash) {
      throw new NetworkMismatchError(stored, network)
    }
  }
  return found === undefined ? null : { height: Number(found.height), hash: toHex(found.hash, 0, 32) }
}

/** A change that ends at or below the checkpoint must be of the stored chain: it was committed before. */
async function checkRepeated(connection: Connection, given: Checkpoint, stored: Stored): Promise<void> {
  let hash: string | undefined = stored.hash
  if (given.height < stored.height) {
    const [[row]] = await connection.query<RowDataPacket[]>(
      `SELECT hash FROM blocks WHERE height = ${given.height}`,
    )
    hash = row && toHex(row.hash, 0, 32)
  }
  if (hash === given.hash) return
  throw new ConflictError(
    `The store holds block ${given.height} as ${hash ?? 'nothing'}, the change as ${given.hash}.`,
  )
}

function checkFollows({ blocks, network }: Change, stored: Stored | null): void {
  const first = blocks[0]
  if (first === undefined) throw new RangeError('A change must hold a block.')
  if (stored === null) {
    if (first.height === network.firstHeight && first.hash === network.genesisHash) return
    throw new ConflictError(
      `The store is empty, and block ${first.height} is not the first block of ${network.name} (${network.firstHeight}).`,
    )
  }
  if (first.height !== stored.height + 1) {
    throw new ConflictError(`The store ends at block ${stored.height}, the change begins at ${first.height}.`)
  }
  if (first.parentHash !== stored.hash) {
    throw new ConflictError(
      `Block ${first.height} has the parent ${first.parentHash}, the store ends at block ${stored.height} ${stored.hash}.`,
    )
  }
}

/** Protocol version of a block that is stored. */
async function readVersion(connection: Connection, height: number): Promise<string | null> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    `SELECT protocol_version FROM blocks WHERE height = ${height}`,
  )
  return row === undefined ? null : String(row.protocol_version)
}

/** Last, and only from where it was found: an engine that did not hold the lock is caught here. */
async function moveCheckpoint(connection: Connection, change: Change, stored: Stored | null): Promise<void> {
  const { checkpoint, network } = change
  if (stored === null) {
    const { name, genesisHash, firstHeight } = network
    for (const statement of [
      ...toInserts(schema.network, [{ id: 1, name, genesisHash, firstHeight }]),
      ...toInserts(schema.checkpoint, [{ id: 1, ...checkpoint }]),
    ]) {
      await connection.query(statement)
    }
    return
  }
  const { height, hash, eraId, time } = checkpoint
  const [result] = await connection.query<ResultSetHeader>(
    `UPDATE checkpoint SET height = ${height}, hash = ${toHexLiteral(hash)}, era_id = ${eraId}, time = ${time}` +
      ` WHERE id = 1 AND height = ${stored.height} AND hash = ${toHexLiteral(stored.hash)}`,
  )
  if (result.affectedRows !== 1) {
    throw new ConflictError(`Another writer has moved the checkpoint from block ${stored.height}.`)
  }
}
