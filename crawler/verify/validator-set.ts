import type { PublicKey } from '../../src/domain/keys.ts'
import type { Motes } from '../../src/domain/motes.ts'
import type { EraValidator } from '../../src/domain/reward.ts'
import type { ChainBlock, Weight } from '../decode/block.ts'

/** Who may sign the blocks of an era, and how much each one's word weighs. */
export interface ValidatorSet {
  readonly eraId: number
  readonly weights: ReadonlyMap<PublicKey, Motes>
  readonly total: Motes
}

/** The set of the next era, as a switch block names it; null for any other block. */
export function toValidatorSet(block: ChainBlock): ValidatorSet | null {
  return block.eraEnd === null ? null : createValidatorSet(block.eraId + 1, block.eraEnd.weights)
}

export function createValidatorSet(eraId: number, weights: readonly Weight[]): ValidatorSet {
  const byKey = new Map(weights.map(({ validator, weight }) => [validator, weight]))
  // Summed over the map: a list that named a validator twice must not raise what is needed, nor lower it.
  const total = [...byKey.values()].reduce((sum, weight) => sum + weight, 0n)
  return { eraId, weights: byKey, total }
}

/**
 * The set as the store has it (`Resume.eraValidators`, of one era). Rows without a weight are of validators that were
 * paid without being in the set. null when no row has one: the store does not know the era's set.
 */
export function restoreValidatorSet(
  rows: readonly Pick<EraValidator, 'eraId' | 'validator' | 'weight'>[],
): ValidatorSet | null {
  const eraId = rows[0]?.eraId
  const weights = rows.flatMap(({ validator, weight }) => (weight === null ? [] : [{ validator, weight }]))
  return eraId === undefined || weights.length === 0 ? null : createValidatorSet(eraId, weights)
}
