import { eq, type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/mysql-core'
import type { Transfer } from '../../domain/transfer.ts'
import type { Database } from '../database.ts'
import { toTransfer } from '../rows/transfer.ts'
import { parties, transfers } from '../schema/chain.ts'

const from = alias(parties, 'from_party')
const to = alias(parties, 'to_party')
const source = alias(parties, 'source_party')
const target = alias(parties, 'target_party')

/** Order of the found rows: as they stand in the chain, newest first, or an era's largest first. */
export type TransferOrder = 'asc' | 'desc' | 'largest'

const ORDERS: Readonly<Record<TransferOrder, SQL[]>> = {
  asc: [sql`${transfers.height}`, sql`${transfers.ordinal}`],
  desc: [sql`${transfers.height} desc`, sql`${transfers.ordinal} desc`],
  largest: [
    sql`${transfers.eraId}`,
    sql`${transfers.amount} desc`,
    sql`${transfers.height}`,
    sql`${transfers.ordinal}`,
  ],
}

/**
 * Whole transfers for a query that finds positions. The walk that finds them reads narrow index entries; only the rows that
 * are wanted are then joined with their four parties.
 * @param found a parenthesised query with the columns `height` and `ordinal`
 */
export async function readFound(db: Database, found: SQL, order: TransferOrder): Promise<Transfer[]> {
  const rows = await db
    .select({
      row: {
        height: transfers.height,
        ordinal: transfers.ordinal,
        eraId: transfers.eraId,
        time: transfers.time,
        transactionHash: transfers.transactionHash,
        amount: transfers.amount,
        id: transfers.id,
        auction: transfers.auction,
      },
      from: { address: from.address, publicKey: from.publicKey },
      to: { address: to.address, publicKey: to.publicKey },
      source: { address: source.address },
      target: { address: target.address },
    })
    .from(sql`${found} found`)
    .innerJoin(transfers, sql`${transfers.height} = found.height and ${transfers.ordinal} = found.ordinal`)
    .innerJoin(from, eq(from.id, transfers.fromId))
    .leftJoin(to, eq(to.id, transfers.toId))
    .innerJoin(source, eq(source.id, transfers.sourceId))
    .innerJoin(target, eq(target.id, transfers.targetId))
    .orderBy(...ORDERS[order])
  return rows.map(({ row, ...parties }) => toTransfer(row, parties))
}
