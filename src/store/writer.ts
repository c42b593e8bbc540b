import { drizzle } from 'drizzle-orm/mysql2'
import type { Pool } from 'mysql2/promise'
import type { StoreWriter } from '../ports.ts'
import { toUpserts } from './bulk.ts'
import { checkChange } from './check.ts'
import { commitChange } from './commit.ts'
import { createPool } from './mysql.ts'
import { createPartyIds } from './party-ids.ts'
import { readResume } from './queries/resume.ts'
import { heartbeat } from './schema.ts'
import { inTransaction, PATIENCE, type Patience } from './transaction.ts'

export interface WriterOptions {
  /** How deadlocks and lost connections are waited out. */
  readonly patience?: Patience
  /** Parties whose ids are kept in memory. */
  readonly remembered?: number
}

/**
 * The crawler's side of the store. Connects when first used.
 * @param store URL (`mysql://user:password@host:port/database`), or a pool of `createPool` that the writer then owns
 */
export function createStoreWriter(
  store: string | Pool,
  { patience = PATIENCE, remembered }: WriterOptions = {},
): StoreWriter {
  // Two: a heartbeat must not wait for a commit.
  const pool = typeof store === 'string' ? createPool(store, { connections: 2 }) : store
  const partyIds = createPartyIds(remembered)

  return {
    readResume: () =>
      inTransaction(pool, (connection) => readResume(drizzle(connection as unknown as Pool)), patience),

    async commit(change) {
      checkChange(change)
      const parties = await inTransaction(
        pool,
        (connection) => commitChange(connection, change, partyIds),
        patience,
      )
      parties?.remember()
    },

    async writeHeartbeat({ at, ...rest }) {
      const statements = toUpserts(heartbeat, [{ id: 1, atMs: at, ...rest }])
      await inTransaction(
        pool,
        async (connection) => {
          for (const statement of statements) await connection.query(statement)
        },
        patience,
      )
    },

    close: () => pool.end(),
  }
}
