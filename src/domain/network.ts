import type { Hash } from './hash.ts'
import type { Ms } from './time.ts'

/** Which chain this is: a store, a cache and a node must agree on both. */
export interface Network {
  readonly name: string
  /** Hash of block 0, or of the first stored block of a partial history. */
  readonly genesisHash: Hash
  readonly firstHeight: number
}

/** What the crawler saw of the network when it last wrote; apart from the blocks, so that it tells of a stand-still too. */
export interface Heartbeat {
  readonly at: Ms
  readonly networkHeight: number
  /** Time of the network's newest block: how far what is stored lags is measured to it. */
  readonly networkTime: Ms
  /** When the crawler saw the network grow: a halt shows here, also on a chain that is replayed with old times. */
  readonly grownAt: Ms
  /** What holds the crawl up at this moment; null when nothing does. */
  readonly trouble: string | null
}

/** An end, the last block of an era, that the store was taken back to: what it had above was given up for another tail. */
export interface Cut {
  readonly height: number
  readonly eraId: number
}

/** The newest committed block: written last in each transaction. */
export interface Checkpoint {
  readonly height: number
  readonly hash: Hash
  readonly eraId: number
  readonly time: Ms
}
