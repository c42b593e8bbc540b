import type { Cache, Found, Key, TierName } from '../cache/cache.ts'
import type { Ms } from '../domain/time.ts'
import type { Soon } from '../lib/soon.ts'
import type { StoreReader } from '../ports.ts'

/** What reading needs. */
export interface ReadPorts {
  readonly store: StoreReader
  readonly cache: Cache
}

/** Where an answer's parts came from: the farthest tier, the oldest part that may change. */
export interface Source {
  readonly tier: TierName
  readonly stale: boolean
  readonly storedAt: Ms
  /** It can no longer change: how long ago it was stored says nothing of an answer's age. */
  readonly fixed?: boolean
}

/** A value with its source. */
export interface Read<T> extends Source {
  readonly value: T
  /** It can no longer change: a block or an era that is closed. */
  readonly closed: boolean
}

/** From memory at once, else through the tiers. */
export function readThrough<T>(cache: Cache, key: Key<T>, load: () => Promise<T>): Soon<Found<T>> {
  return cache.peek(key) ?? cache.read(key, load)
}

const DISTANCE: Readonly<Record<TierName, number>> = { memory: 0, edge: 1, kv: 2, store: 3 }

/** The source of an answer that was made of both. */
export function joinSources(a: Source, b: Source): Source {
  return {
    tier: DISTANCE[a.tier] >= DISTANCE[b.tier] ? a.tier : b.tier,
    stale: a.stale || b.stale,
    storedAt: toStoredAt(a, b),
    fixed: a.fixed === true && b.fixed === true,
  }
}

function toStoredAt(a: Source, b: Source): Ms {
  const { fixed: isFixedA = false } = a
  const { fixed: isFixedB = false } = b
  if (isFixedA === isFixedB) return Math.min(a.storedAt, b.storedAt)
  return isFixedA ? b.storedAt : a.storedAt
}

export function toRead<T>(value: T, source: Source, closed: boolean): Read<T> {
  return { value, closed, tier: source.tier, stale: source.stale, storedAt: source.storedAt, fixed: closed }
}
