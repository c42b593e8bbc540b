import type { PoolClock } from './contract.ts'

/**
 * The machine's own time. It never steps back, and tells a hundredth of a millisecond: answers of a node next door come
 * within one, and all nodes would look alike.
 */
export const systemClock: PoolClock = {
  now: () => performance.timeOrigin + performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
