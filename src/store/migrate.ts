import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise'
import { toDatabaseAddress, toMigrationError } from './migration-error.ts'

const FOLDER = join(import.meta.dirname, '../../migrations')

const CONNECT_MS = 10_000

/** Which migrations have been run to their end. */
const LEDGER = `CREATE TABLE IF NOT EXISTS __migrations (
  name VARCHAR(190) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL PRIMARY KEY,
  at_ms BIGINT UNSIGNED NOT NULL
)`

/**
 * What engines answer when a statement has been run before: table (1050), column (1060), key (1061) or primary key (1068)
 * is there already; column or key (1091) or table (1051) is gone already.
 */
const DONE = new Set([1050, 1051, 1060, 1061, 1068, 1091])

/** An error without a number of its own: so Dolt answers the later of two processes that migrate at once. */
const UNKNOWN = 1105
const SAYS_DONE = /already exists$|^Duplicate (column|key) name/i

/** A statement was undone since another process changed the tables meanwhile: Dolt (1213), TiDB (8028). */
const UNDONE = new Set([1213, 8028])
/** Each try can be beaten by one statement of the other process at most, and no migration has so many. */
const ATTEMPTS = 100

export interface Migrated {
  /** Names of the migrations that this call has run, in order. */
  readonly applied: readonly string[]
}

/**
 * Brings a database up to the newest schema; creates it if it is not there and the user may.
 *
 * Safe to run twice, by two processes at once, and after a crash half way, without a lock that some engines lack: DDL
 * commits statement by statement anyway, so a statement that an engine calls done already is taken as done. Hence a
 * migration that changes rows must be written so that running it twice does no harm.
 *
 * @param url `mysql://user:password@host:port/database`
 * @throws a `MigrationError` of one sentence that says what to do, without the password
 */
export async function migrate(url: string, now: () => number = Date.now): Promise<Migrated> {
  const address = toDatabaseAddress(url)
  try {
    const connection = await connect(url, address.database)
    try {
      await checkModes(connection)
      return { applied: await runAll(connection, now) }
    } finally {
      await connection.end().catch(() => connection.destroy())
    }
  } catch (error) {
    throw toMigrationError(error, address)
  }
}

async function connect(url: string, database: string): Promise<Connection> {
  try {
    return await open(url)
  } catch (error) {
    if ((error as { errno?: number }).errno !== 1049) throw error
  }
  const bare = new URL(url)
  bare.pathname = '/'
  const server = await open(bare.href)
  try {
    await server.query(
      `CREATE DATABASE IF NOT EXISTS ${mysql.escapeId(database)} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
    )
  } finally {
    await server.end()
  }
  return open(url)
}

/** Options are made anew each time: mysql2 writes what it reads in the URL into them. */
const open = (uri: string): Promise<Connection> =>
  mysql.createConnection({ uri, connectTimeout: CONNECT_MS, charset: 'utf8mb4_bin' })

/**
 * Without strict mode an amount that does not fit would be cut silently; with NO_BACKSLASH_ESCAPES the text that drivers
 * write would mean something else.
 */
async function checkModes(connection: Connection): Promise<void> {
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT @@sql_mode AS modes')
  const modes = String(row?.modes).split(',')
  if (!modes.some((mode) => mode.startsWith('STRICT_'))) {
    throw new RangeError('The store cuts values that do not fit: set its sql_mode to STRICT_TRANS_TABLES.')
  }
  if (modes.includes('NO_BACKSLASH_ESCAPES')) {
    throw new RangeError(
      'The store does not read backslash escapes: take NO_BACKSLASH_ESCAPES out of its sql_mode.',
    )
  }
}

async function runAll(connection: Connection, now: () => number): Promise<string[]> {
  const done = await readDone(connection)
  const missing = (await readNames()).filter((name) => !done.has(name))
  if (missing.length > 0) await runStatement(connection, LEDGER)
  for (const name of missing) {
    for (const statement of await readStatements(name)) await runStatement(connection, statement)
    const sql = 'INSERT INTO __migrations (name, at_ms) VALUES (?, ?) ON DUPLICATE KEY UPDATE name = name'
    await runStatement(connection, sql, [name, now()])
  }
  return missing
}

/** Looks before it writes: where nothing is to be done, an account that may only read will do. */
async function readDone(connection: Connection): Promise<Set<string>> {
  try {
    const [rows] = await connection.query<RowDataPacket[]>('SELECT name FROM __migrations')
    return new Set(rows.map((row) => String(row.name)))
  } catch (error) {
    if ((error as { errno?: number }).errno === 1146) return new Set()
    throw error
  }
}

const isDone = ({ errno, message }: { errno?: number; message: string }): boolean =>
  DONE.has(errno ?? 0) || (errno === UNKNOWN && SAYS_DONE.test(message))

async function runStatement(
  connection: Connection,
  statement: string,
  values: readonly unknown[] = [],
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await connection.query(statement, [...values])
      return
    } catch (error) {
      if (isDone(error as Error)) return
      if (!UNDONE.has((error as { errno?: number }).errno ?? 0) || attempt === ATTEMPTS) throw error
    }
  }
}

async function readNames(): Promise<string[]> {
  const journal = JSON.parse(await readFile(join(FOLDER, 'meta/_journal.json'), 'utf8')) as {
    entries: { idx: number; tag: string }[]
  }
  return journal.entries.sort((a, b) => a.idx - b.idx).map(({ tag }) => tag)
}

async function readStatements(name: string): Promise<string[]> {
  const text = await readFile(join(FOLDER, `${name}.sql`), 'utf8')
  return text
    .split('--> statement-breakpoint')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
