import type { Connection } from 'mysql2/promise'
import { LeaseLostError } from './errors.ts'
import { checkLease, extendLease, type LeaseClaim, lockLease } from './lease.ts'

type Work<T> = (connection: Connection) => Promise<T>

/** Lets work on the store go ahead only while the lease is ours, inside the work's own transaction. */
export interface Fence {
  /** For what moves the chain's rows: nobody can take the lease while it is under way. */
  guard<T>(work: Work<T>): Work<T>
  /** For what a late writer may not do either, but which waits for no lock. */
  watch<T>(work: Work<T>): Work<T>
}

const OPEN: Fence = { guard: (work) => work, watch: (work) => work }

/**
 * @param lease without one everything may pass
 * @param onLost told when work was refused
 */
export function createFence(lease?: LeaseClaim, onLost: (error: LeaseLostError) => void = () => {}): Fence {
  if (lease === undefined) return OPEN
  const telling =
    <T>(work: Work<T>): Work<T> =>
    async (connection) => {
      try {
        return await work(connection)
      } catch (error) {
        if (error instanceof LeaseLostError) onLost(error)
        throw error
      }
    }
  return {
    guard: (work) =>
      telling(async (connection) => {
        await lockLease(connection, lease)
        const result = await work(connection)
        await extendLease(connection, lease)
        return result
      }),
    watch: (work) =>
      telling(async (connection) => {
        await checkLease(connection, lease)
        return work(connection)
      }),
  }
}
