import { describe, expect, test } from 'vitest'
import { connectTo, readRows } from '../support/stored.ts'
import { buildChain } from './store-chain.ts'
import { toChange, toStoredTransfers } from './store-changes.ts'
import { dumpOf, useReaders, useStore } from './store-suite.ts'

/*
 * A store goes back under a crawler that goes on: a backup is restored, or a failover leads to a node that lagged. Its
 * writer remembers ids of parties whose rows went with the lost blocks, and which others get next.
 */

const LOST = 50
/** So many people that every height brings new ones. */
const chain = buildChain({ heights: LOST + 11, blocksPerEra: 10, people: 200 })
/** The same people in another order. */
const other = buildChain({ heights: LOST + 11, blocksPerEra: 10, people: 200, seed: 2 })

describe.each([
  ['emptied', 0],
  ['restored to an older state', 11],
])('a store that was %s', async (_name, kept) => {
  const alone = await useStore()
  const store = await useStore()
  const readers = await useReaders(store)
  const before = chain.slice(0, kept)
  const after = kept === 0 ? other : chain.slice(kept)

  test('gets the rows of one that never went back', async () => {
    if (kept > 0) await store.writer.commit(toChange(before))
    const takeBack = await keepRows(store.writerUrl)
    await store.writer.commit(toChange(chain.slice(kept, LOST)))
    await takeBack()
    const resume = await store.writer.readResume()
    expect(resume?.checkpoint.height ?? -1).toBe(kept - 1)
    await store.writer.commit(toChange(after))

    if (kept > 0) await alone.writer.commit(toChange(before))
    await alone.writer.commit(toChange(after))
    expect(await dumpOf(store.readerUrl)).toBe(await dumpOf(alone.readerUrl))
  })

  test.each(readers)('$name: every transfer reads with its own parties', async ({ reader }) => {
    const visible = toStoredTransfers([...before, ...after]).filter(({ auction }) => !auction)
    expect(await reader.readTransfers({ order: 'asc', limit: 1_000 })).toEqual(visible)
  })
})

/** Copies every table's rows. @returns what puts them back */
async function keepRows(writerUrl: string): Promise<() => Promise<void>> {
  const sql = await connectTo(writerUrl)
  const tables = await readRows<{ name: string }>(
    sql,
    `SELECT table_name AS name FROM information_schema.tables
     WHERE table_schema = DATABASE() AND LEFT(table_name, 2) <> '__'`,
  )
  for (const { name } of tables) {
    // In two steps: TiDB knows no CREATE TABLE … SELECT.
    await sql.query(`CREATE TABLE __kept_${name} LIKE ${name}`)
    await sql.query(`INSERT INTO __kept_${name} SELECT * FROM ${name}`)
  }
  return async () => {
    for (const { name } of tables) {
      await sql.query(`DELETE FROM ${name}`)
      await sql.query(`INSERT INTO ${name} SELECT * FROM __kept_${name}`)
      await sql.query(`DROP TABLE __kept_${name}`)
    }
    await sql.end()
  }
}
