import type { Entry, Tier } from '../../cache/cache.ts'
import { decodeEntry, encodeEntry } from '../../cache/entry.ts'
import type { Clock } from '../../ports.ts'
import type { EdgeCache } from './bindings.ts'
import type { PurgeZone } from './purge-zone.ts'

/** A request may make a thousand calls; what is left over ends by its own freshness, and a zone purge finds all. */
const MOST_DELETES = 500

export interface EdgeTierOptions {
  /** Origin of the public URL: entries must stand in the zone that is purged. */
  readonly origin: string
  /** Drops by tag in all data centres; `delete` reaches only the one that handles the request. */
  readonly purgeZone?: PurgeZone | undefined
}

/** Cloudflare's Cache API: the data centre's own cache. */
export function createEdgeTier(options: EdgeTierOptions, cache: EdgeCache, clock: Clock): Tier {
  const { origin, purgeZone } = options
  const toUrl = (key: string) => `${origin}/internal/cache/${key}`
  return {
    name: 'edge',
    async get(key) {
      const response = await cache.match(toUrl(key))
      return response ? decodeEntry(new Uint8Array(await response.arrayBuffer())) : null
    },
    async put(key, entry) {
      const headers = {
        'content-type': 'application/octet-stream',
        'cache-control': `public, max-age=${toMaxAge(entry, clock.now())}`,
        'cache-tag': entry.tags.join(','),
      }
      await cache.put(toUrl(key), new Response(encodeEntry(entry) as Uint8Array<ArrayBuffer>, { headers }))
    },
    async delete(keys) {
      await Promise.all(keys.slice(0, MOST_DELETES).map((key) => cache.delete(toUrl(key))))
    },
    ...(purgeZone && { purgeTags: purgeZone }),
  }
}

const YEAR = 31_536_000

/**
 * Seconds for which the entry is of any use, not only fresh: it is kept for when the store fails. A number of seconds,
 * not an instant; the Cache API takes at most a year.
 */
function toMaxAge(entry: Entry, now: number): number {
  return Math.min(YEAR, Math.max(1, Math.ceil((entry.errorUntil - now) / 1_000)))
}
