import type { Background } from '../../ports.ts'

export interface TrackedBackground extends Background {
  /** Resolves when nothing is under way any more. */
  settle(): Promise<void>
}

/** Work that may outlive its response. It is remembered, so that the process does not end in the middle of it. */
export function createBackground(): TrackedBackground {
  const running = new Set<Promise<unknown>>()
  return {
    run(work) {
      // Whoever starts work reports its failure; here it must only not end the process.
      const tracked = work.catch(() => {}).finally(() => running.delete(tracked))
      running.add(tracked)
    },
    async settle() {
      while (running.size > 0) await Promise.all(running)
    },
  }
}
