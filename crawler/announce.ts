import type { PurgeGroup } from '../src/api/policy.ts'
import { type Log, toReason } from './log.ts'

export interface Announcer {
  /** Says what changed. Returns at once: an edge that is slow or away never holds up a commit. */
  announce(groups: readonly PurgeGroup[]): void
  /** Resolves when what was announced has been delivered or given up. */
  settle(): Promise<void>
}

export interface AnnounceOptions {
  /** The edge's public URL; without it nothing is announced. */
  readonly url: string | null
  readonly token: string | null
  readonly timeoutMs?: number
  readonly attempts?: number
}

/**
 * Tells the edge which groups changed (`POST /internal/purge`). One delivery is under way at a time; what is announced
 * meanwhile goes out together in the next. A delivery is tried a few times with growing pauses and then given up: the
 * entries' own freshness bounds the harm, and the next block announces again.
 */
export function createAnnouncer(options: AnnounceOptions, log: Log): Announcer {
  const { url, token, timeoutMs = 5_000, attempts = 5 } = options
  let waiting = new Set<PurgeGroup>()
  let running: Promise<void> | null = null

  async function post(groups: readonly PurgeGroup[]): Promise<void> {
    const response = await fetch(new URL('/internal/purge', url ?? undefined), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token ?? ''}` },
      body: JSON.stringify({ groups }),
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.arrayBuffer()
    if (!response.ok) throw new Error(`HTTP ${response.status}`)
  }

  async function deliver(): Promise<void> {
    for (let failures = 0; waiting.size > 0; ) {
      const groups = [...waiting]
      waiting = new Set()
      try {
        await post(groups)
        failures = 0
      } catch (error) {
        if (++failures >= attempts) {
          log.warn('announcement given up', { groups: groups.join(' '), reason: toReason(error) })
          return
        }
        for (const group of groups) waiting.add(group)
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** failures))
      }
    }
  }

  return {
    announce(groups) {
      if (url === null) return
      for (const group of groups) waiting.add(group)
      running ??= deliver().finally(() => {
        running = null
      })
    },
    async settle() {
      await running
    },
  }
}
