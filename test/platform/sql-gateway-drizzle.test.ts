import { desc, eq, sql } from 'drizzle-orm'
import {
  bigint,
  binary,
  datetime,
  decimal,
  int,
  json,
  mysqlTable,
  varbinary,
  varchar,
} from 'drizzle-orm/mysql-core'
import { drizzle } from 'drizzle-orm/planetscale-serverless'
import mysql from 'mysql2/promise'
import { beforeAll, describe, expect, test } from 'vitest'
import { useMariaDb } from '../support/mariadb.ts'
import { startGateway } from '../support/sql-gateway.ts'

const store = await useMariaDb()

const U64 = '18446744073709551615'
const DECIMAL_38 = '9'.repeat(38)
const TEXT = 'emoji 😀 quote \' " back\\slash\n nul\0 漢'

beforeAll(async () => {
  const writer = await mysql.createConnection(store.writerUrl)
  await writer.query(`CREATE TABLE kinds (id INT PRIMARY KEY, height BIGINT UNSIGNED, motes DECIMAL(38,0), at DATETIME(3),
    name VARCHAR(200) CHARACTER SET utf8mb4, hash BINARY(4), raw VARBINARY(300), doc JSON)`)
  const doc = JSON.stringify({ list: [1, 'ü'], none: null })
  const row = [
    1,
    U64,
    DECIMAL_38,
    '2026-11-24 01:02:03.456',
    TEXT,
    Buffer.from('beef'),
    Buffer.from([0, 255]),
    doc,
  ]
  await writer.query('INSERT INTO kinds VALUES (?), (2, NULL, NULL, NULL, NULL, NULL, NULL, NULL)', [row])
  await writer.end()
})

const kinds = mysqlTable('kinds', {
  id: int('id').primaryKey(),
  height: bigint('height', { mode: 'bigint', unsigned: true }),
  motes: decimal('motes', { precision: 38, scale: 0, mode: 'bigint' }),
  at: datetime('at', { mode: 'date', fsp: 3 }),
  name: varchar('name', { length: 200 }),
  hash: binary('hash', { length: 32 }),
  raw: varbinary('raw', { length: 300 }),
  doc: json('doc'),
})

describe('sql-gateway: values through drizzle planetscale-serverless', () => {
  test('bigint, decimal, date, text and json are what the schema says', async () => {
    const { client } = await startGateway(store.readerUrl)
    const db = drizzle({ client, schema: { kinds } })
    const [row] = await db
      .select()
      .from(kinds)
      .where(eq(kinds.height, BigInt(U64)))
      .orderBy(desc(kinds.id))
      .limit(5)
    expect(row).toMatchObject({
      id: 1,
      height: BigInt(U64),
      motes: BigInt(DECIMAL_38),
      at: new Date('2026-11-24T01:02:03.456Z'),
      name: TEXT,
      doc: { list: [1, 'ü'], none: null },
    })
    const relational = await db.query.kinds.findFirst({
      where: eq(kinds.at, new Date('2026-11-24T01:02:03.456Z')),
    })
    expect(relational?.id).toBe(1)
  })

  test('a reading transaction sees one state and ends', async () => {
    const { client } = await startGateway(store.readerUrl)
    const db = drizzle({ client })
    const counts = await db.transaction(async (tx) => {
      const [first] = await tx.select({ n: sql<string>`count(*)` }).from(kinds)
      const inner = await tx.transaction((nested) => nested.select({ id: kinds.id }).from(kinds))
      return [first?.n, inner.length]
    })
    expect(counts).toEqual(['2', 2])
  })
})

describe('sql-gateway: readOnly false, for the contract tests of a write path', () => {
  test('rowsAffected and insertId are exact, a duplicate key carries errno 1062', async () => {
    const { client } = await startGateway(store.writerUrl, { readOnly: false })
    await client.execute(
      'CREATE TABLE w (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, v VARCHAR(9) UNIQUE)',
    )
    const first = await client.execute('INSERT INTO w (v) VALUES (?), (?)', ['a', 'b'])
    expect(first).toMatchObject({ rowsAffected: 2, insertId: '1', rows: [], headers: [] })
    // mysql2 reads ids as signed: above 2^63 they would come out negative.
    await client.execute('ALTER TABLE w AUTO_INCREMENT = 18446744073709551000')
    expect((await client.execute("INSERT INTO w (v) VALUES ('c')")).insertId).toBe('18446744073709551000')
    expect((await client.execute("UPDATE w SET v = 'a' WHERE v = 'a'")).rowsAffected).toBe(1)
    expect((await client.execute('DELETE FROM w WHERE id < 3')).rowsAffected).toBe(2)
    await expect(client.execute("INSERT INTO w (v) VALUES ('c')")).rejects.toMatchObject({
      body: { code: 'ALREADY_EXISTS' },
      message: expect.stringMatching(/^target: .*Duplicate entry 'c'.*\(errno 1062\) \(sqlstate 23000\)$/),
    })
  })
})
