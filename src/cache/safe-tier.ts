import type { Ms } from '../domain/time.ts'
import { within } from '../lib/deadline.ts'
import type { Clock } from '../ports.ts'
import { DamagedError, type Entry, type Tier, type TierStats } from './cache.ts'

/** Says once what failed: an error that only becomes a miss goes unnoticed for years. */
export type Report = (event: string, error: unknown) => void

/** A tier that hangs or fails so often in a row is left alone for a while, or every reader would wait for it. */
const FAILURES_TO_REST = 3
const REST: Ms = 5_000

/** A tier whose failures are misses, in time, counted and reported. */
export class SafeTier {
  readonly tier: Tier
  readonly #clock: Clock
  readonly #limit: Ms
  readonly #report: Report
  #hits = 0
  #misses = 0
  #errors = 0
  #failuresInARow = 0
  #restsUntil: Ms = 0

  constructor(tier: Tier, clock: Clock, limit: Ms, report: Report) {
    this.tier = tier
    this.#clock = clock
    this.#limit = limit
    this.#report = report
  }

  async get(key: string): Promise<Entry | null> {
    const entry = await this.#attempt('get', () => this.tier.get(key))
    if (entry) this.#hits++
    else this.#misses++
    return entry ?? null
  }

  async put(key: string, entry: Entry): Promise<void> {
    await this.#attempt('put', () => this.tier.put(key, entry))
  }

  /** Not swallowed, and tried also at rest: whoever purges must know that a value is still there. */
  async delete(keys: readonly string[]): Promise<void> {
    if (keys.length > 0) await this.#counted('delete', () => this.tier.delete(keys))
  }

  async purgeTags(tags: readonly string[]): Promise<void> {
    const { tier } = this
    if (tier.purgeTags && tags.length > 0) {
      await this.#counted('purge', async () => tier.purgeTags?.(tags))
    }
  }

  /** What the tier gave as a hit was no value. */
  damaged(error: unknown): void {
    this.#hits--
    this.#misses++
    this.#tell('decode', error)
  }

  stats(): TierStats {
    return { hits: this.#hits, misses: this.#misses, errors: this.#errors }
  }

  async #attempt<T>(verb: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#clock.now() < this.#restsUntil) return undefined
    try {
      return await this.#counted(verb, work)
    } catch {
      return undefined
    }
  }

  async #counted<T>(verb: string, work: () => Promise<T>): Promise<T> {
    try {
      // A tier may throw before it returns a promise.
      const result = await within(
        Promise.resolve().then(work),
        verb === 'get' ? this.#limit : 10 * this.#limit,
        `${verb} of the tier ${this.tier.name}`,
      )
      this.#failuresInARow = 0
      return result
    } catch (error) {
      this.#failed(verb, error)
      throw error
    }
  }

  #failed(verb: string, error: unknown): void {
    // Damage is one entry's: the others are worth asking for, and the tier is about to be given a better one.
    if (error instanceof DamagedError) return this.#tell('decode', error)
    this.#failuresInARow++
    if (this.#failuresInARow >= FAILURES_TO_REST) this.#restsUntil = this.#clock.now() + REST
    this.#tell(verb, error)
  }

  #tell(verb: string, error: unknown): void {
    this.#errors++
    this.#report(`cache tier ${this.tier.name}: ${verb}`, error)
  }
}
