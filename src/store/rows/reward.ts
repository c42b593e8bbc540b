import type { PublicKey } from '../../domain/keys.ts'
import type { EraValidator, Reward } from '../../domain/reward.ts'
import type { eraValidators, rewards } from '../schema/chain.ts'
import { type PartyColumns, type PartyRow, toParty, toPublicKey } from './party.ts'

export type EraValidatorRow = typeof eraValidators.$inferSelect
export type RewardRow = typeof rewards.$inferSelect

type Keyed = Pick<PartyRow, 'publicKey'>

export function toEraValidatorRow(validator: EraValidator, validatorId: number): EraValidatorRow {
  return {
    eraId: validator.eraId,
    validatorId,
    weight: validator.weight,
    reward: validator.reward,
    delegatorsReward: validator.delegatorsReward,
    delegatorsCount: validator.delegatorsCount,
    proposed: validator.proposed,
    cited: validator.cited,
    equivocated: validator.equivocated,
    inactive: validator.inactive,
  }
}

export function toEraValidator(row: EraValidatorRow, validator: Keyed): EraValidator {
  const key: PublicKey = toPublicKey(validator)
  return {
    eraId: row.eraId,
    validator: key,
    weight: row.weight,
    reward: row.reward,
    delegatorsReward: row.delegatorsReward,
    delegatorsCount: row.delegatorsCount,
    proposed: row.proposed,
    cited: row.cited,
    equivocated: row.equivocated,
    inactive: row.inactive,
  }
}

export function toRewardRow(reward: Reward, validatorId: number, delegatorId: number): RewardRow {
  return { delegatorId, eraId: reward.eraId, validatorId, amount: reward.amount }
}

export function toReward(row: RewardRow, validator: Keyed, delegator: PartyColumns): Reward {
  return {
    eraId: row.eraId,
    validator: toPublicKey(validator),
    delegator: toParty(delegator),
    amount: row.amount,
  }
}
