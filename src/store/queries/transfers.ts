import { type SQL, sql } from 'drizzle-orm'
import type { Transfer } from '../../domain/transfer.ts'
import type { TransferQuery } from '../../ports.ts'
import type { Database } from '../database.ts'
import { type Bounds, FEW, readBounds } from './transfer-bounds.ts'
import { readFound } from './transfer-columns.ts'

/** Quoted: a bare word PRIMARY is a syntax error to Dolt, whose parser goes back to that of Vitess. */
const PRIMARY = sql.identifier('primary')

/**
 * Transfers by block, era, time, amount and party, in the order of the chain, from after a position on. The auction's own
 * movements are left out. What is asked for is found by walking one index in that order, so that a page costs what it
 * holds: the primary key, the index of each way to be the party, or, for rare amounts, the index of amounts.
 * @param few up to how many transfers an amount counts as rare
 */
export async function readTransfers(db: Database, query: TransferQuery, few = FEW): Promise<Transfer[]> {
  const bounds = await readBounds(db, query, few)
  if (bounds === null || query.limit <= 0) return []
  return readFound(db, toWalk(query, bounds), query.order)
}

/** A parenthesised query for the positions of at most `limit` transfers. */
function toWalk(query: TransferQuery, bounds: Bounds): SQL {
  const conditions = toConditions(query, bounds)
  const direction = query.order === 'asc' ? sql`` : sql` desc`
  const order = sql`order by height${direction}, ordinal${direction} limit ${query.limit}`
  const walk = (index: SQL, extra: readonly SQL[]) => {
    const where = sql.join([...extra, ...conditions], sql` and `)
    return sql`(select height, ordinal from transfers ${index} where ${where} ${order})`
  }
  if (bounds.party !== null && !bounds.isRareAmount) {
    const walks = toSides(query, bounds.party).map(({ index, is }) => walk(index, [is]))
    if (walks.length === 1) return walks[0] as SQL
    // UNION without ALL: a transfer to oneself is on both sides.
    return sql`(${sql.join(walks, sql` union `)} ${order})`
  }
  const ofParty = bounds.party === null ? [] : [anySide(toSides(query, bounds.party).map(({ is }) => is))]
  return walk(
    bounds.isRareAmount ? sql`force index (transfers_amount)` : sql`force index (${PRIMARY})`,
    ofParty,
  )
}

const anySide = (sides: readonly SQL[]): SQL => sql`(${sql.join([...sides], sql` or `)})`

/** Ways in which the party may take part, each with the index that is walked for it. */
function toSides(query: TransferQuery, party: number): { index: SQL; is: SQL }[] {
  const isPurse = query.party?.kind === 'purse'
  const out = isPurse
    ? { index: sql`force index (transfers_source)`, is: sql`source_id = ${party}` }
    : { index: sql`force index (transfers_from)`, is: sql`from_id = ${party}` }
  const into = isPurse
    ? { index: sql`force index (transfers_target)`, is: sql`target_id = ${party}` }
    : { index: sql`force index (transfers_to)`, is: sql`to_id = ${party}` }
  if (query.direction === 'out') return [out]
  return query.direction === 'in' ? [into] : [out, into]
}

function toConditions({ minAmount, maxAmount, order, after }: TransferQuery, bounds: Bounds): SQL[] {
  const conditions = [sql`auction = 0`, sql`height >= ${bounds.low}`, sql`height <= ${bounds.high}`]
  // Amounts as numbers, never as quoted digits: a DECIMAL is compared with a text as doubles.
  if (minAmount !== undefined) conditions.push(sql`amount >= ${minAmount}`)
  if (maxAmount !== undefined) conditions.push(sql`amount <= ${maxAmount}`)
  if (after !== undefined) {
    const { height, ordinal } = after
    // The first half bounds the walk; engines do not do that by a row comparison.
    conditions.push(
      order === 'asc'
        ? sql`height >= ${height} and (height > ${height} or ordinal > ${ordinal})`
        : sql`height <= ${height} and (height < ${height} or ordinal < ${ordinal})`,
    )
  }
  return conditions
}
