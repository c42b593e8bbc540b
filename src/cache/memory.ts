import type { Ms } from '../domain/time.ts'
import { Bounded } from '../lib/bounded.ts'
import type { Found, TierName, TierStats } from './cache.ts'
import type { Expiry, KeptClass } from './expiry.ts'

/** A decoded value in the isolate's memory. */
export interface Kept<T> extends Expiry {
  readonly value: T
  readonly cacheClass: KeptClass
  readonly durableKey: string
  /** Until then it is used without looking at other tiers; not beyond `freshUntil`. */
  usableUntil: Ms
  /** A purge has outdated it, and its durable entries are deleted. */
  isPurged?: boolean
  /** What a hit returns: made once, since hits are what memory is for. */
  readonly found: Found<T>
}

/** Map entry, key, instants: what a small value costs beside its bytes. */
const OVERHEAD = 512

/** Values of this isolate, bounded in bytes. */
export class Memory {
  readonly #kept: Bounded<Kept<unknown>>
  #hits = 0
  #misses = 0

  constructor(maxBytes: number) {
    this.#kept = new Bounded(maxBytes)
  }

  /** A value that may be used as it is. */
  usable<T>(id: string, now: Ms): Found<T> | null {
    const kept = this.#kept.get(id)
    if (kept === undefined || now >= kept.usableUntil) return null
    this.#hits++
    return kept.found as Found<T>
  }

  /** Whatever is kept, outdated or not. */
  any<T>(id: string): Kept<T> | undefined {
    return this.#kept.get(id) as Kept<T> | undefined
  }

  missed(): void {
    this.#misses++
  }

  /** @param size bytes of the encoded value. An older value never takes the place of a younger one. */
  keep<T>(id: string, kept: Omit<Kept<T>, 'found'>, size: number): void {
    const before = this.#kept.get(id)
    if (before && before.storedAt > kept.storedAt) return
    const found = toFound(kept.value, kept, 'memory', false)
    this.#kept.set(id, { ...kept, found }, size + OVERHEAD + 2 * id.length)
  }

  drop(id: string): void {
    this.#kept.delete(id)
  }

  clear(): void {
    this.#kept.clear()
  }

  /**
   * Values that `isHit` selects are no longer used as they are.
   * @returns durable keys of those that this call outdates: what an earlier purge did is not deleted once more, or each
   *   purge would cost more than the one before
   */
  expire(isHit: (kept: Kept<unknown>) => boolean): string[] {
    const keys: string[] = []
    for (const [, kept] of this.#kept.pairs()) {
      if (kept.isPurged || !isHit(kept)) continue
      kept.usableUntil = Number.NEGATIVE_INFINITY
      kept.isPurged = true
      keys.push(kept.durableKey)
    }
    return keys
  }

  stats(): TierStats {
    const { bytes, entries } = this.#kept
    return { hits: this.#hits, misses: this.#misses, errors: 0, entries, bytes }
  }
}

export function toFound<T>(value: T, expiry: Expiry, tier: TierName, stale: boolean): Found<T> {
  return { value, tier, stale, storedAt: expiry.storedAt, freshUntil: expiry.freshUntil }
}
