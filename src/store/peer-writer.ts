import { drizzle } from 'drizzle-orm/mysql2'
import type { Connection, Pool } from 'mysql2/promise'
import type { SeenPeer } from '../domain/peer.ts'
import type { Ms } from '../domain/time.ts'
import { raise } from './announcements.ts'
import { toUpserts } from './bulk.ts'
import type { Database } from './database.ts'
import { createPool } from './mysql.ts'
import { readNetworkName } from './queries/network-name.ts'
import { readShown } from './queries/peers.ts'
import { toPeerRow } from './rows/peer.ts'
import { peers } from './schema/peers.ts'
import { inTransaction, PATIENCE, type Patience } from './transaction.ts'

/** What one look around brought. */
export interface PeerRound {
  readonly at: Ms
  /** Every peer that was seen, each address and each key once. */
  readonly peers: readonly SeenPeer[]
  /** Peers last seen before that go, and so does what a peer last said before that. */
  readonly keepSince: Ms
}

/** The store as the keeper of peers sees it. Apart from blocks: neither waits for the other. */
export interface PeerWriter {
  /** Name of the network whose blocks are stored; null before the first. */
  readNetwork(): Promise<string | null>
  /**
   * In one transaction, and the announcement with it.
   * @returns whether a reader sees more than a newer time
   */
  writeRound(round: PeerRound): Promise<boolean>
  close(): Promise<void>
}

export interface PeerWriterOptions {
  readonly patience?: Patience
  /** Whether a change is left in the queue of announcements. */
  readonly announces?: boolean
}

/** Of a silent peer only that it is there, and where, is new: what it said last still stands. */
const SILENT = 'country region city postal timezone latitude longitude organisation seen_at'
  .split(' ')
  .map((column) => `\`${column}\`=VALUES(\`${column}\`)`)
  .join(',')

/**
 * Writes peers. Connects when first used. Failures are `StoreUnavailableError` or `StoreQueryError`.
 * @param store URL (`mysql://user:password@host:port/database`), or a pool of `createPool` that the writer then owns
 */
export function createPeerWriter(
  store: string | Pool,
  { patience = PATIENCE, announces = false }: PeerWriterOptions = {},
): PeerWriter {
  const pool = typeof store === 'string' ? createPool(store, { connections: 1 }) : store

  return {
    readNetwork: () => readNetworkName(pool, patience),

    writeRound: (round) =>
      inTransaction(
        pool,
        async (connection) => {
          const db: Database = drizzle(connection as unknown as Pool)
          const before = await readShown(db)
          await writeRound(connection, round)
          const isChanged = (await readShown(db)) !== before
          if (isChanged && announces) await raise(connection, ['peers'], 0)
          return isChanged
        },
        patience,
      ),

    close: () => pool.end(),
  }
}

async function writeRound(connection: Connection, { at, peers: seen, keepSince }: PeerRound): Promise<void> {
  const rows = seen.map((peer) => toPeerRow(peer, at))
  const answered = rows.filter(({ answeredAt }) => answeredAt !== null)
  const silent = rows.filter(({ answeredAt }) => answeredAt === null)
  for (const statement of [...toUpserts(peers, answered), ...toUpserts(peers, silent, SILENT)]) {
    await connection.query(statement)
  }
  // A validator that moved answers from its new address: the old one keeps no claim to the key.
  const keys = answered.flatMap(({ validator }) => validator ?? [])
  if (keys.length > 0) {
    await connection.query(
      'UPDATE peers SET validator = NULL WHERE validator IN (?) AND (answered_at IS NULL OR answered_at < ?)',
      [keys.map((key) => Buffer.from(key, 'hex')), at],
    )
  }
  await connection.query(
    'UPDATE peers SET validator = NULL, version = NULL, api_version = NULL WHERE answered_at < ?',
    [keepSince],
  )
  await connection.query('DELETE FROM peers WHERE seen_at < ?', [keepSince])
}
