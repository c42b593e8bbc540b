import type { Ms } from '../../../src/domain/time.ts'
import type { NodeUnavailableError } from '../rpc.ts'

const FIRST: Ms = 250
const LONGEST: Ms = 30_000
/** After HTTP 429 without a Retry-After: the sidecar gives back one call a second. */
const REFILL: Ms = 1_000
/** Most that a node's Retry-After is believed. */
const MOST_ASKED: Ms = 600_000
/** Failures in a row after which a node is said to be away, in the log. */
const AWAY = 3

/**
 * When a failing node may be asked again: after 0.25 s, doubled up to 30 s, a random half on top; after its Retry-After if
 * that is longer. Then one status, then one question at a time until one is answered.
 */
export class Rest {
  private readonly random: () => number
  private countedAt: Ms = Number.NEGATIVE_INFINITY
  /** In a row. */
  failures = 0
  until: Ms = 0
  /** A status must be answered before a question is risked. Not after a 429: it would use up the only call given back. */
  needsStatus = false
  last: { readonly at: Ms; readonly reason: string } | null = null

  constructor(random: () => number) {
    this.random = random
  }

  /**
   * @param startedAt of the call: calls that were under way together count as one failure
   * @returns what the node asked to be waited for
   */
  fail(error: NodeUnavailableError, startedAt: Ms, now: Ms): Ms {
    this.last = { at: now, reason: error.message }
    if (startedAt >= this.countedAt) {
      this.failures++
      this.countedAt = now
    }
    const backOff = Math.min(FIRST * 2 ** (this.failures - 1), LONGEST)
    const isFull = error.reason === 'rate-limit'
    const asked = Math.min(
      error.retryAfter === null ? (isFull ? REFILL : 0) : error.retryAfter * 1000,
      MOST_ASKED,
    )
    const pause = Math.max(backOff, asked) * (1 + this.random() / 2)
    this.until = Math.max(this.until, now + pause)
    if (!isFull && error.reason !== 'too-large') this.needsStatus = true
    return asked
  }

  /** It answered a question. */
  recover(): void {
    this.failures = 0
    this.until = 0
    this.needsStatus = false
  }

  get isAway(): boolean {
    return this.failures >= AWAY
  }
}
