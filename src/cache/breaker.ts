import type { Ms } from '../domain/time.ts'

/** The store is not asked at present: it has just failed. */
export class UnavailableError extends Error {
  readonly code = 'UNAVAILABLE'
  override readonly name = 'UnavailableError'
  /** Milliseconds after which another try is worth it. */
  readonly retryAfter: Ms

  constructor(retryAfter: Ms, options?: ErrorOptions) {
    super('The store has failed and is not asked again yet', options)
    this.retryAfter = retryAfter
  }
}

/**
 * `open`: nobody asks the store at present. `half-open`: it has failed often enough, and the next question will show
 * whether it is back.
 */
export type BreakerState = 'closed' | 'open' | 'half-open'

/** So many outages in a row open the circuit: one alone may be a single lost connection. */
const THRESHOLD = 3
const FIRST_PAUSE: Ms = 500
/** How long a store that is back may stay unnoticed. */
const LONGEST_PAUSE: Ms = 8_000
/** A probe whose request went away never reports; another one may go then. */
const LONGEST_PROBE: Ms = 15_000

/**
 * Keeps a dead store from being hammered: once it has failed often enough, one question at a time goes through, after
 * pauses that double; all others are answered at once by whatever is at hand.
 */
export class Breaker {
  #failures = 0
  #openUntil: Ms = 0
  #probeUntil: Ms = 0
  #cause: unknown

  refuses(now: Ms): boolean {
    return this.#failures >= THRESHOLD && (now < this.#openUntil || now < this.#probeUntil)
  }

  state(now: Ms): BreakerState {
    if (this.#failures < THRESHOLD) return 'closed'
    return this.refuses(now) ? 'open' : 'half-open'
  }

  /** Asks for leave to load; `succeed` or `fail` follows. @throws {UnavailableError} */
  enter(now: Ms): void {
    if (this.refuses(now)) {
      throw new UnavailableError(Math.max(this.#openUntil - now, FIRST_PAUSE), { cause: this.#cause })
    }
    if (this.#failures >= THRESHOLD) this.#probeUntil = now + LONGEST_PROBE
  }

  /** The store has answered, if only by refusing the statement. */
  succeed(): void {
    this.#failures = 0
    this.#probeUntil = 0
  }

  fail(now: Ms, cause: unknown): void {
    this.#failures++
    this.#probeUntil = 0
    this.#cause = cause
    const pause = FIRST_PAUSE * 2 ** Math.min(Math.max(this.#failures - THRESHOLD, 0), 10)
    this.#openUntil = now + Math.min(pause, LONGEST_PAUSE)
  }
}
