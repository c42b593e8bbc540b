import type { Absence, AuctionState, Unbonding } from '../domain/auction.ts'
import type { Block } from '../domain/block.ts'
import type { Era } from '../domain/era.ts'
import type { Party, PublicKey } from '../domain/keys.ts'
import type { Checkpoint, Network } from '../domain/network.ts'
import type { EraValidator, Reward } from '../domain/reward.ts'
import type { StakeMovement, Transaction } from '../domain/transaction.ts'
import type { Transfer } from '../domain/transfer.ts'

/**
 * Everything that a run of consecutive blocks adds to the store, in absolute values: committing the same change
 * twice leaves the same rows. Lists are ordered by height and ordinal; ids of parties are given in that order,
 * so that every crawl of a chain makes the same tables.
 */
export interface Change {
  readonly network: Network
  readonly blocks: readonly Block[]
  /** Eras touched, as they stand after the last block of the run. */
  readonly eras: readonly Era[]
  readonly transactions: readonly Transaction[]
  readonly transfers: readonly Transfer[]
  readonly stakeMovements: readonly StakeMovement[]
  /**
   * A validator of an era as often as its row changed: named by the switch block before, counted in between, paid when the
   * era closes, cited a little longer. The later row stands.
   */
  readonly eraValidators: readonly EraValidator[]
  readonly rewards: readonly Reward[]
  /** Ascending like the other lists. Left out: none, as before these were stored. */
  readonly unbondings?: readonly Unbonding[]
  /** Of switch blocks of this change. */
  readonly auctions?: readonly AuctionState[]
  readonly absences?: readonly Absence[]
  readonly checkpoint: Checkpoint
}

/** A closed era whose blocks can still be cited, with its validators. */
export interface RecentEra {
  readonly eraId: number
  readonly firstHeight: number
  /** null while open. */
  readonly lastHeight: number | null
  readonly validators: readonly EraValidator[]
}

export interface Unbonded {
  readonly validator: PublicKey
  readonly delegator: Party
  readonly count: number
}

/** What the crawler needs to go on after the checkpoint. */
export interface Resume {
  readonly network: Network
  readonly checkpoint: Checkpoint
  /** The checkpoint's block. */
  readonly lastBlock: Block
  /** The era that the next block belongs to if the checkpoint is no switch block, else the era just closed. */
  readonly lastEra: Era
  /** Validators of the era that the next block belongs to, if their set is known. */
  readonly eraValidators: readonly EraValidator[]
  /** Eras before that, ascending: those that ended within `SIGNATURE_REACH` blocks. */
  readonly recentEras: readonly RecentEra[]
  /** How many unbondings of the era of `lastBlock` are stored, for each validator and unbonder. */
  readonly unbonded: readonly Unbonded[]
}
