import type { Ms } from '../../../src/domain/time.ts'

/** Share of the gap that each answer takes away: slowly, since what is tried in vain costs a pause. */
const EASE = 0.99
const NEGLIGIBLE: Ms = 5

/**
 * The time between two calls to a node that counts calls, as the sidecar does: a burst, then one a second. Learned from its
 * 429s; pauses alone would have every other call refused for as long as a catch-up lasts.
 */
export class Spacing {
  private gap: Ms = 0
  private refusedAt: Ms = Number.NEGATIVE_INFINITY
  nextAt: Ms = 0

  /** HTTP 429. @param pause what the node asked for: it gives a call back in that time, so no gap need be longer */
  refuse(pause: Ms, startedAt: Ms, now: Ms): void {
    if (startedAt < this.refusedAt) return
    this.refusedAt = now
    this.gap = Math.min(this.gap === 0 ? pause / 4 : this.gap * 2, pause)
  }

  ease(): void {
    this.gap = this.gap < NEGLIGIBLE ? 0 : this.gap * EASE
  }

  start(now: Ms): void {
    this.nextAt = now + this.gap
  }
}
