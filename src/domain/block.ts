import type { Hash } from './hash.ts'
import type { PublicKey } from './keys.ts'
import type { Motes } from './motes.ts'
import type { Ms } from './time.ts'

/** Transactions of a block or an era, by what they are. */
export interface Counts {
  /** Native transfers. */
  readonly transfers: number
  readonly burns: number
  readonly staking: number
  /** Sessions, installs and contract calls. */
  readonly wasm: number
  /** Of all these, how many failed. */
  readonly failed: number
}

export interface Block {
  readonly height: number
  readonly hash: Hash
  readonly parentHash: Hash
  readonly stateRootHash: Hash
  readonly eraId: number
  readonly time: Ms
  /** 1: made by a 1.x node (Version1), 2: Version2. */
  readonly generation: 1 | 2
  readonly protocolVersion: string
  readonly proposer: PublicKey
  /** The last block of its era. */
  readonly isSwitch: boolean
  readonly gasPrice: number
  readonly counts: Counts
  /** Transactions by lane, 2.x only: `0:3,5:1`; empty in 1.x. */
  readonly lanes: string
  /** Transfers between accounts or purses, those inside contract calls too, the auction's own left out. */
  readonly transfersCount: number
  readonly transfersVolume: Motes
  /** Stake asked in and out by successful movements; a redelegation counts in both. */
  readonly staked: Motes
  readonly undelegated: Motes
  /** 2.x: sum of cost - refund. 1.x: sum of the results' costs. */
  readonly fees: Motes
  /** Destroyed by the mint's burn entry point. */
  readonly burned: Motes
  /** After this block; null where neither the node nor the sum can tell. */
  readonly totalSupply: Motes | null
}

/** Zero of `Counts`. */
export const NO_COUNTS: Counts = { transfers: 0, burns: 0, staking: 0, wasm: 0, failed: 0 }

export function addCounts(a: Counts, b: Counts): Counts {
  return {
    transfers: a.transfers + b.transfers,
    burns: a.burns + b.burns,
    staking: a.staking + b.staking,
    wasm: a.wasm + b.wasm,
    failed: a.failed + b.failed,
  }
}

/** All transactions: each is counted in exactly one of the kinds. */
export function toTotal(counts: Counts): number {
  return counts.transfers + counts.burns + counts.staking + counts.wasm
}
