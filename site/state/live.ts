import { computed, createModel, effect, signal } from '@preact/signals'
import type { WireBlock, WireStatus } from '../../src/api/wire/v1.ts'
import { ApiError, type Client } from '../client.ts'
import { median } from './estimate.ts'
import type { Ports } from './ports.ts'

/** Blocks in the train; the same address for every visitor, so that one edge entry serves all. */
export const TRAIN_LENGTH = 12
/** Poll no faster and no slower than this, whatever the chain's rhythm. */
const FASTEST = 1_500
const SLOWEST = 10_000
/** `/v1/status` asks the store each time, so it is asked seldom. */
const STATUS_EVERY = 15_000
/** So many lower answers in a row are the chain, not an edge that lags. */
const TAKEN_BACK = 4
const FIRST_RETRY = 2_000
const LAST_RETRY = 60_000

/**
 * The newest blocks and the crawler's state. Asks again about when the next block is due; rests while the tab is
 * hidden; after a failure waits twice as long each time and keeps what it has.
 */
export const Live = createModel((client: Pick<Client, 'ask'>, { timers, visibility }: Ports) => {
  /** Newest first. */
  const blocks = signal<readonly WireBlock[]>([])
  const status = signal<WireStatus | null>(null)
  const error = signal<Error | null>(null)
  /** When an answer last came; null before the first. */
  const heardAt = signal<number | null>(null)
  /** When the next attempt is due, after a failure. */
  const retryAt = signal<number | null>(null)
  /** When the tip last moved on this screen: the blocks' own times tell nothing of a chain that is replayed. */
  const movedAt = signal<number | null>(null)
  const tip = computed(() => blocks.value[0] ?? null)

  let failures = 0
  let lower = 0
  let idle = 0
  let statusAt = Number.NEGATIVE_INFINITY
  let cancel: (() => void) | null = null
  let running: AbortController | null = null

  async function beat() {
    cancel?.()
    cancel = null
    if (running || visibility.hidden()) return
    const mine = new AbortController()
    running = mine
    const options = { signal: mine.signal, revalidate: true }
    try {
      const wantsStatus = timers.now() - statusAt >= STATUS_EVERY || failures > 0
      const [page, state] = await Promise.allSettled([
        client.ask('listBlocks', { limit: String(TRAIN_LENGTH) }, options),
        wantsStatus ? client.ask('status', {}, options) : null,
      ])
      if (mine.signal.aborted) return
      if (state.status === 'fulfilled' && state.value !== null) {
        status.value = state.value
        statusAt = timers.now()
      }
      // The status alone tells why there is no block: the crawler starts, or the store is down.
      if (page.status === 'rejected') throw page.reason
      failures = 0
      const { data } = page.value
      // An edge elsewhere may be a block behind: time does not run backwards on the screen. A chain that was taken
      // back, though, stays lower.
      const behind = (data[0]?.height ?? -1) < (tip.peek()?.height ?? -1)
      lower = behind ? lower + 1 : 0
      idle = data[0]?.hash === tip.peek()?.hash ? idle + 1 : 0
      if (!behind || lower >= TAKEN_BACK) keep(data)
      heardAt.value = timers.now()
      error.value = null
      retryAt.value = null
      schedule(toPause(blocks.peek(), timers.now(), idle))
    } catch (cause) {
      if (mine.signal.aborted) return
      failures += 1
      const asked = cause instanceof ApiError ? (cause.retryAfter ?? 0) : 0
      const wait = Math.max(asked, Math.min(LAST_RETRY, FIRST_RETRY * 2 ** (failures - 1)))
      error.value = cause instanceof Error ? cause : new Error(String(cause))
      retryAt.value = timers.now() + wait
      schedule(wait)
    } finally {
      if (running === mine) running = null
    }
  }

  /** The same block keeps its object, so that only what changed is drawn again. */
  function keep(next: readonly WireBlock[]) {
    if (next[0]?.hash === tip.peek()?.hash && next.length === blocks.peek().length) return
    const known = new Map(blocks.peek().map((block) => [block.hash, block]))
    blocks.value = next.map((block) => known.get(block.hash) ?? block)
    movedAt.value = timers.now()
  }

  function schedule(ms: number) {
    running = null
    cancel = timers.after(ms, beat)
  }

  effect(() => {
    const unsubscribe = visibility.onChange(() => void beat())
    void beat()
    return () => {
      unsubscribe()
      cancel?.()
      running?.abort()
    }
  })

  return { blocks, tip, status, error, heardAt, movedAt, retryAt, retry: () => void beat() }
})

/** A minute, or ten times the usual block time, without a block: the chain stands still. */
const STILL_AFTER = 60_000

/** Milliseconds for which a chain has stood still, as far as this screen saw; null while it moves. */
export function toStandstill(movedAt: number | null, usual: number | null, now: number): number | null {
  if (movedAt === null) return null
  const ms = now - movedAt
  return ms > Math.max(STILL_AFTER, 10 * (usual ?? 0)) ? ms : null
}

/**
 * Milliseconds to wait: until the next block is due; when it is late, a part of a block's time, and more each time that
 * nothing came. A halted chain is asked seldom, one whose clock is wrong is still followed.
 * @param idle answers in a row that brought no new block
 */
export function toPause(blocks: readonly WireBlock[], now: number, idle = 0): number {
  const usual = median(blocks.flatMap((block) => (block.blockTime === null ? [] : [block.blockTime])))
  const newest = blocks[0]
  if (usual === null || newest === undefined) return SLOWEST / 2
  const due = Date.parse(newest.time) + usual - now
  const wait = due > 0 ? due : (usual / 3) * 1.5 ** idle
  return Math.round(Math.min(SLOWEST, Math.max(FASTEST, wait)))
}
