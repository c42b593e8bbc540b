import type { Counts } from './block.ts'
import type { Motes } from './motes.ts'
import type { Ms } from './time.ts'

/**
 * Circulating supply at an era's end, by a named method. The terms are what a method that adds up releases found;
 * they are 0 for a method that subtracts what is locked.
 */
export interface Circulating {
  readonly method: string
  readonly total: Motes
  readonly validators: Motes
  readonly transfers: Motes
  readonly rewards: Motes
}

/** An era: closed by its switch block, or open and counted so far. */
export interface Era {
  readonly id: number
  readonly startHeight: number
  /** Height of the switch block; null while open. */
  readonly endHeight: number | null
  readonly start: Ms
  /** Time of the switch block; null while open. */
  readonly end: Ms | null
  readonly protocolVersion: string
  readonly blocksCount: number
  readonly counts: Counts
  readonly transfersCount: number
  readonly transfersVolume: Motes
  readonly staked: Motes
  readonly undelegated: Motes
  readonly fees: Motes
  readonly burned: Motes
  /**
   * Made at the end: rewards of validators and delegators, and the share of the sustain purse. Without the era's summary,
   * what the switch block gives out (2.x) or 0 (1.x).
   */
  readonly minted: Motes
  /** Of that, what went to the sustain purse (`docs/formulas.md`); null where no node says enough. 0 before 2.2. */
  readonly sustained: Motes | null
  /** Size and weight of the validator set that ran this era; null in the first stored era of a partial history. */
  readonly validatorsCount: number | null
  readonly validatorsWeight: Motes | null
  /** Weight of the set named for the next era; null while open. */
  readonly nextValidatorsWeight: Motes | null
  readonly validatorsRewards: Motes
  readonly delegatorsRewards: Motes
  /** Validators that the era's end paid. */
  readonly rewardedValidators: number
  /** Delegations that it paid: a delegator with two validators is counted twice. */
  readonly rewardedDelegators: number
  /** At the end, or after the newest block while open. */
  readonly totalSupply: Motes | null
  /** What the supply changed by beyond rewards, burned fees and burns: 0 but for writes outside blocks. */
  readonly supplyAdjustment: Motes
  /** What the network's file of inputs declares to be written outside blocks before this era. */
  readonly declaredAdjustment: Motes
  /** Whether all fees of the era so far left the supply. */
  readonly feesBurned: boolean
  readonly circulating: Circulating | null
}

/** Closed eras are cached in runs of so many (`eras/0`, `eras/1`, …): about 60 KB, and six weeks of mainnet. */
export const ERAS_PER_PAGE = 512
