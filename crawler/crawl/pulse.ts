import type { Ms } from '../../src/domain/time.ts'
import type { Clock, StoreWriter } from '../../src/ports.ts'
import type { PoolTip } from '../node/pool/contract.ts'

const EVERY: Ms = 2_000

/** What the network was last seen to be and how the crawl fares, told to readers of the store every few seconds. */
export class Pulse {
  private readonly store: StoreWriter
  private readonly clock: Clock
  private beatAt: Ms = 0
  private time: Ms = 0
  private grownAt: Ms = 0
  /** Highest height seen; -1 before a node has answered. */
  tip = -1

  constructor(store: StoreWriter, clock: Clock) {
    this.store = store
    this.clock = clock
  }

  /** A tip that is behind an earlier one says nothing new. */
  see(status: PoolTip): void {
    if (status.height <= this.tip) return
    this.tip = status.height
    this.time = status.time
    this.grownAt = this.clock.now()
  }

  /** All is well. Writes when it is time. */
  async beat(): Promise<void> {
    if (this.clock.now() - this.beatAt >= EVERY) await this.write(null)
  }

  /** Something holds the crawl up; told at once. A store that is the trouble itself cannot be told. */
  async ail(trouble: string): Promise<void> {
    if (this.tip >= 0) await this.write(trouble.slice(0, 300)).catch(() => {})
  }

  private async write(trouble: string | null): Promise<void> {
    const at = this.clock.now()
    this.beatAt = trouble === null ? at : 0
    const { tip: networkHeight, time: networkTime, grownAt } = this
    await this.store.writeHeartbeat({ at, networkHeight, networkTime, grownAt, trouble })
  }
}
