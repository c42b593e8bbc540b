import { asc, between, eq } from 'drizzle-orm'
import type { Block } from '../../domain/block.ts'
import { type Hash, isHash } from '../../domain/hash.ts'
import type { Database } from '../database.ts'
import { toBlock } from '../rows/block.ts'
import { blocks, parties } from '../schema/chain.ts'

export async function readBlocks(db: Database, from: number, to: number): Promise<Block[]> {
  const rows = await db
    .select({ block: blocks, proposer: { publicKey: parties.publicKey } })
    .from(blocks)
    .leftJoin(parties, eq(parties.id, blocks.proposerId))
    .where(between(blocks.height, from, to))
    .orderBy(asc(blocks.height))
  return rows.map(({ block, proposer }) => toBlock(block, proposer))
}

/** null also for a text that is no hash. */
export async function readHeightOfHash(db: Database, hash: Hash): Promise<number | null> {
  if (!isHash(hash)) return null
  const [row] = await db
    .select({ height: blocks.height })
    .from(blocks)
    .where(eq(blocks.hash, hash.toLowerCase()))
    .limit(1)
  return row?.height ?? null
}
