import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isAlive } from './mariadb-install.ts'

/** What a start writes beside the data, so that the next start can clear up after one that was killed. */
interface RunRecord {
  /** the process that started the server and stops it */
  owner: number
  server: number
  socket: string
}

/** sockaddr_un holds 108 bytes with the closing zero. */
const SOCKET_PATH_BYTES = 107
const SOCKET_DIRECTORY_PREFIX = 'casper-db-'
/** A server that has not ended by then after SIGTERM is killed; InnoDB recovers from that at the next start. */
export const STOP_MS = 20_000

const recordPath = (dataDir: string) => join(dataDir, 'run.json')

export async function writeRun(dataDir: string, server: number, socket: string): Promise<void> {
  const record: RunRecord = { owner: process.pid, server, socket }
  await writeFile(recordPath(dataDir), JSON.stringify(record))
}

export async function removeRun(dataDir: string, socket: string): Promise<void> {
  await rm(recordPath(dataDir), { force: true })
  removeSocket(socket)
}

/**
 * Stops the server that a killed process left behind on this very data directory.
 *
 * @throws Error in one sentence when its owner is alive: two servers on one directory would destroy it
 */
export async function stopOrphan(dataDir: string, log: (line: string) => void): Promise<void> {
  const record = await readRun(dataDir)
  const pidFile = await readText(join(dataDir, 'mariadbd.pid'))
  for (const pid of new Set([record?.server ?? 0, Number(pidFile ?? 0)])) {
    if (!(await serves(pid, dataDir))) continue
    const parent = await parentOf(pid)
    // An orphan has been handed to another parent by the kernel, so a recycled process id cannot mislead.
    if (record !== undefined && parent === record.owner) {
      throw new Error(
        `${dataDir} is in use by process ${record.owner}: stop it first, or give another directory.`,
      )
    }
    log(`stopping MariaDB ${pid}, which an earlier run left on ${dataDir}`)
    await stopProcess(pid, () => serves(pid, dataDir))
  }
  if (record !== undefined) await removeRun(dataDir, record.socket)
}

/** Ends a process by SIGTERM, by SIGKILL when that does not help. */
export async function stopProcess(pid: number, running: () => boolean | Promise<boolean>): Promise<void> {
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (!(await running())) return
    try {
      process.kill(pid, signal)
    } catch {
      return
    }
    for (let waited = 0; waited < STOP_MS; waited += 20) {
      await sleep(20)
      if (!(await running())) return
    }
  }
}

/** @returns a socket path that is short enough: in the data directory where it fits, else in a directory of its own */
export function chooseSocket(dataDir: string): string {
  const path = join(dataDir, 'mariadb.sock')
  if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES) return path
  const short = join(tmpdir(), SOCKET_DIRECTORY_PREFIX)
  const base =
    Buffer.byteLength(short) < SOCKET_PATH_BYTES - 20 ? short : join('/tmp', SOCKET_DIRECTORY_PREFIX)
  return join(mkdtempSync(base), 's')
}

export function removeSocket(socket: string): void {
  const directory = dirname(socket)
  const own = directory.split('/').at(-1)?.startsWith(SOCKET_DIRECTORY_PREFIX) ?? false
  rmSync(own ? directory : socket, { recursive: own, force: true })
}

/** Whether `pid` is a server told to use this very directory. Where there is no /proc the answer is no. */
async function serves(pid: number, dataDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false
  const words = ((await readText(`/proc/${pid}/cmdline`)) ?? '').split('\0')
  return words.includes(`--datadir=${dataDir}`)
}

async function parentOf(pid: number): Promise<number> {
  const status = (await readText(`/proc/${pid}/status`)) ?? ''
  return Number(/^PPid:\s*(\d+)/m.exec(status)?.[1] ?? 0)
}

async function readRun(dataDir: string): Promise<RunRecord | undefined> {
  try {
    const record = JSON.parse((await readText(recordPath(dataDir))) ?? '') as RunRecord
    return typeof record.socket === 'string' ? record : undefined
  } catch {
    // Never written, or cut off by the kill that this file is for.
    return undefined
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    return undefined
  }
}
