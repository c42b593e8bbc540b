import { type SQL, sql } from 'drizzle-orm'
import type { Transfer } from '../../domain/transfer.ts'
import type { EraTransfers } from '../../ports.ts'
import type { Database } from '../database.ts'
import { readEras } from './eras.ts'
import { readFound } from './transfer-columns.ts'

/** Eras of one question: its text grows by a line for each. */
const MOST_ERAS = 1_000

/**
 * The largest transfers of each era of a range. One limited walk of the era's index per era, put together by UNION ALL:
 * window functions do not work across the shards of some engines. Eras that are not stored are left out.
 * @throws {RangeError} for more than 1,000 eras
 */
export async function readEraTransfers(
  db: Database,
  fromEra: number,
  toEra: number,
  limit: number,
): Promise<EraTransfers[]> {
  if (toEra - fromEra >= MOST_ERAS) throw new RangeError(`At most ${MOST_ERAS} eras at once.`)
  if (toEra < fromEra) return []
  const walks = Array.from({ length: toEra - fromEra + 1 }, (_, index) => {
    const largest = sql`(select height, ordinal from transfers where era_id = ${fromEra + index} and auction = 0`
    return sql`${largest} order by amount desc, height, ordinal limit ${limit})`
  })
  // A single one stands as it is: Dolt takes no second pair of parentheses around it.
  const found = walks.length === 1 ? (walks[0] as SQL) : sql`(${sql.join(walks, sql` union all `)})`
  const [eras, top] = await Promise.all([
    readEras(db, fromEra, toEra),
    limit > 0 ? readFound(db, found, 'largest') : [],
  ])
  const byEra = Map.groupBy(top, ({ eraId }: Transfer) => eraId)
  return eras.map(({ id, transfersCount, transfersVolume }) => ({
    eraId: id,
    count: transfersCount,
    volume: transfersVolume,
    top: byEra.get(id) ?? [],
  }))
}
