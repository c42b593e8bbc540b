import { createServer, type ServerResponse } from 'node:http'
import type { Ms } from '../../src/domain/time.ts'
import { within } from '../../src/lib/deadline.ts'
import { toReason } from '../log.ts'
import type { Health } from './health.ts'
import type { Registry } from './registry.ts'

export interface ProbePorts {
  readonly registry: Registry
  readonly health: Health
  /** Asks the store something small; rejects when it is away. */
  readonly reachStore: () => Promise<unknown>
}

export interface ProbeServer {
  readonly url: string
  close(): Promise<void>
}

/** Whoever probes gives up sooner than that. */
const REACH_LIMIT: Ms = 2_000

/**
 * `/metrics` for Prometheus, `/healthz` (whether to restart this process) and `/readyz` (whether it is of use: it crawls
 * or stands by, and its store answers).
 * @throws when the address cannot be had
 */
export async function serveProbes(
  { host, port }: { readonly host: string; readonly port: number },
  ports: ProbePorts,
): Promise<ProbeServer> {
  const server = createServer({ requestTimeout: 5_000, maxHeaderSize: 8_192 }, (request, response) => {
    const path = request.url?.split('?')[0] ?? '/'
    const page = request.method === 'GET' || request.method === 'HEAD' ? PAGES[path] : undefined
    if (page === undefined) return send(response, 404, 'Here are /metrics, /healthz and /readyz.\n')
    page(ports).then(
      ([status, text]) => send(response, status, text),
      (error) => send(response, 500, `${toReason(error)}\n`),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  const actual = typeof address === 'object' && address !== null ? address.port : port
  return {
    url: `http://${host}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function send(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/plain; version=0.0.4; charset=utf-8',
    'cache-control': 'no-store',
  })
  response.end(text)
}

type Page = (ports: ProbePorts) => Promise<readonly [status: number, text: string]>

const PAGES: Readonly<Record<string, Page>> = {
  '/metrics': async ({ registry }) => [200, registry.toText()],

  '/healthz': async ({ health }) => {
    const text = `${health.role}, last moved ${health.idle().toFixed(1)} s ago\n`
    return health.isAlive() ? [200, text] : [503, text]
  },

  '/readyz': async ({ health, reachStore }) => {
    if (health.role === 'starting' || health.role === 'stopping') return [503, `${health.role}\n`]
    try {
      await within(reachStore(), REACH_LIMIT, 'A look at the store')
      return [200, `${health.role}\n`]
    } catch (error) {
      return [503, `${health.role}, store away: ${toReason(error)}\n`]
    }
  },
}
