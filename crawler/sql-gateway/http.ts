import { hash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Cancel, cancel, createCancel } from './cancel.ts'
import { Fault, type SqlFault } from './fault.ts'
import { faultText } from './protocol.ts'

/** Answers one authorised request with JSON text. */
export type Endpoint = (body: string, cancel: Cancel) => Promise<string>

export interface HttpOptions {
  user: string
  password: string
  requestBytes: number
  /** POST endpoints by path */
  endpoints: Record<string, Endpoint>
  /** what `GET /healthz` tells, to anyone */
  isHealthy: () => Promise<boolean>
  toFault: (error: unknown) => Fault | SqlFault
  /** told of requests that ended in a fault of the gateway or the store, not of the statement */
  onFault: (fault: Fault) => void
  isStopping: () => boolean
}

const HEALTH_PATH = '/healthz'
/** Sockets, idle ones included; a client that opens more is turned away by the kernel. */
const SOCKETS_MOST = 1024

export function createHttpServer(options: HttpOptions): Server {
  const expected = digest(`Basic ${Buffer.from(`${options.user}:${options.password}`).toString('base64')}`)

  const server = createServer(
    // A worker keeps its connections; a client that dribbles its request in does not keep ours.
    {
      keepAliveTimeout: 65_000,
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 5_000,
    },
    (request, response) => {
      answer(request, response).catch((error) => {
        if (response.writableEnded || response.destroyed) return
        const fault = options.toFault(error)
        if (fault instanceof Fault && fault.status >= 500) options.onFault(fault)
        send(request, response, fault.status, faultText(fault))
      })
    },
  )
  server.maxConnections = SOCKETS_MOST
  return server

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = ''] = (request.url ?? '').split('?', 1)
    if (path === HEALTH_PATH) {
      allow(request, response, 'GET', 'HEAD')
      const ok = !options.isStopping() && (await options.isHealthy())
      return send(request, response, ok ? 200 : 503, JSON.stringify({ ok }))
    }

    if (!Object.hasOwn(options.endpoints, path)) throw new Fault('NOT_FOUND', 'there is nothing at this path')
    const endpoint = options.endpoints[path] as Endpoint
    allow(request, response, 'POST')
    // Digests have one length, so that the comparison tells nothing about the secret's.
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected)) {
      response.setHeader('www-authenticate', 'Basic realm="sql-gateway", charset="UTF-8"')
      throw new Fault('UNAUTHENTICATED', 'user or password is wrong')
    }
    if (options.isStopping()) throw new Fault('UNAVAILABLE', 'the gateway is stopping')

    const signal = createCancel()
    response.once('close', () => {
      if (!response.writableFinished) cancel(signal)
    })
    const body = await readBody(request, options.requestBytes)
    send(request, response, 200, await endpoint(body, signal))
  }

  function send(request: IncomingMessage, response: ServerResponse, status: number, text: string): void {
    const headers: Record<string, string | number> = {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    }
    if (status === 503) headers['retry-after'] = 1
    // A body that nobody has read would be taken for the next request.
    if (!request.complete || options.isStopping()) headers.connection = 'close'
    response.writeHead(status, headers)
    response.end(request.method === 'HEAD' ? undefined : text)
  }
}

function allow(request: IncomingMessage, response: ServerResponse, ...methods: string[]): void {
  if (methods.includes(request.method ?? '')) return
  response.setHeader('allow', methods.join(', '))
  throw new Fault('METHOD_NOT_ALLOWED', `only ${methods.join(' and ')} is answered here`)
}

function readBody(request: IncomingMessage, most: number): Promise<string> {
  return new Promise((done, fail) => {
    const tooLarge = () => fail(new Fault('PAYLOAD_TOO_LARGE', `the body is larger than ${most} bytes`))
    if (Number(request.headers['content-length'] ?? 0) > most) return tooLarge()
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= most) {
        chunks.push(chunk)
      } else {
        request.pause()
        tooLarge()
      }
    })
    request.on('end', () => done(chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString()))
    request.on('error', () => fail(new Fault('CANCELLED', 'the client hung up')))
  })
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer')
}
