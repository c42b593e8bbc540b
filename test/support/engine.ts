import { randomBytes } from 'node:crypto'
import mysql from 'mysql2/promise'
import type { StoreDatabase } from '../../scripts/mariadb-accounts.ts'

/** Where the suites' databases are made instead of in the run's MariaDB: an administrator's URL, without a database. */
export const ENGINE_VARIABLE = 'STORE_URL'

/** What every engine knows, unlike LOCK TABLES or REFERENCES; the store needs no more. */
const WRITER_RIGHTS = 'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX'

/** A fresh database of any MySQL-compatible engine, with an account that writes and one that only reads. */
export async function createEngineDatabase(adminUrl: string): Promise<StoreDatabase> {
  // MySQL before 5.7 has no CREATE USER IF NOT EXISTS, and user names of 16 characters at most.
  const name = `t${randomBytes(5).toString('hex')}`
  const password = randomBytes(12).toString('base64url')
  const { hostname, port } = new URL(adminUrl)
  const urls = await asAdmin(adminUrl, async (query) => {
    await query(`CREATE DATABASE ${name}`)
    const grant = async (user: string, rights: string) => {
      // From anywhere: an engine in a container sees another address than this machine's own.
      await query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${password}'`)
      await query(`GRANT ${rights} ON ${name}.* TO '${user}'@'%'`)
      return `mysql://${user}:${password}@${hostname}:${port || 3306}/${name}`
    }
    return {
      writerUrl: await grant(`${name}_w`, WRITER_RIGHTS),
      readerUrl: await grant(`${name}_r`, 'SELECT'),
    }
  })
  return { name, ...urls }
}

export async function dropEngineDatabase(adminUrl: string, name: string): Promise<void> {
  await asAdmin(adminUrl, async (query) => {
    await query(`DROP DATABASE ${name}`)
    await query(`DROP USER '${name}_w'@'%', '${name}_r'@'%'`)
  })
}

async function asAdmin<T>(
  adminUrl: string,
  work: (query: (sql: string) => Promise<unknown>) => Promise<T>,
): Promise<T> {
  const admin = await mysql.createConnection(adminUrl)
  try {
    return await work((sql) => admin.query(sql))
  } finally {
    await admin.end()
  }
}
