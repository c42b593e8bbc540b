import type { PurgeGroup } from '../../src/api/policy.ts'
import type { Clock } from '../../src/ports.ts'
import type { PriceWriter } from '../../src/store/price-writer.ts'
import type { Log } from '../log.ts'
import type { PoliteSource, Sleep } from './polite.ts'

export interface PricePorts {
  /** In the order of preference. */
  readonly sources: readonly PoliteSource[]
  readonly store: Omit<PriceWriter, 'close'>
  /** After a change; whoever waits for it, the price is stored already. */
  readonly announce: (groups: readonly PurgeGroup[]) => void | Promise<void>
  readonly clock: Clock
  readonly sleep: Sleep
  readonly log: Log
}
