import { eq } from 'drizzle-orm'
import type { Resume } from '../change.ts'
import type { Database } from '../database.ts'
import { toBlock } from '../rows/block.ts'
import { toEra } from '../rows/era.ts'
import { toEraValidator } from '../rows/reward.ts'
import { blocks, checkpoint, eras, eraValidators, network, parties } from '../schema.ts'

/** What the crawler goes on from; null when nothing is stored. Two queries: call it inside a transaction. */
export async function readResume(db: Database): Promise<Resume | null> {
  const [row] = await db
    .select({ network, checkpoint, block: blocks, era: eras, proposer: { publicKey: parties.publicKey } })
    .from(checkpoint)
    .innerJoin(network, eq(network.id, checkpoint.id))
    .leftJoin(blocks, eq(blocks.height, checkpoint.height))
    .leftJoin(eras, eq(eras.id, checkpoint.eraId))
    .leftJoin(parties, eq(parties.id, blocks.proposerId))
    .where(eq(checkpoint.id, 1))
  if (row === undefined) return null
  if (row.block === null || row.era === null) {
    throw new RangeError(
      `The store lacks block ${row.checkpoint.height} or era ${row.checkpoint.eraId} of its checkpoint.`,
    )
  }
  const { id: _one, ...stored } = row.network
  const { id: _uno, ...reached } = row.checkpoint
  const lastBlock = toBlock(row.block, row.proposer)
  const nextEra = lastBlock.isSwitch ? lastBlock.eraId + 1 : lastBlock.eraId
  const validators = await db
    .select({ row: eraValidators, validator: { publicKey: parties.publicKey } })
    .from(eraValidators)
    .innerJoin(parties, eq(parties.id, eraValidators.validatorId))
    .where(eq(eraValidators.eraId, nextEra))
    .orderBy(eraValidators.validatorId)
  return {
    network: stored,
    checkpoint: reached,
    lastBlock,
    lastEra: toEra(row.era),
    eraValidators: validators.map(({ row, validator }) => toEraValidator(row, validator)),
  }
}
