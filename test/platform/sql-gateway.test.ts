import mysql from 'mysql2/promise'
import { beforeAll, describe, expect, test } from 'vitest'
import { useMariaDb } from '../support/mariadb.ts'
import { startGateway } from '../support/sql-gateway.ts'

const store = await useMariaDb()

const U64 = '18446744073709551615'
const DECIMAL_38 = '9'.repeat(38)
const TEXT = 'emoji 😀 quote \' " back\\slash tab\t newline\n nul\0 ü € 漢'
const BYTES = Uint8Array.from({ length: 256 }, (_, index) => index)

const DDL = `CREATE TABLE kinds (
  id INT UNSIGNED AUTO_INCREMENT PRIMARY KEY,
  tiny TINYINT, small SMALLINT UNSIGNED, medium MEDIUMINT, whole INT, wide BIGINT, height BIGINT UNSIGNED,
  motes DECIMAL(38,0), price DECIMAL(20,10), ratio DOUBLE, ratio4 FLOAT,
  at DATETIME(3), day DATE, clock TIME(3), stamp TIMESTAMP(3) NULL, year YEAR,
  name VARCHAR(200) CHARACTER SET utf8mb4, exact VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin, letter CHAR(3),
  body LONGTEXT CHARACTER SET utf8mb4, hash BINARY(32), raw VARBINARY(300), lump LONGBLOB,
  flags BIT(10), side ENUM('buy','sell'), tags SET('a','b'), doc JSON,
  doubled BIGINT UNSIGNED AS (small * 2) STORED
)`

beforeAll(async () => {
  const writer = await mysql.createConnection(store.writerUrl)
  await writer.query(DDL)
  await writer.query('INSERT INTO kinds SET ?', {
    tiny: -128,
    small: 65535,
    medium: -8388608,
    whole: -2147483648,
    wide: '-9223372036854775808',
    height: U64,
    motes: DECIMAL_38,
    price: '0.0123456789',
    ratio: 0.1,
    ratio4: 1.5,
    at: '2026-11-24 01:02:03.456',
    day: '2024-02-29',
    clock: '-12:34:56.789',
    year: 2026,
    name: TEXT,
    exact: 'ABCdef',
    letter: 'ab',
    body: TEXT.repeat(3000),
    hash: Buffer.alloc(32, 0xff),
    raw: Buffer.from(BYTES),
    lump: Buffer.alloc(100_000, 0x80),
    flags: Buffer.from([2, 1]),
    side: 'sell',
    tags: 'a,b',
    doc: JSON.stringify({ list: [1, 'ü'], none: null }),
  })
  await writer.query("UPDATE kinds SET stamp = '2026-11-24 01:02:03.456'")
  await writer.query('INSERT INTO kinds () VALUES ()')
  await writer.end()
})

describe('sql-gateway: values through @planetscale/database', () => {
  test('each type arrives exactly, under the type that PlanetScale names', async () => {
    const { client } = await startGateway(store.readerUrl)
    const { rows, types } = await client.execute('SELECT * FROM kinds WHERE id = :id', { id: 1 })
    expect(rows).toEqual([
      {
        id: 1,
        tiny: -128,
        small: 65535,
        medium: -8388608,
        whole: -2147483648,
        wide: '-9223372036854775808',
        height: U64,
        motes: DECIMAL_38,
        price: '0.0123456789',
        ratio: 0.1,
        ratio4: 1.5,
        at: '2026-11-24 01:02:03.456',
        day: '2024-02-29',
        clock: '-12:34:56.789',
        stamp: '2026-11-24 01:02:03.456',
        year: 2026,
        name: TEXT,
        exact: 'ABCdef',
        letter: 'ab',
        body: TEXT.repeat(3000),
        hash: new Uint8Array(32).fill(0xff),
        raw: BYTES,
        lump: new Uint8Array(100_000).fill(0x80),
        flags: Uint8Array.from([2, 1]),
        side: 'sell',
        tags: 'a,b',
        doc: { list: [1, 'ü'], none: null },
        doubled: '131070',
      },
    ])
    expect(types).toEqual({
      id: 'UINT32',
      tiny: 'INT8',
      small: 'UINT16',
      medium: 'INT24',
      whole: 'INT32',
      wide: 'INT64',
      height: 'UINT64',
      motes: 'DECIMAL',
      price: 'DECIMAL',
      ratio: 'FLOAT64',
      ratio4: 'FLOAT32',
      at: 'DATETIME',
      day: 'DATE',
      clock: 'TIME',
      stamp: 'TIMESTAMP',
      year: 'YEAR',
      name: 'VARCHAR',
      exact: 'VARCHAR',
      letter: 'CHAR',
      body: 'TEXT',
      hash: 'BINARY',
      raw: 'VARBINARY',
      lump: 'BLOB',
      flags: 'BIT',
      side: 'ENUM',
      tags: 'SET',
      doc: 'JSON',
      doubled: 'UINT64',
    })
  })

  test('NULL is null in every type, and is not an empty text', async () => {
    const { client } = await startGateway(store.readerUrl)
    const { rows } = await client.execute('SELECT * FROM kinds WHERE id = 2')
    const { id, ...rest } = rows[0] as Record<string, unknown>
    expect(id).toBe(2)
    expect(new Set(Object.values(rest))).toEqual(new Set([null]))
    expect(Object.keys(rest)).toHaveLength(27)
    expect((await client.execute("SELECT '' a, NULL b, x'' c")).rows).toEqual([
      { a: '', b: null, c: new Uint8Array() },
    ])
  })

  test('no rows, expressions, sums, several columns of one name', async () => {
    const { client } = await startGateway(store.readerUrl)
    const none = await client.execute('SELECT id FROM kinds WHERE id = 3')
    expect(none).toMatchObject({ rows: [], size: 0, headers: ['id'], insertId: '0', rowsAffected: 0 })
    const { rows } = await client.execute('SELECT COUNT(*) n, SUM(motes) s, MAX(at) m, 1 / 3 f FROM kinds')
    expect(rows).toEqual([{ n: '2', s: DECIMAL_38, m: '2026-11-24 01:02:03.456', f: '0.3333' }])
    const twice = await client.execute('SELECT 1 a, 2 a', null, { as: 'array' })
    expect(twice.rows).toEqual([[1, 2]])
  })

  test('what the client escapes comes back as it was: the gateway and the client agree on the sql_mode', async () => {
    const { client } = await startGateway(store.readerUrl)
    for (const text of [
      TEXT,
      '\\',
      "'; DROP TABLE kinds -- ",
      "\\' OR 1 = 1 #",
      '/*! */',
      '%_',
      ':id ?',
      '',
    ]) {
      expect((await client.execute('SELECT ? AS v', [text])).rows).toEqual([{ v: text }])
    }
    const found = await client.execute('SELECT id FROM kinds WHERE raw = ? AND name = ?', [BYTES, TEXT])
    expect(found.rows).toEqual([{ id: 1 }])
  })

  test('SHOW, EXPLAIN and DESCRIBE give rows', async () => {
    const { client } = await startGateway(store.readerUrl)
    expect((await client.execute('SHOW TABLES')).rows).toHaveLength(1)
    expect((await client.execute('DESCRIBE kinds')).rows).toHaveLength(28)
    expect((await client.execute('EXPLAIN SELECT * FROM kinds WHERE id = 1')).rows).toHaveLength(1)
  })

  test('SQL errors carry the errno in Vitess words', async () => {
    const { client, post } = await startGateway(store.readerUrl)
    await expect(client.execute('SELECT nope FROM kinds')).rejects.toMatchObject({
      name: 'DatabaseError',
      status: 400,
      body: { code: 'NOT_FOUND' },
      message: `target: ${store.name}.-.primary: vttablet: rpc error: code = NotFound desc = Unknown column 'nope' in 'SELECT' (errno 1054) (sqlstate 42S22)`,
    })
    await expect(client.execute('SELECT * FROM missing')).rejects.toThrow('(errno 1146) (sqlstate 42S02)')
    await expect(client.execute('SELEC 1')).rejects.toThrow('refuses')
    await expect(client.execute('SELECT FROM WHERE')).rejects.toThrow('(errno 1064) (sqlstate 42000)')
    const response = await post({ query: 'SELECT * FROM missing', session: null })
    expect(response.status).toBe(200)
  })

  test('the answer tells its time, and no session to a client without one', async () => {
    const { client, post } = await startGateway(store.readerUrl)
    const answer = (await (await post({ query: 'SELECT 1' })).json()) as { timing: number; session: unknown }
    expect(answer.timing).toBeGreaterThan(0)
    expect(answer.session).toBeNull()
    const connection = client.connection()
    await connection.refresh()
    expect((await connection.execute('SELECT 1 a')).rows).toEqual([{ a: 1 }])
  })
})
