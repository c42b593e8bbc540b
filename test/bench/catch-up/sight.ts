import { setTimeout as sleep } from 'node:timers/promises'
import { LOADTEST_HEADER } from '../../../src/middleware/rate-limit.ts'
import type { BenchEdge } from './edges.ts'

/** How often each answer is asked for, in milliseconds. */
const EVERY = 20

/** One answer of one edge, and when it showed which height first. */
export interface Sight {
  readonly edge: string
  readonly path: string
  /** Milliseconds since 1970 of the first answer that showed a block of at least this height. */
  seenAt(height: number): number | undefined
  /** Resolves when an answer has shown that. */
  shows(height: number): Promise<void>
  readonly done: Promise<void>
}

/** The newest height that an answer tells of; lists are empty before the first one that they tell of is there. */
const PATHS: Readonly<Record<string, (body: never) => number | undefined>> = {
  '/block': (body: readonly { readonly blockHeight: number }[]) => body[0]?.blockHeight,
  '/v1/status': (body: { readonly indexed: { readonly height: number } | null }) => body.indexed?.height,
  '/era': (body: readonly { readonly endBlock: number }[]) => body[0]?.endBlock,
}

/** Asks for each of the answers until the signal. */
export function watch(edge: BenchEdge, token: string, signal: AbortSignal): Sight[] {
  return Object.entries(PATHS).map(([path, toHeight]) => {
    const seen: { readonly height: number; readonly at: number }[] = []
    const newest = () => seen.at(-1)?.height ?? -1
    const done = ask(edge.url + path, token, signal, (body) => {
      const height = toHeight(body as never) ?? -1
      if (height > newest()) seen.push({ height, at: Date.now() })
    })
    return {
      edge: edge.name,
      path,
      seenAt: (height) => seen.find((one) => one.height >= height)?.at,
      async shows(height) {
        while (newest() < height && !signal.aborted) await sleep(EVERY)
      },
      done,
    }
  })
}

async function ask(
  url: string,
  token: string,
  signal: AbortSignal,
  onBody: (body: unknown) => void,
): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now()
    const response = await fetch(url, { headers: { [LOADTEST_HEADER]: token } })
    const body = await response.json()
    // Before the first era is completed there is nothing to show.
    if (response.ok) onBody(body)
    await sleep(Math.max(0, EVERY - (performance.now() - began)))
  }
}
