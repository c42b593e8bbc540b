import { readdirSync, readFileSync } from 'node:fs'
import mysql from 'mysql2/promise'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type MariaDb, startMariaDb } from '../../scripts/mariadb.ts'
import { startOwnMariaDb } from '../support/mariadb.ts'
import { startGateway } from '../support/sql-gateway.ts'

const first = await startOwnMariaDb()
const database = await first.createDatabase('outage')
let again: MariaDb | undefined
afterEach(async () => {
  await again?.stop()
})

const health = async (url: string) => {
  const response = await fetch(`${url}/healthz`)
  return [response.status, await response.json()]
}

/** Of a process's threads: those of one that is being stopped stop one after another, and answer until then. */
function statesOf(pid: number): string[] {
  const stats = readdirSync(`/proc/${pid}/task`).map((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8'),
  )
  return [...new Set(stats.map((stat) => /\) (\w) /.exec(stat)?.[1] ?? ''))]
}

describe('sql-gateway: the store fails', { timeout: 30_000 }, () => {
  test('a connection that the store closes is replaced without an error', async () => {
    const { client, post } = await startGateway(database.readerUrl)
    await Promise.all(Array.from({ length: 8 }, () => client.execute('SELECT 1')))
    const admin = await mysql.createConnection(first.adminUrl)
    const [rows] = await admin.query("SELECT id FROM information_schema.processlist WHERE db = 'outage'")
    for (const { id } of rows as { id: number }[]) await admin.query(`KILL ${id}`)
    await admin.end()
    const answers = await Promise.all(Array.from({ length: 8 }, () => post({ query: 'SELECT 1' })))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    await client.transaction((tx) => tx.execute('SELECT 1'))
  })

  test('killed and started again: 503 in between, then all is well without a restart of the gateway', async () => {
    const { client, post, url, events } = await startGateway(database.readerUrl)
    const connection = client.connection()
    await connection.execute('BEGIN')
    await Promise.all(Array.from({ length: 8 }, () => client.execute('SELECT 1')))
    expect(await health(url)).toEqual([200, { ok: true }])

    process.kill(first.pid, 'SIGKILL')
    await first.exited
    const down = await post({ query: 'SELECT 1' })
    expect([down.status, down.headers.get('retry-after')]).toEqual([503, '1'])
    expect(await down.json()).toMatchObject({ error: { code: 'UNAVAILABLE' } })
    expect(await health(url)).toEqual([503, { ok: false }])

    again = await startMariaDb({ dataDir: first.dataDir, port: first.port, durable: false, bufferPool: 64 })
    expect(await health(url)).toEqual([200, { ok: true }])
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.execute('SELECT 1 a')))
    expect(answers.every(({ rows }) => rows[0]?.a === 1)).toBe(true)
    await expect(connection.execute('SELECT 1')).rejects.toMatchObject({ body: { code: 'ABORTED' } })
    await connection.execute('ROLLBACK')
    await connection.execute('BEGIN')
    await connection.execute('COMMIT')

    const told = JSON.stringify(events)
    expect(told).toContain('UNAVAILABLE')
    expect(told).not.toMatch(/SELECT|mysql:|outage_reader/)
    expect(told).not.toContain(new URL(database.readerUrl).password)
  })

  test('a store that accepts and says nothing is 503 too, and healthz answers all the same', async () => {
    again = await startMariaDb({ dataDir: first.dataDir, port: first.port, durable: false, bufferPool: 64 })
    const { client, post, url } = await startGateway(database.readerUrl, { caps: { statementMs: 500 } })
    await client.execute('SELECT 1')
    expect(await health(url)).toEqual([200, { ok: true }])
    process.kill(again.pid, 'SIGSTOP')
    const { pid } = again
    await vi.waitFor(() => expect(statesOf(pid)).toEqual(['T']))
    try {
      expect(await health(url)).toEqual([503, { ok: false }])
      expect((await post({ query: 'SELECT 1' })).status).toBe(504)
      expect((await post({ query: 'SELECT 1' })).status).toBe(503)
    } finally {
      process.kill(again.pid, 'SIGCONT')
    }
    await vi.waitFor(async () => expect(await health(url)).toEqual([200, { ok: true }]), { timeout: 5000 })
    expect((await client.execute('SELECT 1 a')).rows).toEqual([{ a: 1 }])
  })

  test('an account that the store refuses is 503 and its password is not told', async () => {
    again = await startMariaDb({ dataDir: first.dataDir, port: first.port, durable: false, bufferPool: 64 })
    const wrong = database.readerUrl.replace(/:[^:@]+@/, ':not-the-password@')
    const { post, url, events } = await startGateway(wrong)
    const response = await post({ query: 'SELECT 1' })
    const text = await response.text()
    expect([response.status, JSON.parse(text).error.code]).toEqual([503, 'UNAVAILABLE'])
    expect(`${text}${JSON.stringify(events)}`).not.toMatch(/not-the-password|outage_reader/)
    expect(await health(url)).toEqual([503, { ok: false }])
  })
})
