import type { Connection, Pool, ResultSetHeader, RowDataPacket } from 'mysql2/promise'
import type { Ms } from '../domain/time.ts'
import { LeaseLostError } from './errors.ts'
import { createPool } from './mysql.ts'
import { STORE_NOW } from './now.ts'
import { inStatement } from './transaction.ts'

/** Who may write: one holder, for one term. */
export interface LeaseClaim {
  readonly holder: string
  readonly term: number
  /** How long a renewal lasts. */
  readonly ttlMs: Ms
}

/** The lease as it stands; all times by the store's own clock. */
export interface LeaseState {
  /** Empty: nobody's. */
  readonly holder: string
  readonly term: number
  readonly until: Ms
  readonly takenAt: Ms
  readonly now: Ms
}

/** The row that says who may write. Each method is tried once: who asks has its own rhythm. */
export interface LeaseTable {
  read(): Promise<LeaseState>
  /** Takes it if it is still as it was seen. @returns the new claim; null when another was faster */
  take(seen: LeaseState, holder: string, ttlMs: Ms): Promise<LeaseClaim | null>
  /** @returns false when it is another's by now */
  renew(claim: LeaseClaim): Promise<boolean>
  /** Gives it back, so that nobody has to wait until it runs out. Does nothing when it is another's. */
  release(claim: LeaseClaim): Promise<void>
  close(): Promise<void>
}

/** A renewal may have to wait for our own commit, which holds the row; longer than that the store is away. */
const LIMIT: Ms = 30_000

/** @param url `mysql://user:password@host:port/database` */
export function openLeaseTable(url: string): LeaseTable {
  // Of its own: a renewal must not queue behind anything. Two, so that a probe can look while a renewal waits.
  const pool: Pool = createPool(url, { connections: 2 })
  const run = <T>(work: (connection: Connection) => Promise<T>) => inStatement(pool, work, LIMIT)
  const update = (sql: string, values: readonly unknown[]) =>
    run(async (connection) => {
      const [result] = await connection.query<ResultSetHeader>(sql, [...values])
      return result.affectedRows === 1
    })

  return {
    read: () => run(readLease),

    async take(seen, holder, ttlMs) {
      // Compare and set, not a lock: Galera locks no row on its other nodes.
      const isTaken = await update(
        `UPDATE lease SET holder = ?, term = term + 1, until_ms = ${STORE_NOW} + ?, taken_at_ms = ${STORE_NOW}
         WHERE id = 1 AND holder = ? AND term = ? AND until_ms = ?`,
        [holder, ttlMs, seen.holder, seen.term, seen.until],
      )
      return isTaken ? { holder, term: seen.term + 1, ttlMs } : null
    },

    renew: ({ holder, term, ttlMs }) =>
      update(`UPDATE lease SET until_ms = ${STORE_NOW} + ? WHERE id = 1 AND holder = ? AND term = ?`, [
        ttlMs,
        holder,
        term,
      ]),

    async release({ holder, term }) {
      await update(`UPDATE lease SET holder = '', until_ms = 0 WHERE id = 1 AND holder = ? AND term = ?`, [
        holder,
        term,
      ])
    },

    close: () => pool.end(),
  }
}

async function readLease(connection: Connection): Promise<LeaseState> {
  for (;;) {
    const [[row]] = await connection.query<RowDataPacket[]>(
      `SELECT holder, term, until_ms, taken_at_ms, ${STORE_NOW} AS now_ms FROM lease WHERE id = 1`,
    )
    if (row !== undefined) {
      const { holder, term, until_ms: until, taken_at_ms: takenAt, now_ms: now } = row
      return {
        holder: String(holder),
        term: Number(term),
        until: Number(until),
        takenAt: Number(takenAt),
        now: Number(now),
      }
    }
    await connection.query(
      `INSERT INTO lease (id, holder, until_ms, term, taken_at_ms) VALUES (1, '', 0, 0, 0)
       ON DUPLICATE KEY UPDATE id = VALUES(id)`,
    )
  }
}

/**
 * First in a transaction that writes: locks the lease and checks that it is still ours, by its term. One that has run out
 * but that nobody took is ours still; while we hold the row nobody can take it.
 * @throws {LeaseLostError}
 */
export async function lockLease(connection: Connection, claim: LeaseClaim): Promise<void> {
  const [[row]] = await connection.query<RowDataPacket[]>(
    'SELECT holder, term FROM lease WHERE id = 1 FOR UPDATE',
  )
  check(row, claim)
}

/** For writes that a late one does not harm: looks, and waits for nobody. @throws {LeaseLostError} */
export async function checkLease(connection: Connection, claim: LeaseClaim): Promise<void> {
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT holder, term FROM lease WHERE id = 1')
  check(row, claim)
}

/**
 * Last in a transaction that writes: a commit is a renewal, and nobody who waited for its lock takes the lease from one
 * that lives. Being a write, it also collides with a take-over on another node of a Galera cluster, where the lock
 * reached nobody.
 * @throws {LeaseLostError}
 */
export async function extendLease(connection: Connection, claim: LeaseClaim): Promise<void> {
  const [result] = await connection.query<ResultSetHeader>(
    `UPDATE lease SET until_ms = ${STORE_NOW} + ? WHERE id = 1 AND holder = ? AND term = ?`,
    [claim.ttlMs, claim.holder, claim.term],
  )
  if (result.affectedRows !== 1) throw new LeaseLostError(claim.term, null)
}

function check(row: RowDataPacket | undefined, { holder, term }: LeaseClaim): void {
  if (row?.holder === holder && Number(row.term) === term) return
  throw new LeaseLostError(term, row ? { holder: String(row.holder), term: Number(row.term) } : null)
}
