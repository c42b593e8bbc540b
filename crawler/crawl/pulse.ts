import type { Ms } from '../../src/domain/time.ts'
import type { PoolTip } from '../node/pool/contract.ts'
import type { CrawlPorts } from './options.ts'

const EVERY: Ms = 2_000

type PulsePorts = Pick<CrawlPorts, 'store' | 'clock' | 'steady'>

/** What the network was last seen to be and how the crawl fares, told to readers of the store every few seconds. */
export class Pulse {
  private readonly ports: PulsePorts
  /** By the steady clock. */
  private beatAt: Ms = Number.NEGATIVE_INFINITY
  private time: Ms = 0
  private grownAt: Ms = 0
  /** Highest height seen; -1 before a node has answered. */
  tip = -1

  constructor(ports: PulsePorts) {
    this.ports = ports
  }

  /** A tip that is behind an earlier one says nothing new. */
  see(status: PoolTip): void {
    if (status.height <= this.tip) return
    this.tip = status.height
    this.time = status.time
    this.grownAt = this.ports.clock.now()
  }

  /** All is well. Writes when it is time. */
  async beat(): Promise<void> {
    if (this.ports.steady.now() - this.beatAt >= EVERY) await this.write(null)
  }

  /** Something holds the crawl up; told at once. A store that is the trouble itself cannot be told. */
  async ail(trouble: string): Promise<void> {
    if (this.tip >= 0) await this.write(trouble.slice(0, 300)).catch(() => {})
  }

  private async write(trouble: string | null): Promise<void> {
    const { store, clock, steady } = this.ports
    this.beatAt = trouble === null ? steady.now() : Number.NEGATIVE_INFINITY
    const { tip: networkHeight, time: networkTime, grownAt } = this
    await store.writeHeartbeat({ at: clock.now(), networkHeight, networkTime, grownAt, trouble })
  }
}
