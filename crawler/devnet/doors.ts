import type { Server } from 'node:net'
import type { EventServer } from './event-server.ts'
import { type Listening, listen } from './http/listen.ts'

export interface DoorOptions {
  readonly host: string
  /** New servers each time: a node that was closed may listen again. */
  readonly open: () => { readonly rpc: Server; readonly events: Server }
  readonly events: EventServer
  /** Seconds between two calls of `tick`; 0: none. */
  readonly pace: number
  readonly tick: () => void
}

/** The two ports of a node, and what goes on while they are open. */
export interface Doors {
  /** @param port 0 for a free one, as `eventsPort` */
  listen(port: number, eventsPort: number): Promise<void>
  /** Ends all connections. */
  close(): Promise<void>
  /** `http://HOST:PORT`. @throws {Error} while closed */
  origin(which: 'rpc' | 'events'): string
}

export function createDoors({ host, open, events, pace, tick }: DoorOptions): Doors {
  let servers: { rpc: Listening; events: Listening } | null = null
  let timer: NodeJS.Timeout | undefined
  return {
    async listen(port, eventsPort) {
      const opened = open()
      const [rpc, stream] = await Promise.all([
        listen(opened.rpc, port, host),
        listen(opened.events, eventsPort, host),
      ])
      servers = { rpc, events: stream }
      events.start()
      if (pace > 0) timer = setInterval(tick, pace * 1000)
    },
    async close() {
      clearInterval(timer)
      events.stop()
      const closing = servers
      servers = null
      if (closing) await Promise.all([closing.rpc.close(), closing.events.close()])
    },
    origin(which) {
      if (servers === null) throw new Error('the node does not listen')
      return `http://${host}:${servers[which].port}`
    },
  }
}
