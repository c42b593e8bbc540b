import { setTimeout as sleep } from 'node:timers/promises'
import type { Ms } from '../../src/domain/time.ts'
import { exitWithParent } from '../orphan.ts'

/** Container runtimes kill after 10 s unless told otherwise; a store that hangs must not use all of it up in vain. */
const LIMIT: Ms = 9_000

/**
 * The first SIGTERM or Ctrl-C asks to stop, the second ends the process at once, and so does a stop that takes too long:
 * what is not committed then was never there, and the lease runs out by itself.
 */
export function listenForStop(onLate: () => void): AbortController {
  const stop = new AbortController()
  const ask = (code: number) => {
    if (stop.signal.aborted) process.exit(code)
    stop.abort()
    setTimeout(() => {
      onLate()
      process.exit(1)
    }, LIMIT).unref()
  }
  process.on('SIGTERM', () => ask(143))
  process.on('SIGINT', () => ask(130))
  exitWithParent(() => stop.abort())
  return stop
}

/** A pause of the store's patience that ends, as a failure, when the program is to stop: the try was the last one. */
export const toPause =
  (signal: AbortSignal) =>
  async (ms: Ms): Promise<void> => {
    await sleep(ms, undefined, { signal })
  }
