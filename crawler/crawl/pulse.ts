import type { Ms } from '../../src/domain/time.ts'
import type { Clock, StoreWriter } from '../../src/ports.ts'
import type { NodeStatus } from '../node/node.ts'

const EVERY: Ms = 2_000

/** What the network was last seen to be, told to readers of the store every few seconds. */
export class Pulse {
  private readonly store: StoreWriter
  private readonly clock: Clock
  private beatAt: Ms = 0
  private time: Ms
  private grownAt: Ms
  /** Highest height seen. */
  tip: number

  constructor(store: StoreWriter, clock: Clock, status: NodeStatus) {
    this.store = store
    this.clock = clock
    this.tip = status.height
    this.time = status.time
    this.grownAt = clock.now()
  }

  /** A node that is behind another says nothing new. */
  see(status: NodeStatus): void {
    if (status.height <= this.tip) return
    this.tip = status.height
    this.time = status.time
    this.grownAt = this.clock.now()
  }

  /** Writes when it is time. */
  async beat(): Promise<void> {
    const at = this.clock.now()
    if (at - this.beatAt < EVERY) return
    this.beatAt = at
    await this.store.writeHeartbeat({
      at,
      networkHeight: this.tip,
      networkTime: this.time,
      grownAt: this.grownAt,
    })
  }
}
