import type { Party, PublicKey } from './keys.ts'
import type { Motes } from './motes.ts'

/** What one delegator earned with one validator in one era: the sum over the summary's entries for that pair. */
export interface Reward {
  readonly eraId: number
  readonly validator: PublicKey
  readonly delegator: Party
  readonly amount: Motes
}

/** What a validator did in an era, counted (`docs/formulas.md`). null where the chain does not show it, or not yet. */
export interface Work {
  /** Blocks of the era that it proposed. null in rows of releases that did not count. */
  readonly proposed: number | null
  /**
   * Blocks of the era for which a later block cited its finality signature: at most the era's `blocksCount`. null in 1.x,
   * whose blocks cite none. Grows until `SIGNATURE_REACH` blocks after the era's end.
   */
  readonly cited: number | null
  /** Whether the switch block names it so; null while the era is open. */
  readonly equivocated: boolean | null
  readonly inactive: boolean | null
}

/** A validator of an era: its weight while the era ran, what it did, and what it and its delegators were paid at the end. */
export interface EraValidator extends Work {
  readonly eraId: number
  readonly validator: PublicKey
  /** null for one that proposed or was paid in an era whose set does not name it. */
  readonly weight: Motes | null
  readonly reward: Motes
  readonly delegatorsReward: Motes
  readonly delegatorsCount: number
}

/** A validator of an era that has yet to begin. */
export const NO_WORK: Work = { proposed: 0, cited: null, equivocated: null, inactive: null }

/**
 * How far back a block may cite signatures, in blocks. Chainspecs say `signature_rewards_max_delay` 6 (mainnet 2.2 and
 * the recorded networks); the rest is room. Rows of an era no longer change once this many blocks followed its last.
 */
export const SIGNATURE_REACH = 32
