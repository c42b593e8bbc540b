import type { PurgeGroup } from '../../src/api/policy.ts'
import type { Ms } from '../../src/domain/time.ts'
import { pickConfig, toEdges } from '../config.ts'
import type { Given } from './command.ts'

const LIMIT: Ms = 10_000

/**
 * Closed history is cached for ever: what an operator changes of it is dropped at every edge by its name. An edge that
 * cannot be told is named, with what to drop there.
 * @param drop ids of cached values, such as `eras/0`
 */
export async function dropAtEdges(
  groups: readonly PurgeGroup[],
  drop: readonly string[],
  { env, out, err }: Given,
): Promise<void> {
  if (drop.length === 0) return
  const config = pickConfig(env, 'EDGE_URLS', 'PUBLIC_URL', 'PURGE_TOKEN')
  const edges = toEdges(config)
  if (edges.length === 0 || config.PURGE_TOKEN === undefined) {
    out(`No edge is told (EDGE_URLS, PURGE_TOKEN). If one has cached them, drop ${drop.join(' ')}.\n`)
    return
  }
  for (const edge of edges) {
    const response = await fetch(new URL('/internal/purge', edge), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${config.PURGE_TOKEN}` },
      body: JSON.stringify({ groups, drop }),
      // A redirect would be followed without the bearer, and as a GET.
      redirect: 'error',
      signal: AbortSignal.timeout(LIMIT),
    }).catch((error: Error) => ({ ok: false, status: error.message }))
    if (!response.ok) err(`${edge} could not be told (${response.status}): drop ${drop.join(' ')} there.\n`)
  }
}
