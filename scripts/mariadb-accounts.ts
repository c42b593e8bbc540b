import { randomBytes } from 'node:crypto'
import mysql from 'mysql2/promise'

export interface Accounts {
  /** generated when not given */
  writerPassword?: string
  /** generated when not given */
  readerPassword?: string
}

export interface StoreDatabase {
  name: string
  /** an account that may change tables and rows of this database, and nothing else */
  writerUrl: string
  /** an account that may only SELECT from this database */
  readerUrl: string
}

/** MySQL's user names end at 32 characters, "_writer" included. */
const NAME = /^[a-z][a-z0-9_]{0,24}$/

const WRITER_RIGHTS =
  'SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, ALTER, INDEX, REFERENCES, CREATE TEMPORARY TABLES, LOCK TABLES'

/**
 * Makes a database with its two accounts; one that exists already is kept and its passwords are set anew.
 *
 * @param adminUrl an account that may create databases and users
 * @param address where the server listens, for the two URLs
 * @param name lower-case letters, digits and underscores, at most 25
 */
export async function createStoreDatabase(
  adminUrl: string,
  address: { host: string; port: number },
  name: string,
  accounts: Accounts = {},
): Promise<StoreDatabase> {
  if (!NAME.test(name)) {
    throw new Error(`"${name}" cannot name a database here: a-z, 0-9 and _, a letter first, 25 at most.`)
  }
  // In GRANT an underscore of the database's name would stand for any character.
  const granted = name.replaceAll('_', '\\_')
  const writer = { user: `${name}_writer`, password: accounts.writerPassword ?? newPassword() }
  const reader = { user: `${name}_reader`, password: accounts.readerPassword ?? newPassword() }

  const admin = await mysql.createConnection(adminUrl)
  try {
    await admin.query(`CREATE DATABASE IF NOT EXISTS \`${name}\``)
    for (const [account, rights] of [
      [writer, WRITER_RIGHTS],
      [reader, 'SELECT'],
    ] as const) {
      const who = `'${account.user}'@'127.0.0.1'`
      await admin.query(`CREATE USER IF NOT EXISTS ${who}`)
      await admin.query(`ALTER USER ${who} IDENTIFIED BY ?`, [account.password])
      await admin.query(`GRANT ${rights} ON \`${granted}\`.* TO ${who}`)
    }
  } finally {
    await admin.end()
  }

  const url = (account: { user: string; password: string }) =>
    `mysql://${account.user}:${encodeURIComponent(account.password)}@${address.host}:${address.port}/${name}`
  return { name, writerUrl: url(writer), readerUrl: url(reader) }
}

/** Drops the database and its two accounts; what is not there is no fault. */
export async function dropStoreDatabase(adminUrl: string, name: string): Promise<void> {
  if (!NAME.test(name)) throw new Error(`"${name}" cannot name a database here.`)
  const admin = await mysql.createConnection(adminUrl)
  try {
    await admin.query(`DROP DATABASE IF EXISTS \`${name}\``)
    await admin.query(`DROP USER IF EXISTS '${name}_writer'@'127.0.0.1', '${name}_reader'@'127.0.0.1'`)
  } finally {
    await admin.end()
  }
}

/** 192 bits that need no escape in a URL. */
function newPassword(): string {
  return randomBytes(24).toString('base64url')
}
