import { Client } from '@planetscale/database'
import { sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/planetscale-serverless'
import mysql from 'mysql2/promise'
import { afterAll, beforeEach, expect, test, vi } from 'vitest'
import { useMariaDb } from '../support/mariadb.ts'
import { startGateway } from '../support/sql-gateway.ts'

const store = await useMariaDb()
const admin = await mysql.createConnection(store.adminUrl)
const writer = await mysql.createConnection(store.writerUrl)
afterAll(async () => {
  await writer.end()
  await admin.end()
})

beforeEach(async () => {
  await writer.query('CREATE OR REPLACE TABLE t (id INT PRIMARY KEY, v INT)')
  await writer.query('INSERT INTO t VALUES (1, 0), (2, 0)')
})

const count = async (client: Pick<Client, 'execute'>) =>
  Number((await client.execute('SELECT COUNT(*) n FROM t')).rows[0]?.n)

/** Connections of this database's accounts that hold a transaction open. */
async function transactions(): Promise<number> {
  const [rows] = await admin.query(
    `SELECT COUNT(*) n FROM information_schema.innodb_trx x
     JOIN information_schema.processlist p ON p.id = x.trx_mysql_thread_id WHERE p.db = ?`,
    [store.name],
  )
  return Number((rows as { n: number }[])[0]?.n)
}

test('a transaction is isolated until COMMIT, ROLLBACK undoes it', async () => {
  const { client } = await startGateway(store.writerUrl, { readOnly: false })
  await client.transaction(async (tx) => {
    await tx.execute('INSERT INTO t VALUES (3, 0)')
    expect([await count(tx), await count(client)]).toEqual([3, 2])
  })
  expect(await count(client)).toBe(3)

  const undone = client.transaction(async (tx) => {
    await tx.execute('DELETE FROM t')
    expect(await count(tx)).toBe(0)
    throw new Error('changed my mind')
  })
  await expect(undone).rejects.toThrow('changed my mind')
  expect(await count(client)).toBe(3)
  expect(await transactions()).toBe(0)
})

test('a reading transaction keeps its view while others write', async () => {
  const { client } = await startGateway(store.readerUrl)
  await client.transaction(async (tx) => {
    expect(await count(tx)).toBe(2)
    await writer.query('INSERT INTO t VALUES (3, 0)')
    expect([await count(tx), await count(client)]).toEqual([2, 3])
  })
})

test('a connection goes on after COMMIT as if there had been no transaction', async () => {
  const { client } = await startGateway(store.readerUrl)
  const connection = client.connection()
  for (const end of ['COMMIT', 'ROLLBACK']) {
    await connection.execute('BEGIN')
    await connection.execute('SELECT 1')
    await connection.execute(end)
    expect((await connection.execute('SELECT 1 a')).rows).toEqual([{ a: 1 }])
  }
  await connection.execute('SET TRANSACTION READ ONLY')
  await connection.execute('ROLLBACK')
})

test('drizzle: nested transactions are savepoints', async () => {
  const { client } = await startGateway(store.writerUrl, { readOnly: false })
  const db = drizzle({ client })
  await db.transaction(async (tx) => {
    await tx.execute(sql`INSERT INTO t VALUES (3, 0)`)
    await tx
      .transaction(async (inner) => {
        await inner.execute(sql`INSERT INTO t VALUES (4, 0)`)
        throw new Error('inner only')
      })
      .catch(() => {})
  })
  expect(await count(client)).toBe(3)
})

test('statements sent at once in one transaction run one after another', async () => {
  const { client } = await startGateway(store.writerUrl, { readOnly: false })
  await client.transaction(async (tx) => {
    await Promise.all(
      Array.from({ length: 30 }, (_, index) => tx.execute(`INSERT INTO t VALUES (${10 + index}, 0)`)),
    )
  })
  expect(await count(client)).toBe(32)
})

test('a transaction that falls silent is rolled back and its connection freed; ROLLBACK then does no harm', async () => {
  const { client } = await startGateway(store.writerUrl, { readOnly: false, caps: { sessionIdleMs: 300 } })
  const connection = client.connection()
  await connection.execute('BEGIN')
  await connection.execute('INSERT INTO t VALUES (3, 0)')
  expect(await transactions()).toBe(1)
  await vi.waitFor(async () => expect(await transactions()).toBe(0), { timeout: 3000 })
  await expect(connection.execute('INSERT INTO t VALUES (4, 0)')).rejects.toMatchObject({
    body: { code: 'ABORTED' },
  })
  await expect(connection.execute('COMMIT')).rejects.toMatchObject({ body: { code: 'ABORTED' } })
  await connection.execute('ROLLBACK')
  expect(await count(client)).toBe(2)
})

test('activity keeps a transaction alive', async () => {
  const { client } = await startGateway(store.readerUrl, { caps: { sessionIdleMs: 400 } })
  await client.transaction(async (tx) => {
    for (let round = 0; round < 6; round++) {
      await new Promise((done) => setTimeout(done, 120))
      await tx.execute('SELECT 1')
    }
  })
})

test('the number of open transactions is bounded, and reads outside go on', async () => {
  const { client, post } = await startGateway(store.readerUrl, { caps: { sessions: 2 } })
  const open = [client.connection(), client.connection()]
  for (const connection of open) await connection.execute('BEGIN')
  const refused = await post({ query: 'BEGIN', session: null })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  expect(await refused.json()).toMatchObject({ error: { code: 'UNAVAILABLE' } })
  expect(await count(client)).toBe(2)
  await open[0]?.execute('COMMIT')
  await client.transaction(count)
})

test('a made-up session is refused and a real one cannot be guessed', async () => {
  const { post } = await startGateway(store.readerUrl)
  const begun = (await (await post({ query: 'BEGIN', session: null })).json()) as {
    session: { signature: string }
  }
  expect(begun.session.signature).toMatch(/^[\w-]{32}$/)
  for (const signature of ['1', begun.session.signature.slice(0, -1), '__proto__']) {
    const response = await post({ query: 'SELECT 1', session: { signature } })
    expect([response.status, await response.json()]).toMatchObject([400, { error: { code: 'ABORTED' } }])
  }
  const again = await post({ query: 'SELECT 1', session: begun.session })
  expect(again.status).toBe(200)
})

test('a failed statement leaves the transaction open, a deadlock ends it', async () => {
  const { client } = await startGateway(store.writerUrl, { readOnly: false })
  await client.transaction(async (tx) => {
    await expect(tx.execute('INSERT INTO t VALUES (1, 0)')).rejects.toThrow('(errno 1062)')
    await tx.execute('INSERT INTO t VALUES (3, 0)')
  })
  expect(await count(client)).toBe(3)

  const [a, b] = [client.connection(), client.connection()]
  for (const connection of [a, b]) await connection.execute('BEGIN')
  await a.execute('UPDATE t SET v = 1 WHERE id = 1')
  await b.execute('UPDATE t SET v = 2 WHERE id = 2')
  const both = await Promise.allSettled([
    a.execute('UPDATE t SET v = 1 WHERE id = 2'),
    b.execute('UPDATE t SET v = 2 WHERE id = 1'),
  ])
  const lost = both.findIndex(({ status }) => status === 'rejected')
  expect(both[lost]).toMatchObject({
    reason: { message: expect.stringContaining('(errno 1213) (sqlstate 40001)') },
  })
  const [loser, winner] = lost === 0 ? [a, b] : [b, a]
  // Had the session gone on, this would have been committed at once, outside any transaction.
  await expect(loser.execute('INSERT INTO t VALUES (9, 9)')).rejects.toMatchObject({
    body: { code: 'ABORTED' },
  })
  await loser.execute('ROLLBACK')
  await winner.execute('COMMIT')
  expect(await count(client)).toBe(3)
})

test('DDL inside a transaction is refused: it would commit', async () => {
  const { client } = await startGateway(store.writerUrl, { readOnly: false })
  await expect(client.transaction((tx) => tx.execute('CREATE TABLE u (id INT)'))).rejects.toThrow('DDL')
})

test('stopping rolls open transactions back', async () => {
  const { client, close } = await startGateway(store.writerUrl, { readOnly: false })
  const connection = client.connection()
  await connection.execute('BEGIN')
  await connection.execute('DELETE FROM t')
  await close()
  await vi.waitFor(async () => expect(await transactions()).toBe(0), { timeout: 3000 })
  const [rows] = await writer.query('SELECT COUNT(*) n FROM t')
  expect(rows).toEqual([{ n: 2 }])
})
