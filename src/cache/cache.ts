import type { CacheClass, PurgeGroup } from '../api/policy.ts'
import type { Cut } from '../domain/network.ts'
import type { Ms } from '../domain/time.ts'
import type { BreakerState } from './breaker.ts'
import type { Reach } from './space.ts'

/** Turns a value into bytes and back. `version` is part of every durable key: no release reads another's bytes. */
export interface Codec<T> {
  readonly version: string
  /** Bytes that a decoded value takes in memory for each encoded one. Default 1: a page stays bytes. */
  readonly expansion?: number
  encode(value: T): Uint8Array
  decode(bytes: Uint8Array): T
}

/** What a value is called and how it may be kept. The network's name is put before `id` by the cache. */
export interface Key<T> {
  /** `blocks/12`, `eras/3`, `tip`: safe in a URL path. */
  readonly id: string
  readonly cacheClass: Exclude<CacheClass, 'NEVER'>
  readonly codec: Codec<T>
  /** Absent: as far as the tip. A cut of the chain below it makes this another value. */
  readonly reach?: Reach
  /** Tells of cuts itself, and is found without knowing them. */
  readonly isRoot?: true
  /** Further tags, for operators' purges; the class's groups are added by the cache. */
  readonly tags?: readonly string[]
}

/** Where a value came from, nearest first. */
export type TierName = 'memory' | 'edge' | 'kv' | 'store'

export interface Found<T> {
  readonly value: T
  readonly tier: TierName
  /** Past its freshness: served while it is reloaded, or because the store failed. */
  readonly stale: boolean
  readonly storedAt: Ms
  readonly freshUntil: Ms
}

/** Bytes of a value with its own expiry: no tier's TTL is trusted (Deno's Cache API has none, KV's floor is 60 s). */
export interface Entry {
  readonly bytes: Uint8Array
  readonly storedAt: Ms
  readonly freshUntil: Ms
  /** Until then it is served while it is reloaded. */
  readonly staleUntil: Ms
  /** Until then it is served when the store fails. */
  readonly errorUntil: Ms
  readonly tags: readonly string[]
}

/** What a tier holds is no entry, or not the one that was put there. Always a miss: it is told, and written anew. */
export class DamagedError extends Error {
  readonly code = 'DAMAGED'
  override readonly name = 'DamagedError'
}

/** One place that keeps entries. A tier that fails is a miss, never an error, and is counted. */
export interface Tier {
  readonly name: Exclude<TierName, 'store' | 'memory'>
  /** @throws {DamagedError} where it holds something else than an entry */
  get(key: string): Promise<Entry | null>
  put(key: string, entry: Entry): Promise<void>
  delete(keys: readonly string[]): Promise<void>
  /** Drops every entry that has one of the tags, where the tier can find them without their keys. */
  purgeTags?(tags: readonly string[]): Promise<void>
  /**
   * Its copies lag behind and no purge finds them (KV): only IMMUTABLE values are fresh there, all others are read
   * only when the store fails.
   */
  readonly isLastResort?: boolean
}

export interface TierStats {
  readonly hits: number
  readonly misses: number
  readonly errors: number
  readonly entries?: number
  readonly bytes?: number
}

/** Tiered read-through cache of values. Knows nothing of HTTP, nor of what the values mean. */
export interface Cache {
  /** Memory alone, at once: the hot path of pages. null when it is not there or no longer fresh. */
  peek<T>(key: Key<T>): Found<T> | null
  /**
   * Nearest tier that holds the value, else `load`; one flight per key. A stale value within its window is returned
   * at once and reloaded in the background. When `load` fails, whatever any tier still holds is returned as stale;
   * only when none does, the failure is thrown.
   */
  read<T>(key: Key<T>, load: () => Promise<T>): Promise<Found<T>>
  /** Where the chain was cut, as the root value tells: what was made of a tail that was given up is read no more. */
  learn(cuts: readonly Cut[]): void
  /** Drops what the groups name in every tier that can be reached. */
  purge(groups: readonly PurgeGroup[]): Promise<void>
  /** Drops single values, by id. */
  drop(ids: readonly string[]): Promise<void>
  stats(): Readonly<Record<string, TierStats>>
  /** Towards the store. */
  breaker(): BreakerState
}
