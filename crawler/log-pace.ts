import type { Ms } from '../src/domain/time.ts'
import type { Clock } from '../src/ports.ts'

const EVERY: Ms = 60_000

/** So that what lasts for hours does not fill a log. */
export interface LogPace {
  /** Whether to say a thing: when it is another than the last one, and then once a minute. */
  isDue(thing: string): boolean
  /** It is over: the next time it is new. @returns whether it was said */
  end(): boolean
}

/** @param clock one that never steps, or a thing may stay unsaid for hours */
export function createLogPace(clock: Clock): LogPace {
  let last: string | null = null
  let at: Ms = 0
  return {
    isDue(thing) {
      if (thing === last && clock.now() - at < EVERY) return false
      last = thing
      at = clock.now()
      return true
    },
    end() {
      const wasSaid = last !== null
      last = null
      return wasSaid
    },
  }
}
