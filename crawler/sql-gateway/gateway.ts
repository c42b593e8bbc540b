import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Caps, DEFAULT_CAPS } from './caps.ts'
import { createExecute } from './execute.ts'
import { type Fault, toFault } from './fault.ts'
import { createGate } from './gate.ts'
import { createHttpServer } from './http.ts'
import { createPool } from './pool.ts'
import {
  CREATE_SESSION_PATH,
  createSessionText,
  EXECUTE_PATH,
  executeText,
  parseExecute,
} from './protocol.ts'
import { createSessions } from './sessions.ts'
import { parseStoreUrl } from './store-url.ts'

export interface SqlGatewayOptions {
  /** `mysql://user:password@host:port/database` of an account that may only SELECT */
  databaseUrl: string
  /** what clients must send by Basic authentication */
  user: string
  password: string
  caps?: Partial<Caps>
  /** false lets INSERT, UPDATE, DELETE and DDL through: for the contract tests of a write path only. Default true */
  readOnly?: boolean
  /** told of trouble; never holds SQL, values, users or passwords */
  log?: (event: GatewayEvent) => void
}

export interface GatewayEvent {
  event: 'fault' | 'trouble'
  /** a fault's code, or what the gateway was doing */
  what: string
  /** the error code of the driver or the system, where there is one */
  cause?: string
}

export interface SqlGateway {
  /** @param port 0 for a free one. @param host default 127.0.0.1 */
  listen(port: number, host?: string): Promise<void>
  /** Takes no more requests, lets running statements finish for `caps.stopMs`, then ends everything. */
  close(): Promise<void>
  /** where it answers, without user and password */
  readonly url: string
}

const HEALTH_MS = 1_000

/**
 * Speaks PlanetScale's HTTP protocol in front of any MySQL-compatible store, so that the edge worker reaches a bare
 * MariaDB as it reaches PlanetScale. It only reads: by its account, by its sessions, and by looking at each statement.
 */
export function createSqlGateway(options: SqlGatewayOptions): SqlGateway {
  const caps: Caps = { ...DEFAULT_CAPS, ...options.caps }
  const readOnly = options.readOnly ?? true
  const log = options.log ?? (() => {})
  const address = parseStoreUrl(options.databaseUrl)
  const { database } = address

  const onTrouble = (what: string, error: unknown) => log({ event: 'trouble', what, ...causeOf(error) })
  const pool = createPool({ address, readOnly, onTrouble })
  const sessions = createSessions(caps, pool)
  const execute = createExecute({ caps, readOnly, database }, { pool, sessions, gate: createGate(caps) })

  let stopping = false
  let running = 0
  const server = createHttpServer({
    user: options.user,
    password: options.password,
    requestBytes: caps.requestBytes,
    isHealthy: () => pool.ping(HEALTH_MS),
    isStopping: () => stopping,
    toFault: (error) => toFault(error, database),
    onFault: (fault: Fault) => log({ event: 'fault', what: fault.code, ...causeOf(fault.cause) }),
    endpoints: {
      [CREATE_SESSION_PATH]: async () => createSessionText(),
      [EXECUTE_PATH]: async (body, cancel) => {
        const request = parseExecute(body)
        const started = performance.now()
        running++
        try {
          const answer = await execute(request, cancel)
          return executeText(request, answer, (performance.now() - started) / 1000)
        } finally {
          running--
        }
      },
    },
  })

  let url = ''
  return {
    get url() {
      return url
    },

    listen(port, host = '127.0.0.1') {
      return new Promise((done, fail) => {
        server.once('error', fail)
        server.listen(port, host, () => {
          server.off('error', fail)
          const bound = server.address() as AddressInfo
          url = `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}`
          done()
        })
      })
    },

    async close() {
      stopping = true
      const closed = new Promise<void>((done) => server.close(() => done()))
      server.closeIdleConnections()
      sessions.closeIdle()
      for (let waited = 0; running > 0 && waited < caps.stopMs; waited += 20) await sleep(20)
      sessions.close()
      await pool.close()
      // Answers that are on their way out get a moment; what is left then is idle or stuck.
      server.closeIdleConnections()
      await Promise.race([closed, sleep(100, undefined, { ref: false })])
      server.closeAllConnections()
      await closed
    },
  }
}

function causeOf(error: unknown): { cause?: string } {
  const code = (error as { code?: unknown } | undefined)?.code
  return typeof code === 'string' ? { cause: code } : {}
}
