import { Client } from '@planetscale/database'
import mysql from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useMariaDb } from '../support/mariadb.ts'
import { basic, PASSWORD, startGateway, USER } from '../support/sql-gateway.ts'

const store = await useMariaDb()
const writer = await mysql.createConnection(store.writerUrl)
afterAll(() => writer.end())
beforeAll(async () => {
  await writer.query('CREATE TABLE t (id INT PRIMARY KEY)')
  await writer.query('INSERT INTO t VALUES (1)')
})

/** Each of these changes, locks, waits or writes a file on a server that lets it. */
const DISGUISES = [
  'INSERT INTO t VALUES (2)',
  'insert/**/into t values (2)',
  '/* SELECT */ DELETE FROM t',
  '-- SELECT\nDELETE FROM t',
  '#\nDELETE FROM t',
  '/*!DELETE FROM t*/',
  '/*M!DELETE FROM t*/',
  'SELECT 1; DELETE FROM t',
  'WITH x AS (SELECT 1) DELETE FROM t',
  "SELECT * FROM t INTO OUTFILE '/tmp/gateway-test.txt'",
  "SELECT 1.INTO OUTFILE '/tmp/gateway-test.txt'",
  "SELECT 1e5INTO OUTFILE '/tmp/gateway-test.txt'",
  "SELECT 1 /*!INTO OUTFILE '/tmp/gateway-test.txt'*/",
  "SELECT 'x' INTO DUMPFILE '/tmp/gateway-test.txt'",
  'SELECT * FROM t FOR UPDATE',
  'SELECT * FROM t LOCK IN SHARE MODE',
  'SELECT SLEEP(5)',
  'SELECT `SLEEP`(5)',
  'SELECT 1 /*!,SLEEP(5)*/',
  'SELECT BENCHMARK(1000000000, SHA2(1, 512))',
  "SELECT GET_LOCK('a', 5)",
  "SELECT LOAD_FILE('/etc/passwd')",
  'SELECT @a := 1',
  'SET @a = 1',
  'SET SESSION TRANSACTION READ WRITE',
  'START TRANSACTION READ WRITE',
  'BEGIN NOT ATOMIC DELETE FROM t; END',
  "EXECUTE IMMEDIATE 'DELETE FROM t'",
  'ANALYZE DELETE FROM t',
  'DO SLEEP(5)',
  'DROP TABLE t',
  'CREATE TEMPORARY TABLE u (id INT)',
  'LOCK TABLES t READ',
  'KILL 1',
]

describe('sql-gateway: only reads', () => {
  test('every disguise is refused at once, even with an account that could', async () => {
    // The writer's account shows that the check alone is enough; the reader's is tried below.
    const { post } = await startGateway(store.writerUrl)
    for (const query of DISGUISES) {
      const response = await post({ query, session: null })
      const text = await response.text()
      expect([query, response.status, JSON.parse(text).error?.code]).toEqual([
        query,
        400,
        'PERMISSION_DENIED',
      ])
      expect(text).toContain('the gateway refuses this statement: ')
    }
    expect((await writer.query('SELECT * FROM t'))[0]).toEqual([{ id: 1 }])
  })

  test('the same inside a transaction, which goes on', async () => {
    const { client } = await startGateway(store.writerUrl)
    const connection = client.connection()
    await connection.execute('BEGIN')
    await expect(connection.execute('DELETE FROM t')).rejects.toThrow('refuses')
    expect((await connection.execute('SELECT id FROM t')).rows).toEqual([{ id: 1 }])
    await connection.execute('COMMIT')
  })

  test('without the check, the sessions would still be READ ONLY', async () => {
    const { client } = await startGateway(store.writerUrl)
    const { rows } = await client.execute('SELECT @@session.tx_read_only r')
    expect(Number(rows[0]?.r)).toBe(1)
  })

  test('without both, the account may not', async () => {
    const { client } = await startGateway(store.readerUrl, { readOnly: false })
    for (const query of [
      'INSERT INTO t VALUES (2)',
      'DELETE FROM t',
      'DROP TABLE t',
      'CREATE TABLE u (id INT)',
    ]) {
      await expect(client.execute(query)).rejects.toMatchObject({
        body: { code: 'PERMISSION_DENIED' },
        message: expect.stringContaining('(errno 1142) (sqlstate 42000)'),
      })
    }
  })
})

describe('sql-gateway: who may ask, and how', () => {
  test('a wrong or missing password is 401 and says how to come in', async () => {
    const { url, post } = await startGateway(store.readerUrl)
    for (const authorization of [
      '',
      'Basic',
      basic(USER, 'wrong'),
      basic('other', PASSWORD),
      `Bearer ${PASSWORD}`,
    ]) {
      const response = await post({ query: 'SELECT 1' }, { headers: { authorization } })
      expect([authorization, response.status]).toEqual([authorization, 401])
      expect(response.headers.get('www-authenticate')).toContain('Basic')
      expect(await response.json()).toEqual({
        error: { code: 'UNAUTHENTICATED', message: 'user or password is wrong' },
      })
    }
    const wrong = new Client({ url: url.replace('//', `//${USER}:wrong@`) })
    await expect(wrong.execute('SELECT 1')).rejects.toMatchObject({ name: 'DatabaseError', status: 401 })
  })

  test('other paths are 404, other methods 405 with Allow', async () => {
    const { url } = await startGateway(store.readerUrl)
    const other = await fetch(`${url}/psdb.v1alpha1.Database/Prepare`, { method: 'POST', body: '{}' })
    expect([other.status, (await other.json()) as unknown]).toMatchObject([
      404,
      { error: { code: 'NOT_FOUND' } },
    ])
    expect((await fetch(`${url}/__proto__`, { method: 'POST' })).status).toBe(404)
    const got = await fetch(`${url}/psdb.v1alpha1.Database/Execute`)
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
    const posted = await fetch(`${url}/healthz`, { method: 'POST' })
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
  })

  test.each([
    ['{', 'not JSON'],
    ['', 'not JSON'],
    ['[]', 'must be an object'],
    ['null', 'must be an object'],
    ['{}', 'query must be a text'],
    ['{"query":7}', 'query must be a text'],
    ['{"query":"  "}', 'query must be a text'],
    ['{"query":"SELECT 1","session":"abc"}', 'session must be null'],
    ['{"query":"SELECT 1","session":{"signature":7}}', 'session must be null'],
    ['{"query":"SAVEPOINT a"}', 'BEGIN first'],
  ])('a bad body is 400 with the reason: %s', async (body, reason) => {
    const { post } = await startGateway(store.readerUrl)
    const response = await post(body)
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { error: { code: 'INVALID_ARGUMENT', message: expect.stringContaining(reason) } },
    ])
  })

  test('healthz is open to anyone and tells nothing but ok', async () => {
    const { url } = await startGateway(store.readerUrl)
    const response = await fetch(`${url}/healthz`)
    expect([response.status, await response.json()]).toEqual([200, { ok: true }])
    expect((await fetch(`${url}/healthz`, { method: 'HEAD' })).status).toBe(200)
  })
})
