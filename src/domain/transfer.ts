import type { Hash } from './hash.ts'
import type { AccountHash, PublicKey, Purse } from './keys.ts'
import type { Motes } from './motes.ts'
import type { Ms } from './time.ts'

/** CSPR that moved between purses in a successful transaction, as `chain_get_block_transfers` lists it. */
export interface Transfer {
  readonly height: number
  /** Position among the block's transfers, by transaction and then by the result's own order. */
  readonly ordinal: number
  readonly eraId: number
  readonly time: Ms
  readonly transactionHash: Hash
  readonly from: AccountHash
  /** Key of `from`, where the chain has shown it. */
  readonly fromKey: PublicKey | null
  /** null for a transfer to a purse that no account was named for. */
  readonly to: AccountHash | null
  readonly toKey: PublicKey | null
  readonly source: Purse
  readonly target: Purse
  readonly amount: Motes
  /** Chosen by the sender, up to 2^64 - 1. */
  readonly id: bigint | null
  /** The auction's own movement (to the system account): kept, but left out of lists, counts and sums. */
  readonly auction: boolean
}

/** One number for a transfer, stable for ever: at most 65,536 transfers fit in a block, 2^37 blocks in a safe integer. */
export function toTransferId(height: number, ordinal: number): number {
  return height * 65_536 + ordinal
}
