import type { Pool, PoolConnection } from 'mysql2/promise'
import { DeadlineError, within } from '../lib/deadline.ts'
import { isTransient, toStoreError } from './failures.ts'

export interface Patience {
  /** Tries in all. */
  readonly attempts: number
  /** Before the second try, in milliseconds; doubled before each further one. */
  readonly firstPauseMs: number
  /** How long one try may take, in milliseconds: a store that is silent would be waited for for ever. */
  readonly limitMs: number
  readonly pause: (ms: number) => Promise<void>
}

/** 0.1, 0.2, … 3.2 s: long enough for a failover or a restart, then the caller decides. */
export const PATIENCE: Patience = {
  attempts: 7,
  firstPauseMs: 100,
  limitMs: 120_000,
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/**
 * Runs `work` in a transaction, as often as deadlocks and lost connections make it necessary. A connection lost at COMMIT
 * leaves it unknown whether the work is done, so `work` must begin by looking.
 * @throws a `StoreUnavailableError` when patience ends, a `StoreQueryError`, or what `work` throws
 */
export async function inTransaction<T>(
  pool: Pool,
  work: (connection: PoolConnection) => Promise<T>,
  patience: Patience,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(pool, work, patience.limitMs)
    } catch (error) {
      if (!isTransient(error) || attempt >= patience.attempts) throw toStoreError(error)
      await patience.pause(patience.firstPauseMs * 2 ** (attempt - 1))
    }
  }
}

async function once<T>(
  pool: Pool,
  work: (connection: PoolConnection) => Promise<T>,
  limitMs: number,
): Promise<T> {
  const connection = await pool.getConnection()
  const whole = async () => {
    await connection.query('START TRANSACTION')
    const result = await work(connection)
    await connection.query('COMMIT')
    return result
  }
  try {
    const result = await within(whole(), limitMs, 'A transaction of the store')
    connection.release()
    return result
  } catch (error) {
    await giveBack(connection, error, limitMs)
    throw error
  }
}

/**
 * Runs one statement, which is a transaction of its own: nothing stays locked when we are frozen after it. Tried once.
 * @throws a `StoreUnavailableError` or a `StoreQueryError`, or what `work` throws
 */
export async function inStatement<T>(
  pool: Pool,
  work: (connection: PoolConnection) => Promise<T>,
  limitMs: number,
): Promise<T> {
  try {
    const connection = await pool.getConnection()
    try {
      return await within(work(connection), limitMs, 'A statement of the store')
    } catch (error) {
      // It may still be under way: nobody else may get this connection.
      if (error instanceof DeadlineError) connection.destroy()
      throw error
    } finally {
      connection.release()
    }
  } catch (error) {
    throw toStoreError(error)
  }
}

/** A connection that is silent or cannot even roll back is ended: with it the server ends its transaction. */
async function giveBack(connection: PoolConnection, error: unknown, limitMs: number): Promise<void> {
  if (error instanceof DeadlineError) return connection.destroy()
  await within(connection.query('ROLLBACK'), limitMs, 'A rollback of the store').then(
    () => connection.release(),
    () => connection.destroy(),
  )
}
