import { and, asc, between } from 'drizzle-orm'
import type { MySqlColumn, MySqlTable } from 'drizzle-orm/mysql-core'
import { toInserts } from '../../../src/store/bulk.ts'
import { connectMysql, createPool } from '../../../src/store/mysql.ts'
import * as schema from '../../../src/store/schema/chain.ts'
import { readUse } from '../programs.ts'

/** The tables that grow with each block. */
const TABLES: readonly (MySqlTable & { height: MySqlColumn })[] = [
  schema.blocks,
  schema.transactions,
  schema.transfers,
]

/** Blocks of a transaction, as the crawler's. */
const BATCH = 250

export interface Inserted {
  readonly perSecond: number
  /** Microseconds of MariaDB's processor time for a block. */
  readonly cpu: number
}

/**
 * How fast the store takes the very rows that a crawl stored, as finished statements of the same batches: the bound for
 * any crawler that writes them. Reading the rows and writing the statements is not counted.
 * @param from URL of the crawled store
 * @param to URL of an empty one
 * @param blocks how many of the first blocks
 */
export async function insertAlone(
  from: string,
  to: string,
  blocks: number,
  mariadb: { readonly pid: number },
): Promise<Inserted> {
  const source = connectMysql(from)
  const target = createPool(to, { connections: 1 })
  const connection = await target.getConnection()
  let milliseconds = 0
  let cpu = 0
  try {
    for (let height = 0; height < blocks; height += BATCH) {
      const statements: string[] = []
      for (const table of TABLES) {
        const wanted = and(between(table.height, height, height + BATCH - 1))
        const rows = await source.db.select().from(table).where(wanted).orderBy(asc(table.height))
        statements.push(...toInserts(table, rows as never))
      }
      const began = performance.now()
      const before = readUse(mariadb.pid).cpu
      await connection.beginTransaction()
      for (const statement of statements) await connection.query(statement)
      await connection.commit()
      milliseconds += performance.now() - began
      cpu += readUse(mariadb.pid).cpu - before
    }
  } finally {
    connection.release()
    await Promise.all([source.close(), target.end()])
  }
  return { perSecond: (blocks * 1000) / milliseconds, cpu: (cpu * 1e6) / blocks }
}
