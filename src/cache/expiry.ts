import { CACHE_POLICIES, type CacheClass, type CachePolicy, type PurgeGroup } from '../api/policy.ts'
import type { Ms } from '../domain/time.ts'

export type KeptClass = Exclude<CacheClass, 'NEVER'>
export type Policies = Readonly<Record<KeptClass, CachePolicy>>

/** The four instants in a value's life, in milliseconds since 1970. */
export interface Expiry {
  readonly storedAt: Ms
  readonly freshUntil: Ms
  readonly staleUntil: Ms
  readonly errorUntil: Ms
}

/** Seconds of a policy, counted from the instant at which the question was put to the store. */
export function toExpiry(policy: CachePolicy, storedAt: Ms): Expiry {
  const freshUntil = storedAt + policy.fresh * 1_000
  return {
    storedAt,
    freshUntil,
    staleUntil: freshUntil + policy.staleWhileRevalidate * 1_000,
    errorUntil: freshUntil + policy.staleIfError * 1_000,
  }
}

const TEN_YEARS: Ms = 10 * 365 * 86_400_000

/** Closed history, which only the chain's growth adds to; of all else anybody can make more, by asking. */
export function isForEver({ storedAt, errorUntil }: Expiry): boolean {
  return errorUntil - storedAt > TEN_YEARS
}

/** Purge groups double as tags: what the crawler announces is what a zone purge names. */
export function toTags(cacheClass: KeptClass, policies: Policies = CACHE_POLICIES): readonly string[] {
  const { purgedBy } = policies[cacheClass]
  return purgedBy.length > 0 ? purgedBy : ['immutable']
}

/** The tag of one value, by which an operator's drop finds it in tiers that know no keys. */
export function toIdTag(id: string): string {
  return `id:${id}`
}

/**
 * When each group was last purged. What was read from the store before that is known to be outdated, in whichever
 * tier it turns up; it is served only when the store fails.
 */
export class Purges {
  readonly #at = new Map<PurgeGroup, Ms>()
  readonly #policies: Policies
  #lastPurge: Ms = Number.NEGATIVE_INFINITY
  #lastStart: Ms = Number.NEGATIVE_INFINITY

  constructor(policies: Policies) {
    this.#policies = policies
  }

  /** Not before any question so far: a clock that stands still must not let one escape. */
  add(groups: readonly PurgeGroup[], now: Ms): void {
    this.#lastPurge = Math.max(now, this.#lastPurge, this.#lastStart)
    for (const group of groups) this.#at.set(group, this.#lastPurge)
  }

  isPurged(cacheClass: KeptClass, storedAt: Ms): boolean {
    if (storedAt > this.#lastPurge) return false
    for (const group of this.#policies[cacheClass].purgedBy) {
      const at = this.#at.get(group)
      if (at !== undefined && storedAt <= at) return true
    }
    return false
  }

  /** The instant of a question that is put now: later than every purge so far. */
  toStart(now: Ms): Ms {
    const start = Math.max(now, this.#lastPurge + 1)
    this.#lastStart = Math.max(this.#lastStart, start)
    return start
  }
}
