import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'

/** What a connection through the proxy suffers. */
export type WireFault =
  /** Nothing. */
  | 'none'
  /** Accepts, reads and never answers. */
  | 'half-open'
  /** Each piece of an answer comes so many milliseconds later, by chance up to `jitter` more. */
  | { latency: number; jitter?: number }
  /** The connection is reset (RST) after so many bytes of an answer. */
  | { resetAfter: number }
  /** The connection ends in good order (FIN) after so many bytes of an answer. */
  | { endAfter: number }
  /** One byte of an answer every `ms`. */
  | { drip: number }
  /** Every question is answered with this; the node is not asked. */
  | { answer: string | Buffer }
  /** The same, and then this again and again, as fast as it is read. */
  | { answer: string | Buffer; endlessly: Buffer }
  /** Answers come as this makes them. */
  | { edit: (piece: Buffer) => Buffer }

export interface FaultyProxy {
  readonly url: string
  fault: WireFault
  /** Connections accepted since the start. */
  readonly connections: number
  /** Stops to listen and resets what is open; `start` brings it back on the same port. */
  stop(): Promise<void>
  start(): Promise<void>
}

/** A TCP proxy before a node's port that makes the wire bad. */
export async function createFaultyProxy(target: string): Promise<FaultyProxy> {
  const { hostname, port, pathname } = new URL(target)
  const open = new Set<Socket>()
  let count = 0
  let ownPort = 0
  const server = createServer((client) => {
    count++
    const hold = (socket: Socket) => {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => open.delete(socket))
    }
    hold(client)
    const { fault } = proxy
    if (fault === 'half-open') return client.resume()
    if (typeof fault === 'object' && 'answer' in fault)
      return client.on('data', () => {
        client.write(fault.answer)
        if ('endlessly' in fault) flood(client, fault.endlessly)
      })
    const node = connect(Number(port), hostname)
    hold(node)
    client.pipe(node)
    client.on('close', () => node.destroy())
    node.on('close', () => client.end())
    let sent = 0
    let last: Promise<unknown> = Promise.resolve()
    node.on('data', (piece) => {
      if (fault === 'none') return client.write(piece)
      if ('edit' in fault) return client.write(fault.edit(piece))
      if ('latency' in fault) {
        const due = sleep(fault.latency + Math.random() * (fault.jitter ?? 0))
        last = Promise.all([last, due]).then(() => client.write(piece))
        return
      }
      if ('drip' in fault) return drip(client, piece, fault.drip)
      const limit = 'resetAfter' in fault ? fault.resetAfter : fault.endAfter
      client.write(piece.subarray(0, Math.max(0, limit - sent)), () => {
        if (sent < limit) return
        if ('resetAfter' in fault) client.resetAndDestroy()
        else client.end()
      })
      sent += piece.length
    })
  })
  const proxy: FaultyProxy = {
    get url() {
      return `http://127.0.0.1:${ownPort}${pathname}`
    },
    fault: 'none',
    get connections() {
      return count
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.resetAndDestroy()
      }),
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(ownPort, '127.0.0.1', () => {
          ownPort = (server.address() as AddressInfo).port
          resolve()
        })
      }),
  }
  await proxy.start()
  return proxy
}

function flood(client: Socket, piece: Buffer): void {
  const more = () => {
    while (!client.destroyed && client.write(piece));
  }
  client.on('drain', more)
  more()
}

function drip(client: Socket, piece: Buffer, ms: number): void {
  let at = 0
  const timer = setInterval(() => {
    if (at >= piece.length || client.destroyed) clearInterval(timer)
    else client.write(piece.subarray(at, ++at))
  }, ms)
  client.on('close', () => clearInterval(timer))
}

/** An HTTP answer with this body. */
export function toAnswer(
  body: string | Buffer,
  type = 'application/json',
  headers: readonly string[] = [],
): Buffer {
  const bytes = Buffer.from(body)
  const head = ['HTTP/1.1 200 OK', `content-type: ${type}`, `content-length: ${bytes.length}`, ...headers]
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), bytes])
}

/** A hundred megabytes of zeros in 100 KB, for a client that did not ask for compression. */
export function toBomb(): Buffer {
  return toAnswer(gzipSync(Buffer.alloc(100 * 1024 * 1024)), 'application/json', ['content-encoding: gzip'])
}
