import { computed, createModel, effect, type ReadonlySignal, signal, untracked } from '@preact/signals'
import type { WireBlock, WireEra } from '../../src/api/wire/v1.ts'
import type { Client } from '../client.ts'
import { type EraEstimate, estimateEra } from './estimate.ts'
import type { Timers } from './ports.ts'

/** Two weeks on mainnet. */
export const ERAS_KEPT = 168
/** When an era closes, so many answer for what changed; a longer absence loads all again. */
const ERAS_CHECKED = 6
/** The list may lag behind the newest block for a moment; after a failure the pause is the same. */
const AGAIN_AFTER = 5_000

/**
 * The last eras, oldest first, and how far the open one is. Asks only when an era opens or closes: in between, the
 * open era's blocks are counted from the live tip.
 */
export const Eras = createModel(
  (client: Pick<Client, 'ask'>, timers: Timers, tip: ReadonlySignal<WireBlock | null>) => {
    const eras = signal<readonly WireEra[]>([])
    const error = signal<Error | null>(null)
    const loading = signal(true)
    const closed = computed(() => eras.value.filter((era) => !era.open))
    const last = computed(() => closed.value.at(-1) ?? null)
    /** Changes when an era opens or closes, and only then. */
    const turn = computed(() => {
      const block = tip.value
      return block === null ? null : `${block.era}${block.switch ? ' closed' : ' open'}`
    })
    /** The era that the next block belongs to. Between a switch block and the next one it has no page yet. */
    const open = computed(() => {
      const block = tip.value
      if (block === null) return null
      return block.switch
        ? { id: block.era + 1, href: `/eras/${block.era}` }
        : { id: block.era, href: `/eras/${block.era}` }
    })
    const estimate = computed<EraEstimate | null>(() => {
      const block = tip.value
      const end = last.value?.endBlock ?? null
      if (block === null || end === null) return null
      return estimateEra(closed.value.map(toSpan).reverse(), Math.max(0, block.height - end))
    })

    let running = new AbortController()
    let cancel: (() => void) | null = null

    async function load() {
      cancel?.()
      running.abort()
      const mine = new AbortController()
      running = mine
      loading.value = true
      const options = { signal: mine.signal, revalidate: true }
      const ask = (limit: number) => client.ask('listEras', { limit: String(limit) }, options)
      try {
        const known = eras.peek()
        let answer = (await ask(known.length > 0 ? ERAS_CHECKED : ERAS_KEPT)).data
        if (known.length > 0 && !meets(known, answer)) answer = (await ask(ERAS_KEPT)).data
        if (mine.signal.aborted) return
        eras.value = merge(known, answer)
        error.value = null
      } catch (cause) {
        if (mine.signal.aborted) return
        error.value = cause instanceof Error ? cause : new Error(String(cause))
      }
      loading.value = false
      if (error.peek() !== null || isBehind(eras.peek(), tip.peek())) {
        cancel = timers.after(AGAIN_AFTER, () => void load())
      }
    }

    let started = false
    let seen: string | null = null
    effect(() => {
      const now = turn.value
      // The first load does not wait for the tip, and the tip's first arrival changes nothing.
      const first = !started || seen === null
      if (!started || (now !== null && !first)) untracked(() => void load())
      started = true
      seen = now
    })
    effect(() => () => {
      cancel?.()
      running.abort()
    })

    return { eras, closed, last, open, estimate, error, loading, reload: () => void load() }
  },
)

function toSpan(era: WireEra) {
  return { blocks: era.blocks, ms: era.end === null ? 0 : Date.parse(era.end) - Date.parse(era.start) }
}

/** Whether a short answer, newest first, reaches back to what is known. */
function meets(known: readonly WireEra[], answer: readonly WireEra[]): boolean {
  const newest = known.at(-1)?.id ?? -1
  return answer.some((era) => era.id <= newest)
}

function isBehind(eras: readonly WireEra[], tip: WireBlock | null): boolean {
  const newest = eras.at(-1)
  if (tip === null || newest === undefined) return false
  return newest.id < tip.era || (newest.id === tip.era && newest.open && tip.switch)
}

/** Oldest first, the newer answer wins, no more than are kept. */
export function merge(known: readonly WireEra[], answer: readonly WireEra[]): WireEra[] {
  const all = new Map(known.map((era) => [era.id, era]))
  for (const era of answer) all.set(era.id, era)
  return [...all.values()].sort((a, b) => a.id - b.id).slice(-ERAS_KEPT)
}
