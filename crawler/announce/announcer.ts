import { setTimeout as sleep } from 'node:timers/promises'
import type { Ms } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports.ts'
import type { AnnouncementQueue, Raised } from '../../src/store/announcements.ts'
import { Wake } from '../crawl/wake.ts'
import { toReason } from '../log.ts'
import { Edge, type EdgePorts } from './edge.ts'

export interface Announcer {
  /** Something was committed. Returns at once, and waits for nobody. */
  wake(): void
  /** How many groups each edge has not confirmed. */
  pending(): readonly { readonly edge: string; readonly groups: number }[]
  /** Tells what is left to edges that answer, within `ms`; ends then. What stays in the queue is told after the next start. */
  close(ms: Ms): Promise<void>
}

export interface AnnouncerOptions {
  readonly urls: readonly string[]
  readonly token: string | null
  readonly timeoutMs?: Ms
  /** On average no more than one post to an edge in this time: a catch-up commits many times a second. */
  readonly everyMs?: Ms
  /** Between looks at the queue without a wake-up: other commands raise groups too. */
  readonly pollMs?: Ms
  readonly pauseMs?: Ms
  readonly longestMs?: Ms
}

/**
 * Tells every edge which groups changed (`POST /internal/purge`). The queue in the store is the truth: commits write it,
 * this reads it, and a group leaves it when all edges have confirmed it as it was last raised. So nothing is forgotten
 * by a restart, and in memory there is never more than one entry a group and edge.
 */
export function createAnnouncer(
  options: AnnouncerOptions,
  queue: Pick<AnnouncementQueue, 'read' | 'clear'>,
  ports: EdgePorts,
): Announcer {
  const { urls, token, everyMs = 1_000, pollMs = 10_000 } = options
  const { timeoutMs = 10_000, pauseMs = 500, longestMs = 30_000 } = options
  const stop = new AbortController()
  const woken = new Wake()
  const edges = urls.map(
    (url) => new Edge({ url, token, timeoutMs, pauseMs, longestMs }, answering(), stop.signal),
  )
  let raised: readonly Raised[] = []
  let isAway = false

  function answering(): EdgePorts {
    const onAnswer: EdgePorts['onAnswer'] = (edge, isConfirmed) => {
      ports.onAnswer(edge, isConfirmed)
      if (isConfirmed) void clear()
    }
    return { ...ports, onAnswer }
  }

  /** Without any edge everything counts as told. */
  async function clear(): Promise<void> {
    const told = raised.filter((one) => edges.every((edge) => edge.hasConfirmed(one)))
    if (told.length > 0) await guard(() => queue.clear(told))
  }

  async function look(): Promise<void> {
    await guard(async () => {
      raised = await queue.read()
    })
    for (const edge of edges) edge.tell(raised)
    await clear()
  }

  /** A store that is away is the crawl's trouble; here it means that there is nothing new. */
  async function guard(work: () => Promise<void>): Promise<void> {
    try {
      await work()
      isAway = false
    } catch (error) {
      if (!isAway && !stop.signal.aborted) {
        ports.log.warn('announcements cannot be read', { reason: toReason(error) })
      }
      isAway = true
    }
  }

  const pace = createPace(everyMs, ports.clock)

  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await look()
      const wait = raised.length > 0 ? pace() : 0
      if (wait > 0) await sleep(wait, undefined, { signal: stop.signal }).catch(() => {})
      await woken.sleep(pollMs, stop.signal)
    }
  }
  const running = run()

  return {
    wake: () => woken.notify(),
    pending: () => edges.map((edge) => ({ edge: edge.name, groups: edge.pending().length })),
    async close(ms) {
      const last = async () => {
        await look()
        await Promise.all(edges.map((edge) => edge.settle()))
        await clear()
      }
      await Promise.race([last(), sleep(ms)])
      stop.abort()
      await Promise.all([running, ...edges.map((edge) => edge.end())])
    },
  }
}

/** Posts that may follow each other at once: a block at the tip is told when it comes, also where blocks come as often as posts may. */
const BURST = 3

/** @returns told of each post, how long to wait before the next one */
function createPace(everyMs: Ms, clock: Clock): () => Ms {
  let credit = BURST
  let at = clock.now()
  return () => {
    const now = clock.now()
    credit = Math.min(BURST, credit + Math.max(0, now - at) / everyMs) - 1
    at = now
    return credit >= 1 ? 0 : Math.ceil((1 - credit) * everyMs)
  }
}
