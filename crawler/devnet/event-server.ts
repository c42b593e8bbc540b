import type { IncomingMessage, ServerResponse } from 'node:http'
import type { BlockFacts } from './blocks.ts'
import type { LoggedEvent } from './event-log.ts'

export type EventStreamOptions = {
  /** Milliseconds between the comments that keep a quiet stream open. The node's are 15 s apart. */
  keepAliveMs: number
  /** Subscribers at once, over all streams; the node's default is 100. */
  maxSubscribers: number
}

export type EventServer = {
  handle(request: IncomingMessage, response: ServerResponse): void
  /** Sends events to those who listen; ends the streams that the node behind the tip no longer has. */
  publish(events: readonly LoggedEvent[]): void
  /** Destroys all connections. */
  destroy(): void
  /** Begins to keep quiet streams open. */
  start(): void
  /** Ends all streams, as a node does that stops. */
  stop(): void
  subscribers(): number
}

/** Bytes that may wait for a slow client before its connection is dropped, as the node drops laggards. */
const maxBacklog = 16 * 1024 * 1024

const version1Paths = ['/events/main', '/events/deploys', '/events/sigs']

/**
 * The streams that the node behind the tip serves: three for a 1.x node, one for a 2.x node.
 * @param tip the last block, which tells the node's version
 */
export function createEventServer(
  tip: () => BlockFacts,
  since: (id: number) => readonly LoggedEvent[],
  { keepAliveMs, maxSubscribers }: EventStreamOptions,
): EventServer {
  const streams = new Map<ServerResponse, string>()
  let keepAlive: NodeJS.Timeout | undefined

  const pathsNow = () => (tip().version === 1 ? version1Paths : ['/events'])

  function handle(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://node')
    if (request.method !== 'GET' || !pathsNow().includes(url.pathname)) {
      const [first, ...others] = pathsNow().map((path) => `'${path}'`)
      const expected = others.length > 0 ? `${first}, ${others.join(' or ')}` : first
      return plain(response, 404, `invalid path: expected ${expected}\n`)
    }
    const startFrom = parseStart(url.searchParams)
    if (startFrom === 'invalid') {
      return plain(response, 422, "invalid query: expected single field 'start_from=<EVENT ID>'\n")
    }
    if (streams.size >= maxSubscribers) return plain(response, 503, 'server has reached limit of subscribers')

    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.write(`data:${JSON.stringify({ ApiVersion: tip().protocolVersion })}\n\n`)
    if (startFrom !== null) {
      for (const event of since(startFrom)) {
        if (event.path === url.pathname) response.write(frame(event))
      }
    }
    streams.set(response, url.pathname)
    response.on('close', () => streams.delete(response))
  }

  return {
    handle,
    publish(events) {
      for (const event of events) {
        const listeners = [...streams].filter(([, path]) => path === event.path)
        if (listeners.length === 0) continue
        const text = frame(event)
        for (const [stream] of listeners) {
          stream.write(text)
          if (stream.writableLength > maxBacklog) stream.destroy()
        }
      }
      // After an upgrade it is another program that listens on this port.
      for (const [stream, path] of streams) {
        if (!pathsNow().includes(path)) stream.end()
      }
    },
    destroy() {
      for (const stream of streams.keys()) stream.destroy()
    },
    start() {
      keepAlive = setInterval(() => {
        for (const stream of streams.keys()) stream.write(':\n\n')
      }, keepAliveMs)
    },
    stop() {
      clearInterval(keepAlive)
      for (const stream of streams.keys()) stream.end()
    },
    subscribers: () => streams.size,
  }
}

const frame = (event: LoggedEvent): string => `data:${event.text()}\nid:${event.id}\n\n`

function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(text)
}

function parseStart(query: URLSearchParams): number | null | 'invalid' {
  const names = [...query.keys()]
  if (names.length === 0) return null
  const value = query.get('start_from') ?? ''
  // Event ids are u32 and count from the node's start.
  return names.length === 1 && /^\d{1,10}$/.test(value) && Number(value) < 2 ** 32 ? Number(value) : 'invalid'
}
