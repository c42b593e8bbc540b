import { constants } from 'node:fs'
import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { type MariaDb, startMariaDb } from '../../scripts/mariadb.ts'
import { installMariaDb, isAlive } from '../../scripts/mariadb-install.ts'
import { ENGINE_VARIABLE } from './engine.ts'

/** What `test/support/mariadb.ts` needs to know in the test's own process. */
export interface ProvidedMariaDb {
  adminUrl: string
  port: number
  /** the administrator of another engine, in which the databases are to be made */
  engineUrl?: string | undefined
  /** an initialised data directory that no server uses, to be copied */
  templateDir: string
  /** everything that the run leaves is in here */
  runDir: string
}

declare module 'vitest' {
  interface ProvidedContext {
    mariadb: ProvidedMariaDb
  }
}

interface Shared {
  users: number
  started: Promise<{ server: MariaDb; provided: ProvidedMariaDb }>
}

const PREFIX = 'casper-test-db-'

/** Each project of a run loads this module anew; the server is one all the same. */
const SHARED = Symbol.for('casper-metrics.test.mariadb')
const shelf = globalThis as { [SHARED]?: Shared | undefined }

/** vitest globalSetup: one private MariaDB for the run, whichever projects ask for it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const shared = shelf[SHARED] ?? { users: 0, started: start() }
  shelf[SHARED] = shared
  shared.users += 1
  const { server, provided } = await shared.started
  project.provide('mariadb', provided)
  return async () => {
    shared.users -= 1
    if (shared.users > 0) return
    shelf[SHARED] = undefined
    await server.stop()
    await rm(provided.runDir, { recursive: true, force: true })
  }
}

async function start() {
  await removeDeadRuns()
  const runDir = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`))
  const templateDir = await installMariaDb(join(runDir, 'template'), () => {})
  const dataDir = join(runDir, 'shared')
  await cp(templateDir, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE })
  const server = await startMariaDb({ dataDir, durable: false })
  const { adminUrl, port } = server
  return {
    server,
    provided: { adminUrl, port, engineUrl: process.env[ENGINE_VARIABLE], templateDir, runDir },
  }
}

/** A run that was killed could not clear up: its directory carries its process id. */
async function removeDeadRuns(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue
    if (isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) continue
    await rm(join(tmpdir(), name), { recursive: true, force: true })
  }
}
