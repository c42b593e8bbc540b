import type { Ms } from '../domain/time.ts'
import { Bounded } from '../lib/bounded.ts'
import { within } from '../lib/deadline.ts'
import type { Clock } from '../ports.ts'
import { Breaker, type BreakerState } from './breaker.ts'
import type { TierStats } from './cache.ts'
import type { Report } from './safe-tier.ts'

interface Failure {
  readonly error: unknown
  readonly until: Ms
  readonly count: number
}

const FIRST_PAUSE: Ms = 250
const LONGEST_PAUSE: Ms = 5_000
/** Whoever asks for ever new keys must not fill the memory with failures. */
const MOST_FAILURES = 2_000

export interface LoaderOptions {
  /** Answer of the store, in milliseconds. */
  readonly limit: Ms
  /** Whether a failure means that the store is down, and not that it refused this one question. */
  readonly isOutage: (error: unknown) => boolean
}

/**
 * Puts questions to the store: in time, not again at once after one has failed, and one at a time while the store is
 * down.
 */
export class Loader {
  readonly #options: LoaderOptions
  readonly #clock: Clock
  readonly #report: Report
  readonly #breaker = new Breaker()
  readonly #failures = new Bounded<Failure>(Number.POSITIVE_INFINITY, MOST_FAILURES)
  #loaded = 0
  #errors = 0

  constructor(options: LoaderOptions, clock: Clock, report: Report) {
    this.#options = options
    this.#clock = clock
    this.#report = report
  }

  /** Whether `load` would fail without asking. */
  refuses(id: string): boolean {
    const now = this.#clock.now()
    const failure = this.#failures.get(id)
    return (failure !== undefined && now < failure.until) || this.#breaker.refuses(now)
  }

  /** @throws the load's error, the last one within the pause after it, or UnavailableError */
  async load<T>(id: string, load: () => Promise<T>): Promise<T> {
    const failure = this.#failures.get(id)
    if (failure && this.#clock.now() < failure.until) throw failure.error
    this.#breaker.enter(this.#clock.now())
    try {
      const value = await within(Promise.resolve().then(load), this.#options.limit, `load of ${id}`)
      this.#breaker.succeed()
      this.#failures.delete(id)
      this.#loaded++
      return value
    } catch (error) {
      this.#fail(id, error)
      throw error
    }
  }

  /** After a purge every question is worth asking. */
  forget(): void {
    this.#failures.clear()
  }

  breaker(): BreakerState {
    return this.#breaker.state(this.#clock.now())
  }

  stats(): TierStats {
    return { hits: this.#loaded, misses: 0, errors: this.#errors }
  }

  #fail(id: string, error: unknown): void {
    const now = this.#clock.now()
    this.#errors++
    if (this.#options.isOutage(error)) this.#breaker.fail(now, error)
    else this.#breaker.succeed()
    const count = (this.#failures.get(id)?.count ?? 0) + 1
    const pause = Math.min(FIRST_PAUSE * 2 ** Math.min(count - 1, 10), LONGEST_PAUSE)
    this.#failures.set(id, { error, until: now + pause, count }, 0)
    this.#report(`load of ${id}`, error)
  }
}
