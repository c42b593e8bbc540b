import type { CacheClass } from '../api/policy.ts'
import type { TierName } from '../cache/cache.ts'
import type { Ms } from '../domain/time.ts'

/**
 * What a handler answers, before any HTTP header is written: the body and what is known of its freshness. One
 * place turns it into a Response with Cache-Control, ETag, Age, Cache-Status and Cache-Tag, so that no handler
 * can forget one.
 */
export interface Reply {
  readonly status: number
  readonly type: 'application/json' | 'text/plain' | 'text/csv; charset=utf-8' | 'application/problem+json'
  readonly body: string
  /** The body's strong ETag, where whoever wrote it has counted it on the way. */
  readonly etag?: string
  readonly cacheClass: CacheClass
  /** The farthest tier that the answer needed. */
  readonly tier: TierName
  readonly stale: boolean
  readonly storedAt: Ms
  /** Further headers: Link, Content-Disposition. */
  readonly headers?: Readonly<Record<string, string>>
}
