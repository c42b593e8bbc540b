import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MariaDb, startMariaDb } from '../../../scripts/mariadb.ts'
import type { StoreDatabase } from '../../../scripts/mariadb-accounts.ts'
import { migrate } from '../../../src/store/migrate.ts'

/** A MariaDB of our own. */
export interface Store {
  readonly server: MariaDb
  /** A new database with the tables of the store. */
  create(): Promise<StoreDatabase>
  /** Ends the server and removes its data. */
  remove(): Promise<void>
}

/** As durable as a production store. DATA_DIR says where its data lies meanwhile, BUFFER_POOL its memory in MB. */
export async function openStore(): Promise<Store> {
  const folder = await mkdtemp(join(process.env.DATA_DIR ?? tmpdir(), 'casper-bench-'))
  const server = await startMariaDb({
    dataDir: join(folder, 'data'),
    bufferPool: Number(process.env.BUFFER_POOL ?? 256),
  })
  let databases = 0
  return {
    server,
    async create() {
      const database = await server.createDatabase(`bench${databases++}`)
      await migrate(database.writerUrl)
      return database
    },
    async remove() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
