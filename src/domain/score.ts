import type { Motes } from './motes.ts'
import type { EraValidator } from './reward.ts'

/** Scores are counted in millionths of the best that can be: 1,000,000 is 100 %. */
export const FULL_SCORE = 1_000_000

/** What a score needs of its era. */
export interface ScoredEra {
  readonly blocksCount: number
  readonly validators: readonly EraValidator[]
}

/**
 * Performance of each validator of an era, in the order given (`docs/formulas.md`): in 2.x the share of the era's blocks
 * for which its signature was cited, in 1.x its pay per token against the best paid. Rounded down, in millionths.
 * null where nothing tells: no citations and no pay, or an unknown weight.
 */
export function toScores({ blocksCount, validators }: ScoredEra): (number | null)[] {
  const best = findBest(validators)
  return validators.map((validator) =>
    validator.cited === null ? toPayScore(validator, best) : toCitedScore(validator.cited, blocksCount),
  )
}

function toCitedScore(cited: number, blocksCount: number): number | null {
  return blocksCount === 0 ? null : Math.floor((cited * FULL_SCORE) / blocksCount)
}

interface Paid {
  readonly pay: Motes
  readonly weight: Motes
}

/** What the era's end paid for a validator's whole stake, its delegators' share included. */
function toPaid({ weight, reward, delegatorsReward }: EraValidator): Paid | null {
  return weight === null || weight === 0n ? null : { pay: reward + delegatorsReward, weight }
}

/** The best paid by token: fractions are compared by cross multiplication, no float holds one. */
function findBest(validators: readonly EraValidator[]): Paid | null {
  let best: Paid | null = null
  for (const validator of validators) {
    const paid = toPaid(validator)
    if (paid === null || paid.pay === 0n) continue
    if (best === null || paid.pay * best.weight > best.pay * paid.weight) best = paid
  }
  return best
}

function toPayScore(validator: EraValidator, best: Paid | null): number | null {
  const paid = toPaid(validator)
  if (paid === null || best === null) return null
  return Number((paid.pay * best.weight * BigInt(FULL_SCORE)) / (best.pay * paid.weight))
}

/**
 * Mean over the eras that have a score, rounded down, in millionths; null without any. Eras in which it was no
 * validator count neither for nor against it.
 */
export function toMeanScore(scores: readonly (number | null)[]): number | null {
  const known = scores.filter((score) => score !== null)
  if (known.length === 0) return null
  return Math.floor(known.reduce((sum, score) => sum + score, 0) / known.length)
}
