import type { Ms } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports.ts'

/** Longer than a node's whole answer and the pauses between tries together: a loop that still lives has shown itself. */
const STALLED: Ms = 180_000

/** Where the process stands: it waits for the lease, holds it and crawls, or is at its end. */
export type Role = 'starting' | 'standby' | 'crawling' | 'stopping'

/** Whether the loop still turns. Fed by whatever passes through it: answers of nodes, and of the store. */
export class Health {
  private readonly clock: Clock
  private movedAt: Ms
  private waiting = 0
  role: Role = 'starting'

  constructor(clock: Clock) {
    this.clock = clock
    this.movedAt = clock.now()
  }

  /** Something came to an end, well or not. */
  moved(): void {
    this.movedAt = this.clock.now()
  }

  /**
   * For a call of the store: while it lasts the loop waits rightly, since each has a deadline of its own. A restart would
   * not bring a store back, and would give the lease away.
   */
  async during<T>(work: Promise<T>): Promise<T> {
    this.waiting++
    try {
      return await work
    } finally {
      this.waiting--
      this.moved()
    }
  }

  /** Seconds since something moved. */
  idle(): number {
    return Math.max(0, this.clock.now() - this.movedAt) / 1000
  }

  isAlive(): boolean {
    return this.role !== 'crawling' || this.waiting > 0 || this.idle() * 1000 < STALLED
  }
}
