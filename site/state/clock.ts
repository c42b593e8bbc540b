import { type ReadonlySignal, signal } from '@preact/signals'
import type { Ports } from './ports.ts'

/**
 * The present, to the second, for relative times. The timer runs only while something shows one and the tab is
 * visible: nobody reads it, nothing ticks.
 */
export function createClock({ timers, visibility }: Ports): ReadonlySignal<number> {
  let cancel: (() => void) | null = null
  let unsubscribe: (() => void) | null = null

  const stop = () => {
    cancel?.()
    cancel = null
  }
  const tick = () => {
    now.value = timers.now()
    cancel = timers.after(1000, tick)
  }
  const follow = () => {
    stop()
    if (!visibility.hidden()) tick()
  }

  const now = signal(timers.now(), {
    watched() {
      unsubscribe = visibility.onChange(follow)
      // Not at once: a signal may not change while a component that reads it renders.
      cancel = timers.after(0, follow)
    },
    unwatched() {
      stop()
      unsubscribe?.()
      unsubscribe = null
    },
  })
  return now
}
