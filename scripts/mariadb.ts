import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import mysql from 'mysql2/promise'
import { withDeathSignal } from './death-signal.ts'
import {
  type Accounts,
  createStoreDatabase,
  dropStoreDatabase,
  type StoreDatabase,
} from './mariadb-accounts.ts'
import {
  findMariaDbServer,
  installMariaDb,
  REDO_LOG_SIZE,
  temporaryArguments,
  userArguments,
} from './mariadb-install.ts'
import { chooseSocket, removeRun, removeSocket, stopOrphan, stopProcess, writeRun } from './mariadb-run.ts'
import { findFreePorts } from './ports.ts'

export interface MariaDbOptions {
  /** made when it is not there; kept by `stop` */
  dataDir: string
  log?: (line: string) => void
  /** a free one when not given */
  port?: number
  /** false: a crash of the machine may lose the last second of commits, and commits cost no disk write. Default true */
  durable?: boolean
  /** megabytes of pages kept in memory. Default 256 */
  bufferPool?: number
}

export interface MariaDb {
  host: '127.0.0.1'
  port: number
  /** the server's process; changes never: a restart is a new `startMariaDb` */
  pid: number
  dataDir: string
  /** the administrator, over the socket: only the operating-system user that started the server gets in */
  adminUrl: string
  createDatabase(name: string, accounts?: Accounts): Promise<StoreDatabase>
  dropDatabase(name: string): Promise<void>
  /** settles when the server's process has ended, for whatever reason */
  exited: Promise<void>
  /** stops the server cleanly; calling it again, or after a crash, does no harm */
  stop(): Promise<void>
}

const HOST = '127.0.0.1'
/** Recovery after a crash reads the whole redo log (32 MB) first. */
const READY_MS = 120_000
/** Someone else may take the free port between our look and the server's. */
const PORT_TRIES = 5

/**
 * Starts a private MariaDB on a data directory of its own, without systemd or configuration files. Only this
 * machine can reach it. A server that a killed run left on the same directory is stopped first.
 *
 * @throws Error in one sentence: MariaDB missing, directory in use or foreign, port taken, or the server's own words
 */
export async function startMariaDb(options: MariaDbOptions): Promise<MariaDb> {
  const log = options.log ?? (() => {})
  const server = await findMariaDbServer()
  const dataDir = await installMariaDb(options.dataDir, log)
  await stopOrphan(dataDir, log)

  for (let tries = 1; ; tries++) {
    const [port = 0] = options.port === undefined ? await findFreePorts(1) : [options.port]
    const started = await tryStart(server, dataDir, port, options)
    if (typeof started !== 'string') {
      log(`MariaDB ${started.pid} answers on ${HOST}:${port}, data in ${dataDir}`)
      return started
    }
    const taken = started.includes('Address already in use')
    if (taken && options.port === undefined && tries < PORT_TRIES) continue
    throw new Error(
      taken ? `port ${port} is taken: MariaDB cannot listen on it.` : `MariaDB did not start: ${started}`,
    )
  }
}

/** @returns the running server, or why it ended */
async function tryStart(
  server: string,
  dataDir: string,
  port: number,
  options: MariaDbOptions,
): Promise<MariaDb | string> {
  const socket = chooseSocket(dataDir)
  const logFile = join(dataDir, 'mariadbd.log')
  const logFrom = (await logText(logFile)).length
  const parameters = [
    '--no-defaults',
    `--datadir=${dataDir}`,
    ...(await temporaryArguments(dataDir)),
    ...userArguments(),
    `--port=${port}`,
    `--bind-address=${HOST}`,
    `--socket=${socket}`,
    `--pid-file=${join(dataDir, 'mariadbd.pid')}`,
    `--log-error=${logFile}`,
    '--skip-name-resolve',
    '--performance-schema=OFF',
    `--innodb-log-file-size=${REDO_LOG_SIZE}`,
    `--innodb-buffer-pool-size=${options.bufferPool ?? 256}M`,
    `--innodb-flush-log-at-trx-commit=${(options.durable ?? true) ? 1 : 0}`,
    '--max-connections=200',
    // One commit of a busy block is one statement of many rows.
    '--max-allowed-packet=64M',
    '--character-set-server=utf8mb4',
    '--default-time-zone=+00:00',
  ]
  // Where the kernel cannot be told to, stopOrphan ends a server whose process died without a word.
  const [command, ...words] = await withDeathSignal(server, parameters)
  const child = spawn(command, words, {
    // A process group of its own: Ctrl-C in the terminal must not reach it before the crawler has finished.
    detached: true,
    stdio: 'ignore',
  })
  const exited = new Promise<void>((done) => {
    child.once('exit', () => done())
    child.once('error', () => done())
  })
  const pid = child.pid
  if (pid === undefined) {
    removeSocket(socket)
    return `${server} could not be run`
  }
  const endWithUs = () => child.kill('SIGTERM')
  process.once('exit', endWithUs)
  const stop = async () => {
    await stopProcess(pid, () => running(child))
    process.off('exit', endWithUs)
    await exited
    await removeRun(dataDir, socket)
  }

  await writeRun(dataDir, pid, socket)
  const user = encodeURIComponent(userInfo().username)
  const adminUrl = `mysql://${user}@localhost/?socketPath=${encodeURIComponent(socket)}`
  if (!(await ready(adminUrl, child))) {
    await stop()
    return startFault((await logText(logFile)).slice(logFrom)) ?? `it gave no answer; see ${logFile}`
  }
  child.unref()
  return {
    host: HOST,
    port,
    pid,
    dataDir,
    adminUrl,
    createDatabase: (name, accounts) => createStoreDatabase(adminUrl, { host: HOST, port }, name, accounts),
    dropDatabase: (name) => dropStoreDatabase(adminUrl, name),
    exited,
    stop,
  }
}

async function ready(adminUrl: string, child: ChildProcess): Promise<boolean> {
  const until = Date.now() + READY_MS
  while (running(child) && Date.now() < until) {
    try {
      const connection = await mysql.createConnection(adminUrl)
      await connection.end()
      return true
    } catch {
      await sleep(20)
    }
  }
  return false
}

function running(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null
}

/** The first error is the cause; those after it are its consequences. */
function startFault(text: string): string | undefined {
  const line = text.split('\n').find((candidate) => candidate.includes('[ERROR]'))
  return line?.replace(/^.*\[ERROR\]\s*/, '').trim()
}

async function logText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '')
}
