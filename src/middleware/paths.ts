import type { Endpoint } from '../api/endpoint.ts'
import { endpoints } from '../api/endpoints.ts'
import type { BudgetName } from '../api/policy.ts'

/** What a request asks for, cut out by hand: `new URL` costs more than a whole hot answer. */
export interface Target {
  /**
   * As a URL's path is read (WHATWG), which Workers have done before and Deno leaves to us: without `.`, `..` and `\\`,
   * percent-encoded where it must be. Without repeated and trailing slashes, as old clients ask for
   * `//transfersByEraId` and `/block/`.
   */
  readonly path: string
  /** Without `?`. */
  readonly query: string
}

/** @param key of `toKey` */
export function toTarget(key: string): Target {
  const mark = key.indexOf('?')
  const path = mark < 0 ? key : key.slice(0, mark)
  return { path: toPlainPath(path), query: mark < 0 ? '' : key.slice(mark + 1) }
}

/** null where a client's Host makes no URL: Deno puts the two together only when asked for it, and throws then. */
export function toUrl(request: Request): string | null {
  try {
    return request.url
  } catch {
    return null
  }
}

/** Path and query as sent, without the fragment: what a hot answer is found by. */
export function toKey(url: string): string {
  const start = url.indexOf('/', url.indexOf('://') + 3)
  if (start < 0) return '/'
  const hash = url.indexOf('#', start)
  return hash < 0 ? url.slice(start) : url.slice(start, hash)
}

/** What reading a path as a URL's may change: segments that begin with a dot, and characters that are none of a path. */
const UNUSUAL = /\/(?:\.|%2e)|[^!$-;=?-[\]_a-z|~]/i

function toPlainPath(given: string): string {
  const path = UNUSUAL.test(given) ? new URL(`http://host${given}`).pathname : given
  const isPlain = !path.includes('//') && !(path.endsWith('/') && path.length > 1)
  if (isPlain) return path
  return path.replace(/\/{2,}/g, '/').replace(/(.)\/$/, '$1')
}

const exact = new Map<string, Endpoint>()
const patterns: [RegExp, Endpoint][] = []
/** First words of all API paths: whatever begins so is never the site's. */
const words = new Set(['internal'])

for (const endpoint of Object.values(endpoints) as Endpoint[]) {
  const { path } = endpoint
  words.add(path.split('/')[1] ?? '')
  if (path.includes(':')) patterns.push([new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`), endpoint])
  else exact.set(path, endpoint)
}

export function findEndpoint(path: string): Endpoint | null {
  return exact.get(path) ?? patterns.find(([pattern]) => pattern.test(path))?.[1] ?? null
}

export function isApiPath(path: string): boolean {
  const end = path.indexOf('/', 1)
  return words.has(end < 0 ? path.slice(1) : path.slice(1, end))
}

/** First words of the paths that the worker must see before the static files do (`wrangler.toml`). */
export const API_WORDS: ReadonlySet<string> = words

/** What a request costs. A filter may scan, whatever the endpoint's plain questions cost. */
export function toBudget(endpoint: Endpoint | null, query: string): BudgetName {
  if (endpoint === null) return 'cheap'
  return query !== '' && 'filter' in endpoint.params.shape && hasFilter(query) ? 'search' : endpoint.budget
}

function hasFilter(query: string): boolean {
  if (query.includes('filter')) return true
  if (!query.includes('%')) return false
  try {
    return decodeURIComponent(query).includes('filter')
  } catch {
    // It will be refused, which costs nothing.
    return false
  }
}
