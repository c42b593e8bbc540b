import type { Filter } from './api/filter.ts'
import type { Block } from './domain/block.ts'
import type { Era } from './domain/era.ts'
import type { Hash } from './domain/hash.ts'
import type { Party } from './domain/keys.ts'
import type { Motes } from './domain/motes.ts'
import type { Checkpoint, Cut, Heartbeat, Network } from './domain/network.ts'
import type { Peer } from './domain/peer.ts'
import type { CurrentPrice, HourlyPrice } from './domain/price.ts'
import type { EraValidator } from './domain/reward.ts'
import type { Ms } from './domain/time.ts'
import type { Transaction } from './domain/transaction.ts'
import type { Transfer } from './domain/transfer.ts'
import type { Soon } from './lib/soon.ts'
import type { Change, Resume } from './store/change.ts'
import type { Rollback } from './store/rollback.ts'

/** Injected time: tests are exact. */
export interface Clock {
  now(): Ms
}

/** A built file of the site; null for a path that is none. `/` is the page that all pages begin with. */
export type Assets = (request: Request, path: string) => Soon<Response | null>

/** Work that may outlive the response (`waitUntil` on Workers, a tracked promise under Deno). */
export interface Background {
  run(work: Promise<unknown>): void
}

export interface Tip {
  readonly network: Network
  readonly checkpoint: Checkpoint
  /** Oldest first. */
  readonly cuts: readonly Cut[]
  /** The crawler's last one, never below the checkpoint; `at` 0 before the first. */
  readonly heartbeat: Heartbeat
}

/** The largest transfers of one era, largest first, then by position in the chain. */
export interface EraTransfers {
  readonly eraId: number
  readonly count: number
  readonly volume: Motes
  readonly top: readonly Transfer[]
}

/** Which transfers to list; all bounds inclusive. `after` is the position of the last one seen. */
export interface TransferQuery {
  readonly fromBlock?: number
  readonly toBlock?: number
  readonly fromEra?: number
  readonly toEra?: number
  readonly fromTime?: Ms
  readonly toTime?: Ms
  readonly minAmount?: Motes
  readonly maxAmount?: Motes
  readonly party?: Party
  readonly direction?: 'in' | 'out'
  readonly order: 'asc' | 'desc'
  readonly after?: { readonly height: number; readonly ordinal: number }
  readonly limit: number
}

/** A block that a filter found, with what the compatible shape joins to it. */
export interface FoundBlock {
  readonly block: Block
  readonly era: Era
  /** Time of the block before; null when it is not stored. */
  readonly previousTime: Ms | null
}

/** A run of consecutive hours: how many of them have a price, and how many one that can no longer change. */
export interface PriceRun {
  /** The run's first hour is `number` times the run's length since 1970. */
  readonly number: number
  readonly hours: number
  readonly settled: number
}

/** Which peers to list. */
export interface PeerQuery {
  /** Only those whose key validates in the newest era. */
  readonly validators?: boolean
  /** Only those that the newest look around saw. */
  readonly newest?: boolean
  readonly limit: number
}

/** Reading side of the store: what the edge worker may ask. Every method is one query, bounded by its arguments. */
export interface StoreReader {
  /** null before the first commit. */
  readTip(): Promise<Tip | null>
  /** Blocks of an inclusive range of heights, ascending; heights that are not stored are left out. */
  readBlocks(from: number, to: number): Promise<Block[]>
  readHeightOfHash(hash: Hash): Promise<number | null>
  /** Eras of an inclusive range of ids, ascending. */
  readEras(from: number, to: number): Promise<Era[]>
  /** The `limit` largest transfers of each era of an inclusive range, with the era's true count and volume. */
  readEraTransfers(fromEra: number, toEra: number, limit: number): Promise<EraTransfers[]>
  readTransfers(query: TransferQuery): Promise<Transfer[]>
  readTransactions(height: number): Promise<Transaction[]>
  readTransaction(hash: Hash): Promise<Transaction | null>
  /** Rows that a compatible filter selects, with the era's columns and the time of the block before (see `api/filter.ts`). */
  findBlocks(filter: Filter): Promise<FoundBlock[]>
  findEras(filter: Filter): Promise<Era[]>
  /** null before the first price. */
  readCurrentPrice(): Promise<CurrentPrice | null>
  /** Hours that begin within inclusive bounds, ascending; those without a price are left out. */
  readPrices(from: Ms, to: Ms): Promise<HourlyPrice[]>
  /** Which runs of `length` hours have prices, ascending. */
  readPriceRuns(length: number): Promise<PriceRun[]>
  /** Peers with their places, by key; never their addresses. */
  readPeers(query: PeerQuery): Promise<Peer[]>
}

/** Writing side: the crawler alone. */
export interface StoreWriter {
  /** null when nothing is stored yet. */
  readResume(): Promise<Resume | null>
  /**
   * Writes the change and moves the checkpoint in one transaction. Refused with `ConflictError` when the stored
   * checkpoint is neither the one that the change follows nor the one it ends at, or the network differs.
   */
  commit(change: Change): Promise<void>
  /** What is stored of inclusive ranges, ascending: for finding out where another chain leaves ours. */
  readBlocks(from: number, to: number): Promise<Block[]>
  readEras(from: number, to: number): Promise<Era[]>
  readEraValidators(fromEra: number, toEra: number): Promise<EraValidator[]>
  /** Gives up a tail in one transaction. `ConflictError` when the store does not end where it begins from. */
  rollBack(rollback: Rollback): Promise<void>
  /** For readers, written apart from blocks. */
  writeHeartbeat(heartbeat: Heartbeat): Promise<void>
  close(): Promise<void>
}
