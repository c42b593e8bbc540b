import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, inject } from 'vitest'
import { type MariaDb, startMariaDb } from '../../scripts/mariadb.ts'
import { createStoreDatabase, dropStoreDatabase, type StoreDatabase } from '../../scripts/mariadb-accounts.ts'
import { createEngineDatabase, dropEngineDatabase } from './engine.ts'

/**
 * A real MariaDB for tests. The vitest project needs `globalSetup: ['test/support/global-mariadb.ts']`, which
 * starts one private server for the whole run.
 *
 *     const store = await useMariaDb()          // at the top of a test file, or in a describe
 *     store.writerUrl                           // mysql://…  DDL and DML on this database only
 *     store.readerUrl                           // mysql://…  SELECT only
 *
 * Each call makes a fresh, empty database that is dropped after the file (or the describe). Files may run in
 * parallel. A test that kills or restarts the server takes one of its own from `startOwnMariaDb`.
 *
 * With STORE_URL (an administrator's URL) the databases are made in that engine instead.
 */
export async function useMariaDb(): Promise<TestDatabase> {
  const { engineUrl } = inject('mariadb')
  if (engineUrl === undefined) return useRunMariaDb()
  const database = await createEngineDatabase(engineUrl)
  afterAll(() => dropEngineDatabase(engineUrl, database.name))
  return { ...database, adminUrl: engineUrl }
}

/** A database of the run's MariaDB, whatever STORE_URL says. */
export async function useRunMariaDb(): Promise<TestDatabase> {
  const { adminUrl, port } = inject('mariadb')
  const database = await createStoreDatabase(
    adminUrl,
    { host: '127.0.0.1', port },
    `t${randomBytes(8).toString('hex')}`,
  )
  afterAll(() => dropStoreDatabase(adminUrl, database.name))
  return { ...database, adminUrl }
}

export interface TestDatabase extends StoreDatabase {
  /** may do anything on the shared server: look at its processes, kill a connection. Not for data */
  adminUrl: string
}

/**
 * A server of the test's own, from a copy of the run's prepared data directory (about 0.3 s), stopped and
 * removed after the file (or the describe). After `stop`, or a kill of `pid`, `startMariaDb({ dataDir, port })`
 * brings the same data back; such a second server is the test's to stop.
 */
export async function startOwnMariaDb(): Promise<MariaDb> {
  const { templateDir, runDir } = inject('mariadb')
  const home = await mkdtemp(join(runDir, 'own-'))
  const dataDir = join(home, 'data')
  await cp(templateDir, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE })
  const server = await startMariaDb({ dataDir, durable: false, bufferPool: 64 })
  afterAll(async () => {
    await server.stop()
    await rm(home, { recursive: true, force: true })
  })
  return server
}
