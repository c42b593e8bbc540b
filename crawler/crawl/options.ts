import type { PurgeGroup } from '../../src/api/policy.ts'
import type { Clock, StoreWriter } from '../../src/ports.ts'
import type { Log } from '../log.ts'
import type { NodePool } from '../node/pool/contract.ts'
import type { AuctionMode } from '../project/auction.ts'
import type { Wake } from './wake.ts'

export interface CrawlOptions {
  readonly startHeight: number
  /** Heights under way at once. */
  readonly ahead: number
  /** Bounds of one commit while catching up. */
  readonly maxBlocks: number
  readonly maxRows: number
  /** How long the tip is left unasked without a wake-up. */
  readonly pollMs: number
  /** When the auction's state is asked for. */
  readonly auction: AuctionMode
  /** What becomes of a transaction whose content does not make its hash, for all that we can recompute. */
  readonly unproven: 'refuse' | 'store'
  /** Deepest tail that is given up for another chain that the network agrees on, in blocks. */
  readonly maxRollback: number
  /** Stops after this height; for tests and measurements. */
  readonly stopAt?: number
}

export interface CrawlPorts {
  readonly pool: NodePool
  readonly store: StoreWriter
  readonly announce: (groups: readonly PurgeGroup[]) => void
  readonly wake: Wake
  readonly log: Log
  /** The time of day, for what others read; it may be set anew at any moment. */
  readonly clock: Clock
  /** Measures: never steps. */
  readonly steady: Clock
}
