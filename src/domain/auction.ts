import type { Party, PublicKey } from './keys.ts'
import type { Motes } from './motes.ts'
import type { Ms } from './time.ts'

/** A validator's offer in the auction as it stands after an era. One that was withdrawn whole stays, with a stake of 0. */
export interface Bid {
  readonly validator: PublicKey
  readonly selfStake: Motes
  /** null where the node's answer leaves delegators out. */
  readonly delegatorsStake: Motes | null
  readonly delegatorsCount: number | null
  /** Percent, 0 to 100. */
  readonly delegationRate: number
  readonly active: boolean
  /** Bounds of one delegation, and slots kept for reservations; null in 1.x. */
  readonly minDelegation: Motes | null
  readonly maxDelegation: Motes | null
  readonly reservedSlots: number | null
  /** Reservations made; null in 1.x. */
  readonly reservations: number | null
  /** When the stake of genesis begins to unlock; null for one that is not locked, and where a 1.x node does not say. */
  readonly vestingFrom: Ms | null
}

/** What one delegator has with one validator. */
export interface Delegation {
  readonly validator: PublicKey
  readonly delegator: Party
  readonly stake: Motes
}

/** The auction after a switch block. */
export interface AuctionState {
  /** Of the switch block. */
  readonly height: number
  /** Of the era that it closed. */
  readonly eraId: number
  /** By validator. */
  readonly bids: readonly Bid[]
  /** By validator, then by delegator. Empty where the answer is known to leave some out. */
  readonly delegations: readonly Delegation[]
}

/** An entry that a transaction put into an unbonding queue. */
export interface Unbonding {
  readonly height: number
  /** Of the transaction in the block. */
  readonly ordinal: number
  /** Among the entries that the transaction made: a leaving validator takes its delegators along. */
  readonly entry: number
  /** Era of creation: the block's. */
  readonly eraId: number
  readonly validator: PublicKey
  /** The validator itself for its own stake. */
  readonly delegator: Party
  /** Where a redelegation goes. */
  readonly newValidator: PublicKey | null
  readonly amount: Motes
  /** Era whose switch block pays it out or moves it on; null where the network's unbonding delay is not known. */
  readonly releaseEra: number | null
}

/** A figure that no node gave, and why. */
export interface Absence {
  readonly height: number
  readonly figure: 'auction' | 'delegations' | 'era summary' | 'sustain share' | 'total supply'
  readonly reason: string
}
