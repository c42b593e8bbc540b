import type { Tier } from '../../cache/cache.ts'
import { decodeEntry, encodeEntry } from '../../cache/entry.ts'
import { isForEver } from '../../cache/expiry.ts'
import type { Ms } from '../../domain/time.ts'
import type { Clock } from '../../ports.ts'
import type { KvBinding } from './bindings.ts'

/** KV refuses shorter ones with an exception. */
const SHORTEST_TTL = 60

/** Every write is billed and takes up to a minute to be seen elsewhere: values that change are written at most so often. */
const REWRITE_AFTER: Ms = 60_000
/** All such values together: questions that nobody repeats must not become a bill. */
const REWRITES_A_MINUTE = 60

/**
 * Workers KV: the world's copy, and the durable one. It lags, and no purge finds its entries, so that beside IMMUTABLE
 * values it is only asked when the store fails.
 */
export function createKvTier(kv: KvBinding, clock: Clock): Tier {
  const mayRewrite = createThrottle(clock)
  return {
    name: 'kv',
    isLastResort: true,
    async get(key) {
      const bytes = await kv.get(key, 'arrayBuffer')
      return bytes === null ? null : decodeEntry(new Uint8Array(bytes))
    },
    async put(key, entry) {
      const ttl = Math.ceil((entry.errorUntil - clock.now()) / 1_000)
      const isHistory = isForEver(entry)
      if (!isHistory && !mayRewrite(key)) return
      await kv.put(key, encodeEntry(entry), isHistory ? {} : { expirationTtl: Math.max(SHORTEST_TTL, ttl) })
    },
    async delete(keys) {
      await Promise.all(keys.map((key) => kv.delete(key)))
    },
  }
}

function createThrottle(clock: Clock): (key: string) => boolean {
  let written = new Set<string>()
  let since: Ms = Number.NEGATIVE_INFINITY
  return (key) => {
    const now = clock.now()
    if (now - since >= REWRITE_AFTER) {
      written = new Set()
      since = now
    }
    if (written.has(key) || written.size >= REWRITES_A_MINUTE) return false
    written.add(key)
    return true
  }
}
