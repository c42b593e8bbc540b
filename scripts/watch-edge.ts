import { setTimeout as sleep } from 'node:timers/promises'

export interface EdgePatience {
  /** Between two looks, and how long one waits for an answer, in milliseconds. */
  readonly lookMs: number
  /** Looks in vain, one after the other, that mean the end. */
  readonly looks: number
}

/** A minute or two: a machine that swaps may take so long; a runtime that was killed under wrangler answers never again. */
const PATIENCE: EdgePatience = { lookMs: 5_000, looks: 12 }

/** Resolves when the edge has been silent for longer than the patience lasts, or when stopped. */
export async function untilSilent(
  url: string,
  signal: AbortSignal,
  { lookMs, looks }: EdgePatience = PATIENCE,
): Promise<void> {
  for (let silent = 0; silent < looks && !signal.aborted; ) {
    await sleep(lookMs, undefined, { signal }).catch(() => {})
    // Whatever it answers, it answers: with the store down that is a problem document.
    const isUp = await fetch(`${url}/health`, { signal: AbortSignal.timeout(lookMs) })
      .then((response) => response.arrayBuffer())
      .then(
        () => true,
        () => false,
      )
    silent = isUp ? 0 : silent + 1
  }
}
