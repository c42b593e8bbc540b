import type { Connection } from 'mysql2/promise'
import { migrate } from '../../src/store/migrate.ts'
import { startCrawl } from './chain.ts'
import { type TestDatabase, useMariaDb } from './mariadb.ts'
import { connectTo, dump, readRows } from './stored.ts'

/** A migrated store, and eyes on it that only read. */
export interface TestStore extends TestDatabase {
  readonly sql: Connection
  /** -1 while it is empty. */
  height(): Promise<number>
  /** Every row that tells of the chain, as one text. */
  dump(): Promise<string>
  close(): Promise<void>
}

/** On the run's shared server, or on a database of the test's own. */
export async function useStore(given?: TestDatabase): Promise<TestStore> {
  const database = given ?? (await useMariaDb())
  await migrate(database.writerUrl)
  const sql = await connectTo(database.readerUrl)
  return {
    ...database,
    sql,
    height: () => readHeight(sql),
    dump: () => dump(sql),
    close: () => sql.end(),
  }
}

export async function readHeight(sql: Connection): Promise<number> {
  return (await readRows<{ height: number }>(sql, 'SELECT height FROM checkpoint'))[0]?.height ?? -1
}

/** What a crawl that nothing disturbs leaves of a node's chain up to a height. */
export async function dumpCalm(rpcUrl: string, stopAt: number): Promise<string> {
  const store = await useStore()
  await startCrawl(rpcUrl, store.writerUrl, { stopAt }).done
  const rows = await store.dump()
  await store.close()
  return rows
}

/** Lines that only one of two dumps has, the first few of them: a whole dump is too long to be read. */
export function toDifference(got: string, expected: string): string[] {
  const [mine, theirs] = [new Set(got.split('\n')), new Set(expected.split('\n'))]
  const lines = [
    ...[...theirs].filter((line) => !mine.has(line)).map((line) => `missing: ${line}`),
    ...[...mine].filter((line) => !theirs.has(line)).map((line) => `strange: ${line}`),
  ]
  return got === expected ? [] : ['the tables differ', ...lines.slice(0, 10)]
}
