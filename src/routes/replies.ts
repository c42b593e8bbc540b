import type { CacheClass } from '../api/policy.ts'
import type { Reply } from '../lib/reply.ts'
import type { Source } from '../read/ports.ts'

export function toJson(value: unknown, source: Source, cacheClass: CacheClass): Reply {
  return toReply('application/json', JSON.stringify(value), source, cacheClass)
}

export function toText(body: string, source: Source, cacheClass: CacheClass): Reply {
  return toReply('text/plain', body, source, cacheClass)
}

export function toReply(type: Reply['type'], body: string, source: Source, cacheClass: CacheClass): Reply {
  const { tier, stale, storedAt } = source
  return { status: 200, type, body, cacheClass, tier, stale, storedAt }
}

/** The class of an answer about one block or era that was asked for by name. */
export function toClass(source: { readonly closed: boolean }): CacheClass {
  return source.closed ? 'IMMUTABLE' : 'PER_BLOCK'
}
