import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { is } from 'drizzle-orm'
import { getTableConfig, MySqlTable } from 'drizzle-orm/mysql-core'
import mysql from 'mysql2/promise'
import { describe, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import * as auction from '../../src/store/schema/auction.ts'
import * as chain from '../../src/store/schema/chain.ts'
import * as operations from '../../src/store/schema/operations.ts'
import * as peers from '../../src/store/schema/peers.ts'
import * as prices from '../../src/store/schema/prices.ts'
import { startOwnMariaDb, useMariaDb } from '../support/mariadb.ts'
import { connectTo, readRows } from '../support/stored.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '../..')
const folder = join(root, 'migrations')
const files = readdirSync(folder).filter((name) => name.endsWith('.sql'))
const tables = [auction, chain, operations, peers, prices]
  .flatMap((schema): unknown[] => Object.values(schema))
  .filter((value) => is(value, MySqlTable))

async function readColumns(url: string) {
  const connection = await connectTo(url)
  const rows = await readRows<{ place: string; type: string; nullable: string; extra: string }>(
    connection,
    `SELECT CONCAT(table_name, '.', column_name) AS place, column_type AS type, is_nullable AS nullable, extra AS extra
     FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name <> '__migrations' ORDER BY 1`,
  )
  await connection.end()
  return rows
}

const byPlace = (a: { place: string }, b: { place: string }) => (a.place < b.place ? -1 : 1)

describe('a new database', async () => {
  const database = await useMariaDb()

  test('is brought up to the newest schema, and a second time nothing is done', async () => {
    const { applied } = await migrate(database.writerUrl, () => 1_764_000_000_000)
    expect(applied).toEqual(files.map((name) => name.replace('.sql', '')))
    expect(await migrate(database.writerUrl)).toEqual({ applied: [] })
  })

  test('has the very columns that the code knows', async () => {
    const known = tables
      .flatMap((table) => {
        const { name, columns } = getTableConfig(table)
        return columns.map((column) => ({
          place: `${name}.${column.name}`,
          type: column.getSQLType().replace(/ CHARACTER SET.*/, ''),
          nullable: column.notNull ? 'NO' : 'YES',
          extra: '',
        }))
      })
      .sort(byPlace)
    const stored = await readColumns(database.writerUrl)
    // MariaDB and older MySQL say a display width for integers; it means nothing.
    expect(
      stored.map((row) => ({ ...row, type: row.type.replace(/int\(\d+\)/, 'int') })).sort(byPlace),
    ).toEqual(known)
  })
})

test('migrations keep to what every engine of the family has', () => {
  for (const name of files) {
    const text = readFileSync(join(folder, name), 'utf8')
    expect(text, name).not.toMatch(
      /\b(foreign key|references|auto_increment|serial|trigger|procedure|json|check\s*\(|enum|engine\s*=|partition)\b/i,
    )
  }
})

describe('two at once', async () => {
  const together = await useMariaDb()
  const processes = await useMariaDb()
  const alone = await useMariaDb()

  test('end alike in one process', async () => {
    await migrate(alone.writerUrl)
    await Promise.all(Array.from({ length: 4 }, () => migrate(together.writerUrl)))
    expect(await readColumns(together.writerUrl)).toEqual(await readColumns(alone.writerUrl))
  })

  test('end alike in two processes, which say what they did', async () => {
    const env = { ...process.env, DATABASE_URL: processes.writerUrl }
    const results = await Promise.all(
      [1, 2].map(() => run(process.execPath, [join(root, 'crawler/migrate.ts')], { env })),
    )
    for (const { stdout } of results)
      expect(stdout).toMatch(/^The store (is up to date|has been brought up to \w)/)
    expect(await readColumns(processes.writerUrl)).toEqual(await readColumns(alone.writerUrl))
  })
})

test('a crash half way is made good', async () => {
  const [database, alone] = [await useMariaDbNow(), await useMariaDbNow()]
  const connection = await mysql.createConnection(database)
  const first = readFileSync(join(folder, files[0] as string), 'utf8').split('--> statement-breakpoint')
  for (const statement of first.slice(0, 15)) await connection.query(statement)
  await connection.end()
  await migrate(database)
  await migrate(alone)
  expect(await readColumns(database)).toEqual(await readColumns(alone))
})

const server = await startOwnMariaDb()

let names = 0
async function useMariaDbNow(): Promise<string> {
  const url = new URL(server.adminUrl)
  url.pathname = `/made_${names++}`
  const admin = await mysql.createConnection(server.adminUrl)
  await admin.query(`CREATE DATABASE ${url.pathname.slice(1)}`)
  await admin.end()
  return url.href
}

describe('what cannot be done is said in one sentence, without the password', () => {
  const at = (changes: Partial<Pick<URL, 'username' | 'password' | 'pathname'>>) =>
    Object.assign(new URL(server.adminUrl), changes).href
  const host = new URL(server.adminUrl).host

  test.for([
    ['not a URL at all', 'nonsense', /must look like mysql:/],
    ['another protocol', 'postgres://u:secret@h/db', /must look like mysql:/],
    ['no database', at({ pathname: '/' }), /names no database/],
    [
      'nobody listens',
      'mysql://u:secret@127.0.0.1:1/x',
      /^No store answers at 127\.0\.0\.1:1 \(ECONNREFUSED\)/,
    ],
    [
      'no such host',
      'mysql://u:secret@nowhere.invalid:3306/x',
      /^No store answers at nowhere\.invalid:3306 \(E[A-Z_]+\)/,
    ],
    [
      'a refused login',
      at({ username: 'stranger', password: 'secret', pathname: '/x' }),
      /refuses the login of "stranger"/,
    ],
  ] as const)('%s', async ([, url, message]) => {
    const error = await migrate(url).catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'MigrationError', message: expect.stringMatching(message) })
    expect((error as Error).message).not.toContain('secret')
    expect((error as Error).message).toMatch(/^[^\n]+\.$/)
  })

  test('a database that is not there is created, where the account may', async () => {
    const url = at({ pathname: '/brand_new' })
    expect((await migrate(url)).applied).toHaveLength(files.length)
    expect(await readColumns(url)).toHaveLength((await readColumns(url)).length)
  })

  test('and refused where it may not', async () => {
    const admin = await mysql.createConnection(server.adminUrl)
    await admin.query("CREATE USER 'poor'@'localhost' IDENTIFIED BY 'secret'")
    await admin.query("GRANT SELECT ON brand_new.* TO 'poor'@'localhost'")
    await admin.end()
    const poor = { username: 'poor', password: 'secret' }
    await expect(migrate(at({ ...poor, pathname: '/not_there' }))).rejects.toThrow(
      `The store at ${host} has no database "not_there" that "poor" may use`,
    )
    await expect(migrate(at({ ...poor, pathname: '/brand_new' }))).resolves.toEqual({ applied: [] })
  })

  test('a server that cuts values silently', async () => {
    const admin = await mysql.createConnection(server.adminUrl)
    await admin.query("SET GLOBAL sql_mode = ''")
    await expect(migrate(at({ pathname: '/brand_new' }))).rejects.toThrow(/sql_mode to STRICT_TRANS_TABLES/)
    await admin.query("SET GLOBAL sql_mode = 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES'")
    await expect(migrate(at({ pathname: '/brand_new' }))).rejects.toThrow(/NO_BACKSLASH_ESCAPES/)
    await admin.end()
  })

  test('the program says it on its error stream and ends with 1', async () => {
    const env = { ...process.env, DATABASE_URL: '' }
    const failed = run(process.execPath, [join(root, 'crawler/migrate.ts')], { env })
    await expect(failed).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^DATABASE_URL is not set/),
    })
  })
})
