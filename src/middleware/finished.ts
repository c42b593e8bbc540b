import { CACHE_POLICIES, type CacheClass } from '../api/policy.ts'
import { type KeptClass, toTags } from '../cache/expiry.ts'
import type { Ms } from '../domain/time.ts'
import { toEtag } from '../lib/etag.ts'
import type { Reply } from '../lib/reply.ts'

/** Name, in lower case, and value. */
export type Pair = readonly [name: string, value: string]

/** A reply with everything that is the same for each request it answers. */
export interface Finished {
  readonly reply: Reply
  /** null where nothing may be kept: errors, status. */
  readonly etag: string | null
  /** Headers of every answer of its class, its type aside: one list for all of them. */
  readonly shared: readonly Pair[]
  /** Headers of this reply. */
  readonly own: readonly Pair[]
  /** Until then it may be answered again as it is; 0 for what is outdated or never kept. */
  readonly freshUntil: Ms
  /** Compressed, once somebody has asked for it. */
  gzip: Promise<Uint8Array> | null
  /** Headers of the next hot answers, the age that they tell, and a response to clone where that can be done. */
  prepared: { age: number; readonly headers: Headers; readonly response: Response | null } | null
}

/** Bodies from this length on are worth compressing: below, a packet is a packet. */
export const COMPRESS_FROM = 1_024

const NONE: readonly Pair[] = []
const shared = new Map<CacheClass, readonly Pair[]>()

export function toFinished(reply: Reply, isCompressing: boolean): Finished {
  const { cacheClass, body } = reply
  const isVarying = isCompressing && body.length >= COMPRESS_FROM
  const own = reply.headers === undefined && !isVarying ? NONE : toOwn(reply.headers ?? {}, isVarying)
  const isKept = cacheClass !== 'NEVER'
  return {
    reply,
    etag: isKept ? (reply.etag ?? toEtag(body)) : null,
    shared: toShared(cacheClass),
    own,
    freshUntil: isKept && !reply.stale ? reply.storedAt + CACHE_POLICIES[cacheClass].fresh * 1_000 : 0,
    gzip: null,
    prepared: null,
  }
}

function toOwn(headers: Readonly<Record<string, string>>, isVarying: boolean): Pair[] {
  const own: Pair[] = []
  const vary = isVarying ? ['Accept-Encoding'] : []
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() === 'vary') vary.push(value)
    else own.push([name.toLowerCase(), value])
  }
  if (vary.length > 0) own.push(['vary', vary.join(', ')])
  return own
}

function toShared(cacheClass: CacheClass): readonly Pair[] {
  const known = shared.get(cacheClass)
  if (known) return known
  const pairs: Pair[] = [
    // Keyless and read-only: any page may ask, none can do harm with it.
    ['access-control-allow-origin', '*'],
    ['x-content-type-options', 'nosniff'],
    ['cache-control', toCacheControl(cacheClass)],
  ]
  // No announcement ever names a closed block: a tag would be bytes on every answer for nothing.
  if (cacheClass !== 'NEVER' && cacheClass !== 'IMMUTABLE') {
    pairs.push(['cache-tag', toTags(cacheClass).join(',')])
  }
  shared.set(cacheClass, pairs)
  return pairs
}

/**
 * RFC 9111 and 5861. `max-age` counts from the instant that `Age` counts from; both are seconds, never instants: a
 * well-known cache once sent the time since 1970 there and froze its answers for decades.
 */
function toCacheControl(cacheClass: CacheClass): string {
  if (cacheClass === 'NEVER') return 'no-store'
  const { fresh, staleWhileRevalidate, staleIfError } = CACHE_POLICIES[cacheClass]
  if (cacheClass === 'IMMUTABLE') return `public, max-age=${fresh}, immutable`
  return `public, max-age=${fresh}, stale-while-revalidate=${staleWhileRevalidate}, stale-if-error=${staleIfError}`
}

/** Seconds since the store was asked. */
export function toAge(reply: Reply, now: Ms): number {
  return Math.max(0, Math.floor((now - reply.storedAt) / 1_000))
}

/**
 * RFC 9211: which tier answered, and how long it may go on doing so; negative once outdated.
 * @param isHot answered again from this isolate's memory, whatever tier it came from at first
 */
export function toCacheStatus({ reply }: Finished, isHot: boolean, now: Ms): string {
  if (reply.cacheClass === 'NEVER') return 'casper-metrics; fwd=bypass'
  const ttl = CACHE_POLICIES[reply.cacheClass as KeptClass].fresh - toAge(reply, now)
  const tier = isHot ? 'memory' : reply.tier
  if (tier === 'store') return `casper-metrics; fwd=miss; stored; ttl=${ttl}; detail=store`
  return `casper-metrics; hit; ttl=${ttl}; detail=${tier}`
}
