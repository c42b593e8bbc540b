import type { Party, PublicKey } from './keys.ts'
import type { Motes } from './motes.ts'

/** What one delegator earned with one validator in one era: the sum over the summary's entries for that pair. */
export interface Reward {
  readonly eraId: number
  readonly validator: PublicKey
  readonly delegator: Party
  readonly amount: Motes
}

/** A validator of an era: its weight while the era ran, and what it and its delegators were paid at the end. */
export interface EraValidator {
  readonly eraId: number
  readonly validator: PublicKey
  /** null for one that was paid in an era whose set does not name it. */
  readonly weight: Motes | null
  readonly reward: Motes
  readonly delegatorsReward: Motes
  readonly delegatorsCount: number
}
