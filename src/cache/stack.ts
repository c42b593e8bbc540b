import type { PurgeGroup } from '../api/policy.ts'
import type { Background, Clock } from '../ports.ts'
import type { Entry, Key, TierName, TierStats } from './cache.ts'
import type { Expiry, KeptClass, Purges } from './expiry.ts'
import type { SafeTier } from './safe-tier.ts'
import { seal, unseal } from './seal.ts'

/** A value that a tier held, and what it may be used for. */
export interface Candidate<T> extends Expiry {
  readonly value: T
  readonly tier: TierName
  readonly size: number
  /** May be answered with as it is; else it is outdated, and good only until `errorUntil`. */
  readonly isFresh: boolean
}

export interface StackPorts {
  readonly clock: Clock
  readonly background: Background
  readonly purges: Purges
}

/** The durable tiers, nearest first, as one. None of its failures is the reader's, but for those of deletions. */
export class Stack {
  readonly #tiers: readonly SafeTier[]
  readonly #ports: StackPorts

  constructor(tiers: readonly SafeTier[], ports: StackPorts) {
    this.#tiers = tiers
    this.#ports = ports
  }

  /** The nearest fresh value, else the youngest outdated one. What is found fresh fills the tiers above. */
  async search<T>(key: Key<T>, durableKey: string): Promise<Candidate<T> | null> {
    const asked = this.#tiers.filter((tier) => canBeFresh(tier, key.cacheClass))
    return this.#search(key, durableKey, asked)
  }

  /** The tiers that `search` leaves out: for when the store has failed. */
  async searchLastResort<T>(key: Key<T>, durableKey: string): Promise<Candidate<T> | null> {
    const asked = this.#tiers.filter((tier) => !canBeFresh(tier, key.cacheClass))
    return this.#search(key, durableKey, asked)
  }

  /** In the background. */
  put(durableKey: string, entry: Entry): void {
    const sealed = seal(durableKey, entry)
    // Each by itself: one tier that fails must not keep the next from being filled.
    for (const tier of this.#tiers) this.#ports.background.run(tier.put(durableKey, sealed))
  }

  /** @throws the first failure, after all have been tried: who purges must know that something is still there */
  async purge(groups: readonly PurgeGroup[], keys: readonly string[]): Promise<void> {
    const asked = this.#tiers.filter(({ tier }) => !tier.isLastResort)
    await settleAll(asked.flatMap((tier) => [tier.delete(keys), tier.purgeTags(groups)]))
  }

  /** @throws the first failure, after all have been tried */
  async drop(keys: readonly string[], tags: readonly string[]): Promise<void> {
    await settleAll(this.#tiers.flatMap((tier) => [tier.delete(keys), tier.purgeTags(tags)]))
  }

  stats(): Record<string, TierStats> {
    return Object.fromEntries(this.#tiers.map((tier) => [tier.tier.name, tier.stats()]))
  }

  async #search<T>(
    key: Key<T>,
    durableKey: string,
    asked: readonly SafeTier[],
  ): Promise<Candidate<T> | null> {
    let best: Candidate<T> | null = null
    for (const [place, tier] of asked.entries()) {
      const entry = await tier.get(durableKey)
      const found = entry && this.#judge(key, durableKey, entry, tier)
      if (!found) continue
      if (found.isFresh) {
        for (const upper of asked.slice(0, place)) {
          this.#ports.background.run(upper.put(durableKey, entry))
        }
        return found
      }
      if (best === null || found.storedAt > best.storedAt) best = found
    }
    return best
  }

  /** The one place where what cannot be read becomes a miss: the next tier is asked, and what it says written anew. */
  #judge<T>(key: Key<T>, durableKey: string, entry: Entry, tier: SafeTier): Candidate<T> | null {
    const { storedAt, freshUntil, staleUntil, errorUntil } = entry
    const now = this.#ports.clock.now()
    if (now >= Math.max(freshUntil, errorUntil)) return null
    const isPurged = this.#ports.purges.isPurged(key.cacheClass, storedAt)
    const isFresh = now < freshUntil && !isPurged && canBeFresh(tier, key.cacheClass)
    try {
      const bytes = unseal(durableKey, entry)
      const value = key.codec.decode(bytes)
      const { name } = tier.tier
      return { value, tier: name, size: bytes.length, isFresh, storedAt, freshUntil, staleUntil, errorUntil }
    } catch (error) {
      tier.damaged(error)
      return null
    }
  }
}

function canBeFresh({ tier }: SafeTier, cacheClass: KeptClass): boolean {
  return !tier.isLastResort || cacheClass === 'IMMUTABLE'
}

async function settleAll(work: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(work)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}
