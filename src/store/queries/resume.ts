import { and, between, count, eq, gt, gte, lt } from 'drizzle-orm'
import { alias } from 'drizzle-orm/mysql-core'
import { SIGNATURE_REACH } from '../../domain/reward.ts'
import type { Resume } from '../change.ts'
import type { Database } from '../database.ts'
import { toBlock } from '../rows/block.ts'
import { toEra } from '../rows/era.ts'
import { toParty, toPublicKey } from '../rows/party.ts'
import { toEraValidator } from '../rows/reward.ts'
import { unbondings } from '../schema/auction.ts'
import { blocks, checkpoint, eras, eraValidators, network, parties } from '../schema/chain.ts'

const unbonder = alias(parties, 'unbonder')

/** What the crawler goes on from; null when nothing is stored. Four queries: call it inside a transaction. */
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
  const oldest = lastBlock.height - SIGNATURE_REACH
  const nextEra = lastBlock.isSwitch ? lastBlock.eraId + 1 : lastBlock.eraId
  const recent = await db
    .select({ eraId: eras.id, firstHeight: eras.startHeight, lastHeight: eras.endHeight })
    .from(eras)
    .where(and(lt(eras.id, nextEra), gte(eras.id, nextEra - SIGNATURE_REACH), gt(eras.endHeight, oldest)))
    .orderBy(eras.id)
  const validators = await db
    .select({ row: eraValidators, validator: { publicKey: parties.publicKey } })
    .from(eraValidators)
    .innerJoin(parties, eq(parties.id, eraValidators.validatorId))
    .where(between(eraValidators.eraId, recent[0]?.eraId ?? nextEra, nextEra))
    .orderBy(eraValidators.eraId, eraValidators.validatorId)
  // By the key's first column: an era's entries lie between its blocks.
  const unbonded = await db
    .select({
      validator: { publicKey: parties.publicKey },
      delegator: { kind: unbonder.kind, address: unbonder.address, publicKey: unbonder.publicKey },
      count: count(),
    })
    .from(unbondings)
    .innerJoin(parties, eq(parties.id, unbondings.validatorId))
    .innerJoin(unbonder, eq(unbonder.id, unbondings.delegatorId))
    .where(and(gte(unbondings.height, row.era.startHeight), eq(unbondings.eraId, row.era.id)))
    .groupBy(parties.publicKey, unbonder.kind, unbonder.address, unbonder.publicKey)
  const byEra = Map.groupBy(validators, ({ row }) => row.eraId)
  const toValidators = (eraId: number) =>
    (byEra.get(eraId) ?? []).map(({ row, validator }) => toEraValidator(row, validator))
  return {
    network: stored,
    checkpoint: reached,
    lastBlock,
    lastEra: toEra(row.era),
    eraValidators: toValidators(nextEra),
    recentEras: recent.map((era) => ({ ...era, validators: toValidators(era.eraId) })),
    unbonded: unbonded.map(({ validator, delegator, count }) => ({
      validator: toPublicKey(validator),
      delegator: toParty(delegator),
      count,
    })),
  }
}
