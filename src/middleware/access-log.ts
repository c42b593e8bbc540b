import { andThen } from '../lib/soon.ts'
import type { Clock } from '../ports.ts'
import type { Fetch } from './edge.ts'
import type { Write } from './log.ts'
import { toKey, toTarget, toUrl } from './paths.ts'

/**
 * One line for every so many requests: what was asked, what was answered, by which tier. No address, no query and no
 * header of the client: they name accounts and carry tokens.
 * @param every 0: none; 1: all; 1000: each thousandth
 */
export function withAccessLog<C>(fetch: Fetch<C>, every: number, write: Write, clock: Clock): Fetch<C> {
  if (every === 0) return fetch
  let count = 0
  return (request, connection) => {
    if (count++ % every !== 0) return fetch(request, connection)
    const start = clock.now()
    return andThen(fetch(request, connection), (response) => {
      write(
        JSON.stringify({
          at: new Date(start).toISOString(),
          level: 'info',
          event: 'request',
          method: request.method,
          path: toTarget(toKey(toUrl(request) ?? '/')).path,
          status: response.status,
          ms: clock.now() - start,
          cache: response.headers.get('cache-status') ?? undefined,
        }),
      )
      return response
    })
  }
}
