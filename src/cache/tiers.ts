import { CACHE_POLICIES } from '../api/policy.ts'
import type { Cut } from '../domain/network.ts'
import type { Ms } from '../domain/time.ts'
import { within } from '../lib/deadline.ts'
import type { Soon } from '../lib/soon.ts'
import type { Background, Clock } from '../ports.ts'
import type { Cache, Found, Key, Tier, TierName } from './cache.ts'
import { type Expiry, type Policies, Purges, toExpiry, toIdTag, toTags } from './expiry.ts'
import { Flights } from './flights.ts'
import { Loader } from './loader.ts'
import { Memory, toFound } from './memory.ts'
import { type Report, SafeTier } from './safe-tier.ts'
import { toSpace } from './space.ts'
import { Stack } from './stack.ts'
import { Versions } from './versions.ts'

export interface CacheOptions {
  /**
   * Stands before every durable key: network and genesis, `casper-0a1b2c3d`. It fails while the chain is not known,
   * and then nothing durable is read.
   */
  readonly namespace: () => Soon<string>
  /** Reads the root value, whose reader lets the cache `learn` where the chain was cut. Absent: it never is. */
  readonly readRoot?: () => Soon<unknown>
  readonly memoryBytes: number
  /**
   * Longest use of a value that can change without looking at the next tier again: a purge reaches the tiers, but
   * not the memory of other isolates. Absent where there is only one process.
   */
  readonly recheck?: Ms
  readonly policies?: Policies
  /** Whether a failed load means that the store is down, and not that it refused this one question. */
  readonly isOutage?: (error: unknown) => boolean
  /** Answer of one tier: beyond it the tier counts as a miss. */
  readonly tierLimit?: Ms
  /** Answer of the store. */
  readonly loadLimit?: Ms
  /** How long a caller waits for the store while an outdated value is at hand. */
  readonly patience?: Ms
}

export interface CachePorts {
  /** Nearest first. */
  readonly tiers: readonly Tier[]
  readonly clock: Clock
  readonly background: Background
  readonly report?: Report
  /** Whatever was made of values is to be forgotten too. */
  readonly onCut?: () => void
}

/** A value past its freshness, in case the store fails. */
interface Outdated<T> extends Expiry {
  readonly value: T
  readonly tier: TierName
}

export function createCache(options: CacheOptions, ports: CachePorts): Cache {
  const { clock, background, report = () => {}, onCut = () => {} } = ports
  const {
    namespace,
    readRoot,
    recheck,
    policies = CACHE_POLICIES,
    patience = 1_500,
    tierLimit = 300,
  } = options
  const purges = new Purges(policies)
  const memory = new Memory(options.memoryBytes)
  const safe = ports.tiers.map((tier) => new SafeTier(tier, clock, tierLimit, report))
  const stack = new Stack(safe, { clock, background, purges })
  const loader = new Loader(
    { limit: options.loadLimit ?? 10_000, isOutage: options.isOutage ?? (() => true) },
    clock,
    report,
  )
  const versions = new Versions()
  const fills = new Flights(clock)
  const loads = new Flights(clock)
  /** Counts drops: what was read before one is not kept after it. */
  let generation = 0
  /** Unknown until the root value was read: only that one is looked for before. */
  let cuts: readonly Cut[] | undefined = readRoot === undefined ? [] : undefined

  async function toDurableKey(key: Key<unknown>): Promise<string> {
    if (cuts === undefined && key.isRoot !== true) await readRoot?.()
    const known = key.isRoot === true ? [] : (cuts ?? [])
    return versions.toDurableKey(toSpace(await namespace(), known, key.reach), key)
  }

  function forgetFlights(): void {
    generation++
    fills.clear()
    loads.clear()
  }

  const isLive = (key: Key<unknown>, until: Ms, storedAt: Ms) =>
    clock.now() < until && !purges.isPurged(key.cacheClass, storedAt)

  const toStale = <T>(key: Key<T>, from: Outdated<T>) =>
    toFound(from.value, from, from.tier, !isLive(key, from.freshUntil, from.storedAt))

  /** Durable keys that a purge outdated and no tier has confirmed to have deleted. */
  const toDelete = new Set<string>()

  function keep<T>(
    key: Key<T>,
    durableKey: string,
    value: T,
    at: Expiry,
    size: number,
    isFresh = true,
  ): void {
    const { cacheClass } = key
    const { storedAt, freshUntil, staleUntil, errorUntil } = at
    const mayChange = recheck !== undefined && cacheClass !== 'IMMUTABLE'
    const bound = mayChange ? Math.min(freshUntil, clock.now() + recheck) : freshUntil
    const usableUntil = isFresh && !purges.isPurged(cacheClass, storedAt) ? bound : Number.NEGATIVE_INFINITY
    memory.keep(
      key.id,
      { value, cacheClass, durableKey, storedAt, freshUntil, staleUntil, errorUntil, usableUntil },
      size * (key.codec.expansion ?? 1),
    )
  }

  async function ask<T>(key: Key<T>, durableKey: string, load: () => Promise<T>): Promise<Found<T>> {
    // The answer is as old as its question: a purge that comes meanwhile outdates it.
    const expiry = toExpiry(policies[key.cacheClass], purges.toStart(clock.now()))
    const before = generation
    const value = await loader.load(key.id, load)
    if (before === generation) {
      const bytes = key.codec.encode(value)
      keep(key, durableKey, value, expiry, bytes.length)
      if (!purges.isPurged(key.cacheClass, expiry.storedAt)) {
        const tags = [...toTags(key.cacheClass, policies), toIdTag(key.id), ...(key.tags ?? [])]
        stack.put(durableKey, { bytes, ...expiry, tags })
      }
    }
    return toFound(value, expiry, 'store', false)
  }

  /** Every step below memory: tiers, store, and whatever is left when that fails. */
  async function fill<T>(key: Key<T>, load: () => Promise<T>): Promise<Found<T>> {
    const before = generation
    const own = remember(key)
    const durableKey = await toDurableKey(key)
    const lower = await stack.search(key, durableKey)
    if (lower && before === generation) keep(key, durableKey, lower.value, lower, lower.size, lower.isFresh)
    if (lower?.isFresh) return toFound(lower.value, lower, lower.tier, false)

    const outdated = toYounger(own, lower)
    const loading = loads.join(key.id, () => ask(key, durableKey, load))
    if (!outdated) return loading.catch((error) => toLastResort(key, durableKey, error))

    // The load goes on for the next reader, whoever waits for it.
    background.run(loading.catch(() => {}))
    const { freshUntil, staleUntil, storedAt } = outdated
    if (clock.now() >= freshUntil && isLive(key, staleUntil, storedAt)) return toStale(key, outdated)
    // An outdated answer in good time is worth more than a late error.
    return within(loading, patience, `load of ${key.id}`).catch(() => toStale(key, outdated))
  }

  async function toLastResort<T>(key: Key<T>, durableKey: string, error: unknown): Promise<Found<T>> {
    const last = await stack.searchLastResort(key, durableKey)
    if (last === null) throw error
    // However young it looks, newer ones may have been announced since.
    const outdated = { ...last, freshUntil: Math.min(last.freshUntil, clock.now()) }
    keep(key, durableKey, last.value, outdated, last.size, false)
    return toStale(key, outdated)
  }

  function remember<T>(key: Key<T>): Outdated<T> | null {
    const kept = memory.any<T>(key.id)
    return kept && clock.now() < kept.errorUntil ? { ...kept, tier: 'memory' } : null
  }

  function startFill<T>(key: Key<T>, load: () => Promise<T>): Promise<Found<T>> {
    const filling = fills.join(key.id, () => fill(key, load))
    // The first reader's request may end before the answer that others wait for is there.
    background.run(filling.catch(() => {}))
    return filling
  }

  return {
    peek: (key) => memory.usable(key.id, clock.now()),

    async read(key, load) {
      const usable = memory.usable<Awaited<ReturnType<typeof load>>>(key.id, clock.now())
      if (usable) return usable
      memory.missed()
      const outdated = remember(key)
      if (outdated) {
        const { freshUntil, staleUntil, storedAt } = outdated
        if (loader.refuses(key.id)) return toStale(key, outdated)
        // Before that it is fresh, yet another isolate may know better: then the reader waits.
        if (clock.now() >= freshUntil && isLive(key, staleUntil, storedAt)) {
          if (!fills.has(key.id) && !loads.has(key.id)) startFill(key, load).catch(() => {})
          return toStale(key, outdated)
        }
      }
      return startFill(key, load)
    },

    learn(told) {
      const known = cuts?.length ?? 0
      // A tier or a replica may lag behind what was seen already.
      if (cuts !== undefined && told.length <= known) return
      const isNews = cuts !== undefined
      cuts = told
      if (!isNews) return
      memory.clear()
      forgetFlights()
      onCut()
    },

    async purge(groups) {
      purges.add(groups, clock.now())
      for (const key of memory.expire((kept) => purges.isPurged(kept.cacheClass, kept.storedAt)))
        toDelete.add(key)
      const keys = [...toDelete]
      // Readers from now on must not join a question that was put before the purge.
      fills.clear()
      loads.clear()
      loader.forget()
      await stack.purge(groups, keys)
      for (const key of keys) toDelete.delete(key)
    },

    async drop(ids) {
      const forget = () => {
        for (const id of ids) memory.drop(id)
        forgetFlights()
      }
      forget()
      try {
        const base = await namespace()
        const spaces = [
          base,
          ...(cuts ?? []).map((_, index) => toSpace(base, (cuts ?? []).slice(0, index + 1))),
        ]
        await stack.drop(versions.toDurableKeys(spaces, ids), ids.map(toIdTag))
      } finally {
        // Whoever read meanwhile may have found it in a tier once more.
        forget()
      }
    },

    breaker: () => loader.breaker(),
    stats: () => ({ memory: memory.stats(), ...stack.stats(), store: loader.stats() }),
  }
}

function toYounger<T>(a: Outdated<T> | null, b: Outdated<T> | null): Outdated<T> | null {
  if (a === null || b === null) return a ?? b
  return a.storedAt >= b.storedAt ? a : b
}
