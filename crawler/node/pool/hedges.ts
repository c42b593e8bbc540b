import type { Ms } from '../../../src/domain/time.ts'
import type { Capability } from './contract.ts'

/** No answer is late before this. */
const SOONEST: Ms = 1_000
const TIMES_P95 = 4
/** Second questions for each first one, and how many may be saved up. */
const SHARE = 0.03
const SAVED = 5
const KEPT = 128
/** Answers after which the 95th percentile is computed anew. */
const EVERY = 32
/** Answers of tens of megabytes: to ask for them twice costs more than to wait. */
const HEAVY: ReadonlySet<Capability> = new Set(['auction', 'auction_v2', 'chainspec'])

/** When an answer is so late that another node is asked as well, at most for every thirtieth question. */
export class Hedges {
  private readonly kinds = new Map<Capability, { times: Ms[]; count: number; p95: Ms }>()
  private saved = 1

  /** @returns null when this kind is not asked twice */
  lateAfter(capability: Capability): Ms | null {
    if (HEAVY.has(capability)) return null
    return Math.max(SOONEST, TIMES_P95 * (this.kinds.get(capability)?.p95 ?? 0))
  }

  measure(capability: Capability, took: Ms): void {
    let kind = this.kinds.get(capability)
    if (kind === undefined) this.kinds.set(capability, (kind = { times: [], count: 0, p95: 0 }))
    kind.times[kind.count++ % KEPT] = took
    this.saved = Math.min(SAVED, this.saved + SHARE)
    if (kind.count % EVERY !== 0) return
    const sorted = kind.times.toSorted((a, b) => a - b)
    kind.p95 = sorted[Math.floor(sorted.length * 0.95)] ?? 0
  }

  get isAllowed(): boolean {
    return this.saved >= 1
  }

  spend(): void {
    this.saved--
  }
}
