import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MariaDb, startMariaDb } from '../../scripts/mariadb.ts'
import type { StoreDatabase } from '../../scripts/mariadb-accounts.ts'
import { migrate } from '../../src/store/migrate.ts'

/** A MariaDB of our own. */
export interface Store {
  readonly server: MariaDb
  /** A new database with the tables of the store. */
  create(): Promise<StoreDatabase>
  /** With nothing in its memory, and the settings that it began with. The URLs stay. */
  restart(): Promise<void>
  /** Ends the server and removes its data. */
  remove(): Promise<void>
}

/** As durable as a production store. DATA_DIR says where its data lies meanwhile, BUFFER_POOL its memory in MB. */
export async function openStore(): Promise<Store> {
  const folder = await mkdtemp(join(process.env.DATA_DIR ?? tmpdir(), 'casper-bench-'))
  const options = { dataDir: join(folder, 'data'), bufferPool: Number(process.env.BUFFER_POOL ?? 256) }
  // Ctrl-C in the middle: gigabytes must not stay behind.
  const leave = () => process.exit(130)
  const removeNow = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, leave)
  process.once('exit', removeNow)
  let server = await startMariaDb(options)
  let databases = 0
  return {
    get server() {
      return server
    },
    async create() {
      const database = await server.createDatabase(`bench${databases++}`)
      await migrate(database.writerUrl)
      return database
    },
    async restart() {
      const { port } = server
      await server.stop()
      server = await startMariaDb({ ...options, port })
    },
    async remove() {
      await server.stop()
      for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, leave)
      process.off('exit', removeNow)
      await rm(folder, { recursive: true, force: true })
    },
  }
}
