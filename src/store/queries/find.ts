import { eq, sql } from 'drizzle-orm'
import type { Filter } from '../../api/filter.ts'
import type { Era } from '../../domain/era.ts'
import type { FoundBlock } from '../../ports.ts'
import type { Database } from '../database.ts'
import { FilterValueError } from '../errors.ts'
import { errnoOf } from '../failures.ts'
import { findRegexp, toOrder, toUsedFields, toWhere } from '../filter.ts'
import { blockFields, eraFields, previous } from '../filter-fields.ts'
import { toBlock } from '../rows/block.ts'
import { toEra } from '../rows/era.ts'
import { blocks, eras, parties } from '../schema/chain.ts'

const ofPrevious = sql`${previous.height} = cast(${blocks.height} as signed) - 1`

/**
 * Blocks that a filter selects. Heights are found first, with no more joined than the filter speaks of, so that skipping and
 * sorting carry one number a row; then whole rows are read. Outer joins, so that engines begin with the blocks and walk them
 * in the order of their key: an era that is missing is a fault all the same.
 */
export async function findBlocks(db: Database, filter: Filter): Promise<FoundBlock[]> {
  const order = toOrder(filter.order, blockFields, 'blockHeight')
  const joins = new Set(toUsedFields(filter, blockFields).map((field) => field.joins))
  const heights = db.select({ height: blocks.height }).from(blocks).$dynamic()
  if (joins.has('era')) heights.leftJoin(eras, eq(eras.id, blocks.eraId))
  if (joins.has('previous')) heights.leftJoin(previous, ofPrevious)
  const found = heights
    .where(toWhere(filter.where, blockFields))
    .orderBy(...order)
    .limit(filter.limit)
    .offset(filter.skip)
    .as('found')
  const rows = await judged(filter, () =>
    db
      .select({
        block: blocks,
        era: eras,
        proposer: { publicKey: parties.publicKey },
        previousTime: previous.time,
      })
      .from(found)
      .innerJoin(blocks, eq(blocks.height, found.height))
      .leftJoin(eras, eq(eras.id, blocks.eraId))
      .leftJoin(parties, eq(parties.id, blocks.proposerId))
      .leftJoin(previous, ofPrevious)
      .orderBy(...order),
  )
  return rows.map(({ block, era, proposer, previousTime }) => {
    if (era === null) throw new RangeError(`The store lacks era ${block.eraId} of block ${block.height}.`)
    return { block: toBlock(block, proposer), era: toEra(era), previousTime }
  })
}

export async function findEras(db: Database, filter: Filter): Promise<Era[]> {
  const rows = await judged(filter, () =>
    db
      .select()
      .from(eras)
      .where(toWhere(filter.where, eraFields))
      .orderBy(...toOrder(filter.order, eraFields, 'id'))
      .limit(filter.limit)
      .offset(filter.skip),
  )
  return rows.map(toEra)
}

/** "Regular expression error": 1139 in MariaDB and TiDB, a number for each kind in MySQL's ICU. */
const isRegexpError = (errno: number | null): boolean =>
  errno === 1139 || (errno !== null && errno >= 3684 && errno <= 3700)

/** A regular expression that the engine does not take is the asker's fault. */
async function judged<T>(filter: Filter, question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (cause) {
    const regexp = findRegexp(filter.where)
    if (regexp === null || !isRegexpError(errnoOf(cause))) throw cause
    throw new FilterValueError(regexp.field, regexp.pattern, 'a regular expression of the store', { cause })
  }
}
