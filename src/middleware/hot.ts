import { type BudgetName, CACHE_POLICIES, type PurgeGroup } from '../api/policy.ts'
import type { Ms } from '../domain/time.ts'
import { Bounded } from '../lib/bounded.ts'
import { prefersCsv } from './accept.ts'
import type { Finished } from './finished.ts'

/** A finished reply under the URL that asked for it. */
export interface Hot {
  readonly finished: Finished
  readonly budget: BudgetName
  /** Not beyond the reply's own freshness. */
  readonly usableUntil: Ms
  /** The reply would have been another for another Accept header. */
  readonly varies: boolean
}

/** Headers, tag, map entry: what an answer costs beside its body and its URL. */
const OVERHEAD = 1_024
/** URLs that were asked for within the last moment, by hash: a power of two, 32 KB. */
const ASKED_SLOTS = 8_192
const MOMENT: Ms = 1_000
/** The lowest bits of a slot count how often, the others are the URL's hash. */
const COUNT = 7
/** Below it, a repeated answer is rarer than the random ones that one isolate can give. */
export const ASKS_TO_KEEP = 5

/**
 * Finished replies by exact URL, so that the answer everybody asks for costs neither routing nor reading nor JSON. It
 * stands before all of that and knows nothing of meanings; it is only as fresh as the replies are.
 */
export class HotAnswers {
  readonly #kept: Bounded<Hot>
  readonly #recheck: Ms
  readonly #asked = new Uint32Array(ASKED_SLOTS)
  #askedSince: Ms = 0
  #purges = 0

  /** @param recheck longest use of an answer that can change: purges do not reach other isolates */
  constructor(maxBytes: number, recheck: Ms = Number.POSITIVE_INFINITY) {
    this.#kept = new Bounded(maxBytes)
    this.#recheck = recheck
  }

  get(key: string, now: Ms, headers: Headers): Hot | undefined {
    const hot = this.#kept.get(key)
    if (hot === undefined || now >= hot.usableUntil) return undefined
    if (hot.varies && prefersCsv(headers.get('accept'))) return undefined
    return hot
  }

  /** Goes with a question, and tells later whether a purge came before its answer. */
  get ticket(): number {
    return this.#purges
  }

  keep(key: string, finished: Finished, budget: BudgetName, ticket: number, now: Ms): void {
    const { reply, freshUntil } = finished
    if (now >= freshUntil || ticket !== this.#purges) return
    if (!this.#isAskedOften(key, now)) return
    const varies = reply.headers !== undefined && 'Vary' in reply.headers
    if (varies && reply.type !== 'application/json') return
    const bound = reply.cacheClass === 'IMMUTABLE' ? Number.POSITIVE_INFINITY : now + this.#recheck
    const usableUntil = Math.min(freshUntil, bound)
    const size = 2 * key.length + reply.body.length + OVERHEAD
    this.#kept.set(key, { finished, budget, usableUntil, varies }, size)
  }

  /**
   * Only what is asked for again and again in a moment is kept: who walks through the whole history, or a crowd that
   * asks for all of it at random, would otherwise push out all others' answers, and every one of theirs would be
   * carried through the garbage collector for nothing.
   */
  #isAskedOften(key: string, now: Ms): boolean {
    if (now - this.#askedSince >= MOMENT) {
      this.#asked.fill(0)
      this.#askedSince = now
    }
    let hash = 0x811c9dc5
    for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193)
    const slot = (hash ^ (hash >>> 15)) & (ASKED_SLOTS - 1)
    // Uint32Array: the comparison is of its unsigned values.
    const url = (hash & ~COUNT) >>> 0
    const before = this.#asked[slot] as number
    const count = (before & ~COUNT) >>> 0 === url ? (before & COUNT) + 1 : 1
    this.#asked[slot] = url | Math.min(count, COUNT)
    return count >= ASKS_TO_KEEP
  }

  purge(groups: readonly PurgeGroup[]): void {
    this.#purges++
    for (const [key, { finished }] of this.#kept.pairs()) {
      const { cacheClass } = finished.reply
      if (cacheClass === 'NEVER') continue
      if (CACHE_POLICIES[cacheClass].purgedBy.some((group) => groups.includes(group))) this.#kept.delete(key)
    }
  }

  clear(): void {
    this.#purges++
    this.#kept.clear()
  }
}
