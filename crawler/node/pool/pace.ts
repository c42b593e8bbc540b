import type { Ms } from '../../../src/domain/time.ts'

/** Questions at once that a node gets before anything is known of it. */
const FIRST = 4
/** Answers may take twice the best time, and this much more for a busy loop of our own, while the limit still grows. */
const SLACK: Ms = 20
/** Below this answers count as equally quick: only the queues tell the nodes apart. */
const QUICKEST: Ms = 0.5
/** Weight of a new measurement. Good news weigh more: a node that has recovered is used again within a few statuses. */
const WORSE = 0.2
const BETTER = 0.4
/** The best time is forgotten by a thousandth an answer, so that a new route or a busier node is learned. */
const DRIFT = 1.001

/**
 * How long a node's answers take and how many questions it gets at once: the additive increase and multiplicative decrease
 * of TCP, with one more from each answer at first. The limit grows only while it is used up and answers stay quick.
 */
export class Pace {
  private readonly most: number
  private limit: number
  private isStarting = true
  private best: Ms = Number.POSITIVE_INFINITY
  private halvedAt: Ms = Number.NEGATIVE_INFINITY
  /** Smoothed time of an answer; null before the first. */
  latency: Ms | null = null
  /** Questions under way. */
  running = 0

  constructor(most: number) {
    this.most = most
    this.limit = Math.min(FIRST, most)
  }

  get slots(): number {
    return Math.floor(this.limit)
  }

  /** A light answer came after so long. */
  measure(took: Ms): void {
    const before = this.latency ?? took
    this.latency = before + (took - before) * (took > before ? WORSE : BETTER)
    this.best = Math.min(this.latency, this.best * DRIFT)
    if (this.running < this.slots) return
    if (this.latency > 2 * this.best + SLACK) this.isStarting = false
    else this.limit = Math.min(this.most, this.limit + (this.isStarting ? 1 : 1 / this.limit))
  }

  /** Too much for the node. Counts once for all that were under way together. */
  halve(startedAt: Ms, now: Ms): void {
    if (startedAt < this.halvedAt) return
    this.halvedAt = now
    this.isStarting = false
    this.limit = Math.max(1, this.limit / 2)
  }

  /**
   * Time that one more question would take, behind `waiting` others: latency x (queue + 1), where a queue counts for as
   * much as the node's slots leave of it. An unmeasured node counts as quick, so that it is measured.
   */
  expectedWait(waiting: number, slots: number): Ms {
    return Math.max(this.latency ?? 1, QUICKEST) * (1 + (this.running + waiting) / slots)
  }
}
