import { setImmediate } from 'node:timers/promises'
import type { PoolClock } from '../../crawler/node/pool/contract.ts'

/** Time that stands still until a test moves it. */
export interface HeldClock extends PoolClock {
  /** Runs what is due until then, in order, and lets everything settle in between. */
  advance(ms: number): Promise<void>
  /** Moves on, timer by timer, until this settles. */
  until<T>(promise: Promise<T>): Promise<T>
  readonly timers: number
}

export function holdClock(start = Date.UTC(2026, 0, 1)): HeldClock {
  let now = start
  let order = 0
  const due = new Map<number, { at: number; run: () => void }>()
  const settle = async () => {
    for (let turns = 0; turns < 3; turns++) await setImmediate()
  }
  const next = () => [...due].sort(([a, { at }], [b, { at: other }]) => at - other || a - b)[0]
  const fire = async (limit: number) => {
    const first = next()
    if (first === undefined || first[1].at > limit) return false
    due.delete(first[0])
    now = Math.max(now, first[1].at)
    first[1].run()
    await settle()
    return true
  }
  return {
    now: () => now,
    after(ms, run) {
      const id = order++
      due.set(id, { at: now + ms, run })
      return () => due.delete(id)
    },
    async advance(ms) {
      const limit = now + ms
      await settle()
      while (await fire(limit));
      now = limit
      await settle()
    },
    async until(promise) {
      let isDone = false
      const done = () => {
        isDone = true
      }
      promise.then(done, done)
      await settle()
      while (!isDone)
        if (!(await fire(Number.POSITIVE_INFINITY))) throw new Error('nothing is left to wait for')
      return promise
    },
    get timers() {
      return due.size
    },
  }
}
