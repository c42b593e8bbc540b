import type { Block } from '../domain/block.ts'
import type { Era } from '../domain/era.ts'
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
  /** Of an era twice: its set when the switch block before names it, with its pay when it closes. The later row stands. */
  readonly eraValidators: readonly EraValidator[]
  readonly rewards: readonly Reward[]
  readonly checkpoint: Checkpoint
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
}
