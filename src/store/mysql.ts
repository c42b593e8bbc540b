import { drizzle } from 'drizzle-orm/mysql2'
import mysql, { type Pool } from 'mysql2/promise'
import type { Database } from './database.ts'

/* Direct connections by mysql2: for the crawler, migrations and tests. The worker's bundle never has this file. */

/** How long a connection may take to be made. */
const CONNECT_MS = 10_000

export interface PoolOptions {
  /** Most connections at once. */
  readonly connections?: number
  /**
   * Seconds of silence after which the server ends a connection, and with it what it holds locked: a process that was
   * frozen in the middle of a transaction, or cut off, must not keep its successor waiting for hours.
   */
  readonly silence?: number
}

/**
 * A pool that loses no digits: BIGINT and DECIMAL come as text.
 * @param url `mysql://user:password@host:port/database`
 */
export function createPool(url: string, { connections = 4, silence }: PoolOptions = {}): Pool {
  const pool = mysql.createPool({
    uri: url,
    connectionLimit: connections,
    supportBigNumbers: true,
    bigNumberStrings: true,
    charset: 'utf8mb4_bin',
    connectTimeout: CONNECT_MS,
    enableKeepAlive: true,
    multipleStatements: false,
    queryFormat: toText,
  })
  // Its first statement, before any of ours. An engine that does not know the setting has a time limit of its own.
  if (silence !== undefined) {
    pool.pool.on('connection', (connection) =>
      connection.query(`SET SESSION wait_timeout = ${silence}`, () => {}),
    )
  }
  return pool
}

/** A database to read from, as `createStoreReader` takes it. `close` ends its connections. */
export function connectMysql(
  url: string,
  options?: PoolOptions,
): { readonly db: Database; close(): Promise<void> } {
  const pool = createPool(url, options)
  return { db: drizzle(pool), close: () => pool.end() }
}

/** As mysql2 does, which looks for question marks in half a megabyte of a commit's literals too where there is nothing to put. */
function toText(text: string, values: Parameters<typeof mysql.format>[1]): string {
  const isWhole = values === undefined || (Array.isArray(values) && values.length === 0)
  return isWhole ? text : mysql.format(text, values)
}
