import { afterAll } from 'vitest'
import { createSqlGateway } from '../../crawler/sql-gateway/gateway.ts'
import type { StoreReader, StoreWriter } from '../../src/ports.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectMysql } from '../../src/store/mysql.ts'
import { connectPlanetScale } from '../../src/store/planetscale.ts'
import { createStoreReader } from '../../src/store/reader.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import { type TestDatabase, useMariaDb } from '../support/mariadb.ts'
import { connectTo, dump } from '../support/stored.ts'

const USER = 'edge'
const PASSWORD = 'a.long~enough_test-password'

/** An empty, migrated store of the file's own, with a writer. At the top of a file, or in a describe. */
export async function useStore(): Promise<TestDatabase & { writer: StoreWriter }> {
  const database = await useMariaDb()
  await migrate(database.writerUrl)
  const writer = createStoreWriter(database.writerUrl)
  afterAll(() => writer.close())
  return { ...database, writer }
}

export interface Reading {
  readonly name: string
  readonly reader: StoreReader
}

/** Both ways to the same store: straight by mysql2, and by the PlanetScale protocol through the SQL gateway. */
export async function useReaders(database: { readerUrl: string }): Promise<readonly [Reading, Reading]> {
  const direct = connectMysql(database.readerUrl)
  const gateway = createSqlGateway({
    databaseUrl: database.readerUrl,
    user: USER,
    password: PASSWORD,
    log: () => {},
  })
  await gateway.listen(0)
  afterAll(async () => {
    await direct.close()
    await gateway.close()
  })
  const url = gateway.url.replace('//', `//${USER}:${PASSWORD}@`)
  return [
    { name: 'mysql2', reader: createStoreReader(direct.db) },
    { name: 'planetscale', reader: createStoreReader(connectPlanetScale({ url, timeoutMs: 10_000 })) },
  ]
}

/** Every row of every table, as one text. */
export async function dumpOf(url: string): Promise<string> {
  const connection = await connectTo(url)
  try {
    return await dump(connection)
  } finally {
    await connection.end()
  }
}
