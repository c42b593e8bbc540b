import { openConnection, run, type StoreConnection, within } from './connection.ts'
import { Fault } from './fault.ts'
import type { StoreAddress } from './store-url.ts'

export interface Pool {
  /** an idle connection, or a new one; how many there are is bounded by who asks (gate and sessions) */
  acquire(fresh?: boolean): Promise<StoreConnection>
  /** gives it back; one that has ended is thrown away, and what the server still does for it is stopped */
  release(connection: StoreConnection): void
  /** whether the store answers within `milliseconds`; many askers at once cost one question */
  ping(milliseconds: number): Promise<boolean>
  close(): Promise<void>
}

export interface PoolOptions {
  address: StoreAddress
  readOnly: boolean
  /** told what went wrong beside any request; holds no SQL */
  onTrouble: (what: string, error: unknown) => void
}

const KILL_MS = 2_000

export function createPool(options: PoolOptions): Pool {
  // The one used last is taken first, so that a quiet gateway leaves the others to the server's idle timeout.
  const idle: StoreConnection[] = []
  const open = new Set<StoreConnection>()
  const kills = new Set<Promise<void>>()
  /** A connection beside the pool: it must be there when all others are stuck. */
  let side: Promise<StoreConnection> | undefined
  let pinging: Promise<boolean> | undefined
  let closed = false

  async function connect(): Promise<StoreConnection> {
    const connection = await openConnection(options.address, options.readOnly)
    open.add(connection)
    return connection
  }

  function discard(connection: StoreConnection): void {
    open.delete(connection)
    const thread = connection.raw.threadId
    if (connection.ended === 'kill' && thread !== undefined && thread !== null) kill(thread)
    connection.ended ??= 'lost'
    connection.raw.destroy()
  }

  /** A closed socket is noticed by the server only when it next writes to it, which may be hours away. */
  function kill(thread: number): void {
    const killing = onSide((connection) => run(connection.raw, `KILL ${thread}`), KILL_MS).catch((error) => {
      // 1094: that thread has ended by itself.
      if ((error as { errno?: number }).errno !== 1094) options.onTrouble('kill', error)
    })
    kills.add(killing)
    void killing.finally(() => kills.delete(killing))
  }

  async function onSide(
    work: (connection: StoreConnection) => Promise<void>,
    milliseconds: number,
  ): Promise<void> {
    try {
      await within(milliseconds, async () => {
        let connection = await sideConnection()
        if (connection.ended !== undefined) {
          dropSide()
          connection = await sideConnection()
        }
        await work(connection)
      })
    } catch (error) {
      // What the server answered says that the connection is sound.
      if ((error as { sqlState?: string }).sqlState === undefined) dropSide()
      throw error
    }
  }

  function sideConnection(): Promise<StoreConnection> {
    if (side === undefined) {
      const opening = connect()
      side = opening
      opening.catch(() => {
        if (side === opening) side = undefined
      })
    }
    return side
  }

  function dropSide(): void {
    side?.then(discard, () => {})
    side = undefined
  }

  return {
    async acquire(fresh = false) {
      while (!fresh) {
        const connection = idle.pop()
        if (connection === undefined) break
        if (connection.ended === undefined) return connection
        discard(connection)
      }
      return connect()
    },

    release(connection) {
      if (closed || connection.ended !== undefined) discard(connection)
      else idle.push(connection)
    },

    ping(milliseconds) {
      pinging ??= onSide((connection) => run(connection.raw, 'SELECT 1'), milliseconds)
        .then(
          () => true,
          () => false,
        )
        .finally(() => {
          pinging = undefined
        })
      return pinging
    },

    async close() {
      closed = true
      const beside = await side?.catch(() => undefined)
      for (const connection of open) {
        if (connection === beside) continue
        // What still runs would go on in the server for as long as it likes.
        if (!idle.includes(connection)) connection.ended ??= 'kill'
        connection.onLost?.(new Fault('UNAVAILABLE', 'the gateway is stopping'))
        discard(connection)
      }
      await Promise.allSettled(kills)
      for (const connection of open) discard(connection)
    },
  }
}
