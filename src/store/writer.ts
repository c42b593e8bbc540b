import { drizzle } from 'drizzle-orm/mysql2'
import type { Pool } from 'mysql2/promise'
import type { StoreWriter } from '../ports.ts'
import { raise, toGroups } from './announcements.ts'
import { toUpserts } from './bulk.ts'
import { checkChange } from './check.ts'
import { commitChange } from './commit.ts'
import type { Database } from './database.ts'
import type { LeaseLostError } from './errors.ts'
import { createFence } from './fence.ts'
import type { LeaseClaim } from './lease.ts'
import { createPool } from './mysql.ts'
import { createPartyIds } from './party-ids.ts'
import { readBlocks } from './queries/blocks.ts'
import { readEraValidators } from './queries/era-validators.ts'
import { readEras } from './queries/eras.ts'
import { readResume } from './queries/resume.ts'
import { rollBack } from './rollback.ts'
import { heartbeat } from './schema/chain.ts'
import { inTransaction, PATIENCE, type Patience } from './transaction.ts'

export interface WriterOptions {
  /** How deadlocks and lost connections are waited out. */
  readonly patience?: Patience
  /** Parties whose ids are kept in memory. */
  readonly remembered?: number
  /** Writes only as long as this lease is ours. Without one nothing is asked: for tests, and for a store of one's own. */
  readonly lease?: LeaseClaim
  /** Told once a write was refused because the lease is another's. */
  readonly onLeaseLost?: (error: LeaseLostError) => void
  /** Whether each commit leaves in the queue of announcements what it made stale. */
  readonly announces?: boolean
}

/**
 * The crawler's side of the store. Connects when first used.
 * @param store URL (`mysql://user:password@host:port/database`), or a pool of `createPool` that the writer then owns
 */
export function createStoreWriter(
  store: string | Pool,
  { patience = PATIENCE, remembered, lease, onLeaseLost, announces = false }: WriterOptions = {},
): StoreWriter {
  // Two: a heartbeat must not wait for a commit.
  const pool = typeof store === 'string' ? createPool(store, { connections: 2, ...toSilence(lease) }) : store
  let partyIds = createPartyIds(remembered)
  const read = <T>(query: (db: Database) => Promise<T>) =>
    inTransaction(pool, (connection) => query(drizzle(connection as unknown as Pool)), patience)
  const fence = createFence(lease, onLeaseLost)

  return {
    readResume() {
      // A store that went back, restored or failed over to a node that lagged, has lost rows whose ids are remembered.
      partyIds = createPartyIds(remembered)
      return read(readResume)
    },
    readBlocks: (from, to) => read((db) => readBlocks(db, from, to)),
    readEras: (from, to) => read((db) => readEras(db, from, to)),
    readEraValidators: (from, to) => read((db) => readEraValidators(db, from, to)),

    async commit(change) {
      checkChange(change)
      const parties = await inTransaction(
        pool,
        fence.guard(async (connection) => {
          const resolved = await commitChange(connection, change, partyIds)
          if (announces && resolved !== null) {
            await raise(connection, toGroups(change), change.checkpoint.height)
          }
          return resolved
        }),
        patience,
      )
      parties?.remember()
    },

    async rollBack(rollback) {
      const fresh = createPartyIds(remembered)
      await inTransaction(
        pool,
        fence.guard(async (connection) => {
          await rollBack(connection, rollback, fresh)
          if (announces) await raise(connection, ['block', 'era'], rollback.to.height)
        }),
        patience,
      )
      // Ids that went with the lost tail are given anew.
      partyIds = createPartyIds(remembered)
    },

    async writeHeartbeat({ at, ...rest }) {
      const statements = toUpserts(heartbeat, [{ id: 1, atMs: at, ...rest }])
      await inTransaction(
        pool,
        fence.watch(async (connection) => {
          for (const statement of statements) await connection.query(statement)
        }),
        patience,
      )
    },

    close: () => pool.end(),
  }
}

/** About as long as the lease: who holds locks in its sleep is succeeded no later than who holds none. */
const toSilence = (lease: LeaseClaim | undefined) =>
  lease === undefined ? {} : { silence: Math.max(SHORTEST_SILENCE, Math.ceil(lease.ttlMs / 1000)) }

/** Seconds. Between two statements of a transaction our own work takes less than one. */
const SHORTEST_SILENCE = 5
