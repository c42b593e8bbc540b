import { request } from 'node:http'
import mysql from 'mysql2/promise'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { useMariaDb } from '../support/mariadb.ts'
import { basic, PASSWORD, startGateway, USER } from '../support/sql-gateway.ts'

const store = await useMariaDb()
const admin = await mysql.createConnection(store.adminUrl)
afterAll(() => admin.end())

/** Minutes of work for the server, by a statement that passes the check. */
const SLOW =
  'SELECT COUNT(*) FROM information_schema.collations a, information_schema.collations b, information_schema.collations c, information_schema.collations d'
/** About a second of work. */
const SHORT =
  'SELECT COUNT(*) n FROM information_schema.collations a, information_schema.collations b, information_schema.character_sets c'
const numbers = (count: number, value = 'n') =>
  `WITH RECURSIVE s AS (SELECT 1 n UNION ALL SELECT n + 1 FROM s WHERE n < ${count}) SELECT ${value} v FROM s`

/** Statements of this database's accounts that the server is busy with. */
async function busy(): Promise<number> {
  const [rows] = await admin.query(
    "SELECT COUNT(*) n FROM information_schema.processlist WHERE db = ? AND command = 'Query'",
    [store.name],
  )
  return Number((rows as { n: number }[])[0]?.n)
}
const idle = () => vi.waitFor(async () => expect(await busy()).toBe(0), { timeout: 5000, interval: 50 })

beforeEach(async () => {
  await idle()
})

test('an answer may have as many rows as the cap, not one more; the gateway goes on', async () => {
  const { client, post } = await startGateway(store.readerUrl, { caps: { rows: 100 } })
  expect((await client.execute(numbers(100))).rows).toHaveLength(100)
  const response = await post({ query: numbers(101), session: null })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    error: { code: 'RESOURCE_EXHAUSTED', message: 'the answer is larger than 100 rows: ask for less' },
  })
  expect((await client.execute(numbers(100))).rows).toHaveLength(100)
  await idle()
})

test('an answer may not have more bytes than the cap', async () => {
  const { client } = await startGateway(store.readerUrl, { caps: { bytes: 10_000 } })
  expect((await client.execute("SELECT REPEAT('x', 10000) v")).rows[0]?.v).toHaveLength(10_000)
  await expect(client.execute("SELECT REPEAT('x', 10001) v")).rejects.toMatchObject({
    body: { code: 'RESOURCE_EXHAUSTED', message: 'the answer is larger than 10000 bytes: ask for less' },
  })
  await expect(client.execute(numbers(1000, "REPEAT('y', 11)"))).rejects.toThrow('10000 bytes')
})

test('a statement is stopped in the store when its time is over, inside a transaction too', async () => {
  const { client, post } = await startGateway(store.readerUrl, { caps: { statementMs: 300 } })
  const response = await post({ query: SLOW, session: null })
  expect([response.status, await response.json()]).toMatchObject([
    504,
    { error: { code: 'DEADLINE_EXCEEDED', message: 'the statement ran longer than 300 ms' } },
  ])
  await idle()

  const connection = client.connection()
  await connection.execute('BEGIN')
  await expect(connection.execute(SLOW)).rejects.toMatchObject({ body: { code: 'DEADLINE_EXCEEDED' } })
  await expect(connection.execute('SELECT 1')).rejects.toMatchObject({ body: { code: 'ABORTED' } })
  await idle()
})

test('a client that hangs up stops its statement and frees the place', async () => {
  const { client, post } = await startGateway(store.readerUrl, {
    caps: { connections: 1, statementMs: 60_000 },
  })
  const abort = new AbortController()
  const asked = post(
    { query: SLOW, session: null },
    { signal: abort.signal, headers: { authorization: basic(USER, PASSWORD) } },
  )
  asked.catch(() => {})
  await vi.waitFor(async () => expect(await busy()).toBe(1), { timeout: 5000 })
  const waiting = client.execute('SELECT 1 a')
  abort.abort()
  await expect(asked).rejects.toThrow()
  expect((await waiting).rows).toEqual([{ a: 1 }])
  await idle()
})

test('a client that hangs up while it waits is forgotten', async () => {
  const { post } = await startGateway(store.readerUrl, {
    caps: { connections: 1, waiting: 1, statementMs: 1500, waitMs: 10_000 },
  })
  const running = post({ query: SLOW, session: null })
  await vi.waitFor(async () => expect(await busy()).toBe(1), { timeout: 5000 })
  const abort = new AbortController()
  const headers = { authorization: basic(USER, PASSWORD) }
  const gone = post({ query: 'SELECT 1' }, { signal: abort.signal, headers })
  await expect(post({ query: 'SELECT 1' })).resolves.toMatchObject({ status: 503 })
  abort.abort()
  await expect(gone).rejects.toThrow()
  // Its place in the line is free again.
  await vi.waitFor(async () => expect((await post({ query: 'SELECT 1' })).status).toBe(200), {
    timeout: 5000,
  })
  expect((await running).status).toBe(504)
})

test('a full line is 503 with Retry-After, a long wait too', async () => {
  const { post } = await startGateway(store.readerUrl, {
    caps: { connections: 2, waiting: 3, waitMs: 200, statementMs: 1500 },
  })
  const slow = [post({ query: SLOW }), post({ query: SLOW })]
  await vi.waitFor(async () => expect(await busy()).toBe(2), { timeout: 5000 })
  const answers = await Promise.all(Array.from({ length: 10 }, () => post({ query: 'SELECT 1' })))
  expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(503))
  expect(answers.every(({ headers }) => headers.get('retry-after') === '1')).toBe(true)
  const reasons = await Promise.all(
    answers.map(async (answer) => ((await answer.json()) as Answer).error.message),
  )
  expect(reasons.filter((reason) => reason.includes('too many wait'))).toHaveLength(7)
  expect(reasons.filter((reason) => reason.includes('waited too long'))).toHaveLength(3)
  expect((await Promise.all(slow)).map(({ status }) => status)).toEqual([504, 504])
  expect((await post({ query: 'SELECT 1' })).status).toBe(200)
})

interface Answer {
  error: { message: string }
}

test('a request body over the cap is 413, announced or not', async () => {
  const { client, post, url } = await startGateway(store.readerUrl, { caps: { requestBytes: 2000 } })
  const most = { query: `SELECT 1 -- ${'x'.repeat(1900)}` }
  expect((await post(most)).status).toBe(200)
  const over = await post({ query: `SELECT 1 -- ${'x'.repeat(2000)}` })
  expect([over.status, await over.json()]).toMatchObject([413, { error: { code: 'PAYLOAD_TOO_LARGE' } }])

  const status = await new Promise<number | undefined>((done, fail) => {
    const sent = request(`${url}/psdb.v1alpha1.Database/Execute`, {
      method: 'POST',
      headers: { authorization: basic(USER, PASSWORD), 'transfer-encoding': 'chunked' },
    })
    sent.on('response', (response) => {
      response.resume()
      done(response.statusCode)
      sent.destroy()
    })
    sent.on('error', fail)
    for (let part = 0; part < 5; part++) sent.write('x'.repeat(1000))
  })
  expect(status).toBe(413)
  expect((await client.execute('SELECT 1 a')).rows).toEqual([{ a: 1 }])
})

test('many statements at once share the connections and none gets the answer of another', async () => {
  const { client } = await startGateway(store.readerUrl, {
    caps: { connections: 4, waiting: 500, waitMs: 20_000 },
  })
  const asked = Array.from({ length: 400 }, (_, index) => client.execute('SELECT ? v', [index]))
  const got = (await Promise.all(asked)).map(({ rows }) => Number(rows[0]?.v))
  expect(got).toEqual(Array.from({ length: 400 }, (_, index) => index))
  const [rows] = await admin.query('SELECT COUNT(*) n FROM information_schema.processlist WHERE db = ?', [
    store.name,
  ])
  expect(Number((rows as { n: number }[])[0]?.n)).toBeLessThanOrEqual(5)
})

test('a stop lets a running statement finish, refuses new ones and leaves no connection', async () => {
  const { url, post, close } = await startGateway(store.readerUrl, {
    caps: { statementMs: 20_000, stopMs: 10_000 },
  })
  const running = post({ query: SHORT })
  await vi.waitFor(async () => expect(await busy()).toBe(1), { timeout: 5000, interval: 5 })
  const closed = close()
  const answer = await running
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close'])
  await answer.text()
  await closed
  await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  // The server notices a moment later that a connection is gone.
  await vi.waitFor(
    async () => {
      const [rows] = await admin.query('SELECT COUNT(*) n FROM information_schema.processlist WHERE db = ?', [
        store.name,
      ])
      expect(rows).toEqual([{ n: 0 }])
    },
    { timeout: 5000 },
  )
})

test('a stop ends what takes too long', async () => {
  const { post, close } = await startGateway(store.readerUrl, { caps: { statementMs: 60_000, stopMs: 200 } })
  const running = post({ query: SLOW }).then(
    (answer) => answer.status,
    () => 'ended',
  )
  await vi.waitFor(async () => expect(await busy()).toBe(1), { timeout: 5000 })
  await close()
  expect([503, 'ended']).toContain(await running)
  await idle()
})
