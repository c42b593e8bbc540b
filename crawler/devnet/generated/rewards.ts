import { Purpose, type Random } from './random.ts'
import type { ValidatorSet } from './validators.ts'

/** What an era pays. */
export interface EraRewards {
  /** 1.x: consensus scores, which are no motes. In the order of the set's members. */
  readonly scores: readonly bigint[]
  /** Motes of each member and its delegators together; in 2.x late signatures of the era before come second. */
  readonly amounts: readonly (readonly bigint[])[]
  /** Sum of all amounts: what the supply grows by. */
  readonly minted: bigint
}

export interface Allocation {
  readonly validator: string
  /** null: the validator's own. */
  readonly delegator: string | null
  readonly amount: bigint
}

/** A score of 10^12 is a whole round's reward. */
const ROUND = 1_000_000_000_000n
/** Share of the supply that one block mints: about 8 % in a year of 8 s blocks. */
const PER_BLOCK = 50_000_000n

/**
 * @param supply total supply at the era's beginning, in motes
 * @param hasLate whether late signatures of the era before are paid
 */
export function toEraRewards(
  set: ValidatorSet,
  era: {
    readonly id: number
    readonly blocks: number
    readonly generation: 1 | 2
    readonly hasLate: boolean
  },
  supply: bigint,
  random: Random,
): EraRewards {
  const weights = set.weights(era.id)
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  const base = supply / PER_BLOCK
  // Nobody is up all the time: up to some 0.4 % are missing.
  const scores = weights.map(
    (weight, i) =>
      (weight * ROUND * BigInt(era.blocks) * (1000n - BigInt(random.word(Purpose.reward, era.id, i) % 5))) /
      (total * 1000n),
  )
  const amounts = scores.map((score) => {
    const amount = (score * base) / ROUND
    const late = era.hasLate && era.generation === 2 ? amount / 10n : null
    return late === null ? [amount] : [amount - late, late]
  })
  return { scores, amounts, minted: amounts.flat().reduce((sum, amount) => sum + amount, 0n) }
}

/**
 * How the amounts are divided, in the order and form of the generation's era summary: 2.x lists the same pair once for
 * each of the validator's amounts.
 */
export function* toAllocations(
  set: ValidatorSet,
  eraId: number,
  { amounts }: EraRewards,
  generation: 1 | 2,
): Generator<Allocation> {
  const weights = set.weights(eraId)
  for (const [place, member] of set.members.entries()) {
    const { publicKey: validator, delegators, commission } = member
    const weight = (weights[place] as bigint) * 100n
    for (const amount of amounts[place] as readonly bigint[]) {
      const paid = amount * BigInt(100 - commission)
      let own = amount
      const shares = delegators.map(({ publicKey, stake }) => {
        const share = (paid * stake) / weight
        own -= share
        return { validator, delegator: publicKey, amount: share }
      })
      if (generation === 2) yield { validator, delegator: null, amount: own }
      yield* shares
      if (generation === 1) yield { validator, delegator: null, amount: own }
    }
  }
}
