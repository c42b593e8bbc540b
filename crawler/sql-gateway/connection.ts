import mysql, { type Connection } from 'mysql2'
import { Fault, unreachable } from './fault.ts'
import type { StoreAddress } from './store-url.ts'

/** One connection to the store, used by one statement at a time. */
export interface StoreConnection {
  raw: Connection
  /** number of statements that it has answered */
  used: number
  /** set when it cannot be used again; `kill` when the server may still be working for it */
  ended: 'lost' | 'kill' | undefined
  /** told when the connection breaks under a statement: mysql2 tells the connection, not the statement */
  onLost: ((error: unknown) => void) | undefined
}

/** A store that does not take a connection within that time is taken for away. Milliseconds. */
const CONNECT_MS = 2_000

/**
 * What tokens.ts relies on (no ANSI_QUOTES, no NO_BACKSLASH_ESCAPES) and what @planetscale/database relies on when
 * it escapes values. Set here, since the server's default may be anything.
 */
const SQL_MODE = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'

/** ER_NOT_SUPPORTED_YET */
const NOT_SUPPORTED = 1235

export async function openConnection(address: StoreAddress, readOnly: boolean): Promise<StoreConnection> {
  const raw = mysql.createConnection({
    ...address,
    // multipleStatements off; the server's wish to read a file of ours is never granted
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
    charset: 'UTF8MB4_GENERAL_CI',
    connectTimeout: CONNECT_MS,
    // the packets as they came: lengths and bytes are all that PlanetScale's answers need
    typeCast: false,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
  })
  const connection: StoreConnection = { raw, used: 0, ended: undefined, onLost: undefined }
  // Without a listener a connection that breaks while idle would end the process.
  const lost = (error: unknown) => {
    connection.ended ??= 'lost'
    connection.onLost?.(error)
  }
  raw.on('error', lost)
  raw.on('end', () => lost(new Fault('UNAVAILABLE', 'the store closed the connection: try again')))

  try {
    await within(CONNECT_MS, async () => {
      await run(raw, `SET SESSION sql_mode = '${SQL_MODE}', time_zone = '+00:00'`)
      if (readOnly) await beReadOnly(raw)
    })
  } catch (error) {
    connection.ended = 'lost'
    raw.destroy()
    // Also what the server says here (no such database, account refused) is not about the client's statement.
    throw error instanceof Fault ? error : unreachable(error)
  }
  return connection
}

/**
 * The third lock after the account and statement.ts. TiDB refuses to take it (1235) as long as it would do nothing there;
 * the other two hold.
 */
async function beReadOnly(raw: Connection): Promise<void> {
  try {
    await run(raw, 'SET SESSION TRANSACTION READ ONLY')
  } catch (error) {
    if ((error as { errno?: number }).errno !== NOT_SUPPORTED) throw error
  }
}

/** Runs a statement of the gateway's own, whose rows do not matter. */
export function run(raw: Connection, sql: string): Promise<void> {
  return new Promise((done, fail) => {
    raw.query(sql, (error) => (error ? fail(error) : done()))
  })
}

/** @throws Fault UNAVAILABLE when `work` takes longer; the work itself is not stopped */
export async function within<T>(milliseconds: number, work: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, fail) => {
    timer = setTimeout(
      () => fail(new Fault('UNAVAILABLE', 'the store does not answer: try again')),
      milliseconds,
    )
  })
  try {
    return await Promise.race([work(), late])
  } finally {
    clearTimeout(timer)
  }
}
