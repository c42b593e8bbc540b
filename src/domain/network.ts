import type { Hash } from './hash.ts'
import type { Ms } from './time.ts'

/** Which chain this is: a store, a cache and a node must agree on both. */
export interface Network {
  readonly name: string
  /** Hash of block 0, or of the first stored block of a partial history. */
  readonly genesisHash: Hash
  readonly firstHeight: number
}

/** The newest committed block: written last in each transaction. */
export interface Checkpoint {
  readonly height: number
  readonly hash: Hash
  readonly eraId: number
  readonly time: Ms
}
