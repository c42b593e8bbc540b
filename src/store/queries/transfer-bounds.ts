import { and, eq, type SQL, sql } from 'drizzle-orm'
import type { TransferQuery } from '../../ports.ts'
import type { Database } from '../database.ts'
import { toPartyColumns } from '../rows/party.ts'
import { checkpoint, parties } from '../schema/chain.ts'

/** What a transfer query means in heights and ids. */
export interface Bounds {
  /** Inclusive. */
  readonly low: number
  readonly high: number
  /** Id of the party asked for; null when none was. */
  readonly party: number | null
  /** Whether few enough transfers have such an amount to look at each of them. */
  readonly isRareAmount: boolean
}

/** As many narrow index entries are read and sorted in some 10 ms. */
export const FEW = 20_000

/** Past every height: columns of heights are INT UNSIGNED. */
const NO_HEIGHT = 4_294_967_295

/**
 * Turns eras and times into heights, the party into its id, and looks how rare the amounts are: one question, asked only
 * when there is one of them. The walk for the transfers then has plain numbers, from which every engine plans alike.
 * @returns null when no transfer can match
 */
export async function readBounds(db: Database, query: TransferQuery, few: number): Promise<Bounds | null> {
  const asked = toQuestions(query, few)
  const wanted = Object.keys(asked)
  let found: Answers = {}
  if (wanted.length > 0) {
    const [row] = await db.select(asked).from(checkpoint).where(eq(checkpoint.id, 1))
    // Nothing stored yet, or an era, a time or a party beyond what is stored.
    if (row === undefined || Object.values(row).includes(null)) return null
    found = row as Answers
  }
  const low = Math.max(query.fromBlock ?? 0, found.fromEra ?? 0, found.fromTime ?? 0)
  const high = Math.min(query.toBlock ?? NO_HEIGHT, found.toEra ?? NO_HEIGHT, found.toTime ?? NO_HEIGHT)
  if (low > high) return null
  return {
    low,
    high,
    party: found.party ?? null,
    isRareAmount: found.amounts !== undefined && found.amounts <= few,
  }
}

type Question = 'fromEra' | 'toEra' | 'fromTime' | 'toTime' | 'party' | 'amounts'
type Answers = { readonly [Q in Question]?: number }

function toQuestions(query: TransferQuery, few: number): Record<string, SQL.Aliased<number | null>> {
  const { fromEra, toEra, fromTime, toTime, minAmount, maxAmount } = query
  const questions: Partial<Record<Question, SQL>> = {}
  if (fromEra !== undefined) {
    questions.fromEra = sql`(select start_height from eras where id >= ${fromEra} order by id limit 1)`
  }
  if (toEra !== undefined) {
    const end = sql`coalesce(end_height, ${NO_HEIGHT})`
    questions.toEra = sql`(select ${end} from eras where id <= ${toEra} order by id desc limit 1)`
  }
  if (fromTime !== undefined) {
    const at = sql`time >= ${fromTime} order by time, height`
    questions.fromTime = sql`(select height from blocks where ${at} limit 1)`
  }
  if (toTime !== undefined) {
    const at = sql`time <= ${toTime} order by time desc, height desc`
    questions.toTime = sql`(select height from blocks where ${at} limit 1)`
  }
  if (query.party !== undefined) {
    const { kind, address } = toPartyColumns(query.party)
    const is = and(eq(parties.address, address), eq(parties.kind, kind))
    questions.party = sql`(select id from ${parties} where ${is})`
  }
  if (minAmount !== undefined || maxAmount !== undefined) {
    const from = minAmount === undefined ? sql`` : sql` and amount >= ${minAmount}`
    const to = maxAmount === undefined ? sql`` : sql` and amount <= ${maxAmount}`
    const some = sql`select 1 from transfers force index (transfers_amount) where auction = 0${from}${to}`
    questions.amounts = sql`(select count(*) from (${some} limit ${few + 1}) some)`
  }
  return Object.fromEntries(
    Object.entries(questions).map(([name, one]) => [name, one.mapWith(Number).as(name)]),
  )
}
