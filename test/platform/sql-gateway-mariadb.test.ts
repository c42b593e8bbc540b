import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import mysql from 'mysql2/promise'
import { afterAll, describe, expect, test, vi } from 'vitest'
import { ensureDebianPackage } from '../../scripts/apt.ts'
import { type MariaDb, startMariaDb } from '../../scripts/mariadb.ts'
import { isAlive } from '../../scripts/mariadb-install.ts'
import { startOwnMariaDb, useMariaDb } from '../support/mariadb.ts'

const home = await mkdtemp(join(tmpdir(), 'casper-start-'))
afterAll(() => rm(home, { recursive: true, force: true }))

async function query<T = Record<string, unknown>>(url: string, sql: string): Promise<T[]> {
  const connection = await mysql.createConnection(url)
  try {
    const [rows] = await connection.query(sql)
    return rows as T[]
  } finally {
    await connection.end()
  }
}

describe('useMariaDb', async () => {
  const store = await useMariaDb()
  const neighbour = await useMariaDb()

  test('the writer makes tables and rows, the reader reads them and may change nothing', async () => {
    const { writerUrl, readerUrl } = store
    await query(writerUrl, 'CREATE TABLE a (id INT PRIMARY KEY)')
    await query(writerUrl, 'INSERT INTO a VALUES (1)')
    await query(writerUrl, 'ALTER TABLE a ADD COLUMN b INT, ADD INDEX (b)')
    expect(await query(readerUrl, 'SELECT id FROM a')).toEqual([{ id: 1 }])
    await expect(query(readerUrl, 'INSERT INTO a VALUES (2, 2)')).rejects.toMatchObject({ errno: 1142 })
    await expect(query(readerUrl, 'DROP TABLE a')).rejects.toMatchObject({ errno: 1142 })
    await expect(query(readerUrl, 'CREATE TEMPORARY TABLE c (id INT)')).rejects.toMatchObject({ errno: 1044 })
    await expect(query(writerUrl, `USE ${neighbour.name}`)).rejects.toMatchObject({ errno: 1044 })
    await expect(query(writerUrl, 'CREATE DATABASE other')).rejects.toMatchObject({ errno: 1044 })
  })

  test('nobody gets in over TCP without a password', async () => {
    const { host } = new URL(store.writerUrl)
    for (const user of ['root', 'mysql', 'mariadb.sys', `${store.name}_reader`, 'anyone']) {
      // 1045 or 1698: for a name that it does not know the server picks a way of refusing at random.
      await expect(query(`mysql://${user}@${host}/`, 'SELECT 1')).rejects.toThrow('Access denied')
    }
  })
})

describe('startMariaDb', { timeout: 60_000 }, () => {
  test('from nothing: database and accounts, kept over a restart, nothing left running', async () => {
    const dataDir = join(home, 'first', 'data')
    const first = await startMariaDb({ dataDir })
    const made = await first.createDatabase('casper_metrics')
    await query(made.writerUrl, 'CREATE TABLE t (id INT)')
    expect(
      await query(first.adminUrl, 'SELECT @@innodb_flush_log_at_trx_commit f, @@performance_schema p'),
    ).toEqual([{ f: 1, p: 0 }])
    await first.stop()
    await first.stop()
    expect(isAlive(first.pid)).toBe(false)
    expect(existsSync(join(dataDir, 'mariadb.sock'))).toBe(false)

    const second = await startMariaDb({ dataDir })
    // The passwords given once are good until others are asked for.
    expect(await query(made.readerUrl.replace(/:\d+\//, `:${second.port}/`), 'SHOW TABLES')).toHaveLength(1)
    const renewed = await second.createDatabase('casper_metrics', { readerPassword: 'given%40 by/hand' })
    expect(await query(renewed.readerUrl, 'SELECT * FROM t')).toEqual([])
    expect(await query(renewed.writerUrl, 'SHOW TABLES')).toHaveLength(1)
    await expect(second.createDatabase("x'; DROP")).rejects.toThrow('cannot name a database')
    await second.stop()
  })

  test('what a start killed half way left behind is cleared', async () => {
    const dataDir = join(home, 'half', 'data')
    const gone = spawn('true')
    await once(gone, 'exit')
    await mkdir(join(`${dataDir}.new-${gone.pid}`, 'mysql'), { recursive: true })
    const server = await startMariaDb({ dataDir })
    expect(await readdir(join(home, 'half'))).toEqual(['data'])
    await server.stop()
  })

  test('temporary tables stand in a directory of the server alone, from its first moment on', async () => {
    // The shared directory is where another server's start would sweep them away.
    vi.stubEnv('TMPDIR', join(home, 'swept away'))
    const dataDir = join(home, 'private', 'data')
    const server = await startMariaDb({ dataDir })
    const [found] = await query(server.adminUrl, 'SELECT @@tmpdir AS directory')
    expect(found).toEqual({ directory: join(dataDir, 'tmp') })
    expect(await query(server.adminUrl, "SHOW DATABASES LIKE 'tmp'")).toEqual([])
    await server.stop()
    vi.unstubAllEnvs()
  })

  test('a directory with something else in it is left alone', async () => {
    const dataDir = join(home, 'foreign')
    await mkdir(dataDir)
    await writeFile(join(dataDir, 'thesis.txt'), 'do not touch')
    await expect(startMariaDb({ dataDir })).rejects.toThrow('neither empty nor a MariaDB data directory')
    expect(await readdir(dataDir)).toEqual(['thesis.txt'])
  })

  test('a deep directory gets a short socket, removed by stop', async () => {
    const dataDir = join(home, 'deep'.padEnd(120, '-'), 'data')
    const server = await startMariaDb({ dataDir })
    const socket = new URL(server.adminUrl).searchParams.get('socketPath') ?? ''
    expect(Buffer.byteLength(socket)).toBeLessThan(108)
    await server.stop()
    expect(existsSync(join(socket, '..'))).toBe(false)
  })

  test('two at once do not disturb each other; one directory is not used twice; a taken port is told', async () => {
    const [a, b] = await Promise.all([startOwnMariaDb(), startOwnMariaDb()])
    expect(a.port).not.toBe(b.port)
    await expect(startMariaDb({ dataDir: a.dataDir })).rejects.toThrow(`is in use by process ${process.pid}`)
    expect(await query(a.adminUrl, 'SELECT 1 a')).toEqual([{ a: 1 }])
    await expect(startMariaDb({ dataDir: join(home, 'port'), port: b.port })).rejects.toThrow(
      `port ${b.port} is taken`,
    )
  })

  /** Starts a server in a process of its own, which is then killed without a chance to stop it. */
  async function startAndKill(dataDir: string, asleep: boolean): Promise<number> {
    const module = new URL('../../scripts/mariadb.ts', import.meta.url).href
    const script = `import { startMariaDb } from '${module}'
      const server = await startMariaDb({ dataDir: ${JSON.stringify(dataDir)}, durable: false })
      console.log(server.pid)
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(parent.stdout, 'data')
    const pid = Number(String(line))
    // Stopped, it cannot obey the signal that its parent's death sends: as where setpriv is missing.
    if (asleep) process.kill(pid, 'SIGSTOP')
    parent.kill('SIGKILL')
    await once(parent, 'exit')
    return pid
  }

  test('the server ends when the process that started it is killed', async () => {
    const pid = await startAndKill(join(home, 'orphan'), false)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 })
  })

  test('a server left by a killed process is stopped by the next start', async () => {
    const dataDir = join(home, 'left')
    const pid = await startAndKill(dataDir, true)
    expect(isAlive(pid)).toBe(true)
    setTimeout(() => process.kill(pid, 'SIGCONT'), 300)
    const said: string[] = []
    let next: MariaDb | undefined
    try {
      next = await startMariaDb({ dataDir, log: (line) => said.push(line) })
      expect(said[0]).toBe(`stopping MariaDB ${pid}, which an earlier run left on ${dataDir}`)
      expect(isAlive(pid)).toBe(false)
      expect(await query(next.adminUrl, 'SELECT 1 a')).toEqual([{ a: 1 }])
    } finally {
      await next?.stop()
    }
  })
})

test('ensureDebianPackage: a command that is there is used, and nothing is said', async () => {
  const said: string[] = []
  const log = (line: string) => said.push(line)
  const path = await ensureDebianPackage({
    command: ['no-such-program', 'mariadbd'],
    packages: ['mariadb-server'],
    log,
  })
  expect(path).toMatch(/\/mariadbd$/)
  expect(said).toEqual([])
})
