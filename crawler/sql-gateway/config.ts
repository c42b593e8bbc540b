import { z } from 'zod'
import { type Caps, DEFAULT_CAPS } from './caps.ts'
import { parseStoreUrl } from './store-url.ts'

export interface SqlGatewayConfig {
  databaseUrl: string
  user: string
  password: string
  port: number
  host: string
  caps: Caps
}

const count = (fallback: number, least = 1) => z.coerce.number().int().min(least).default(fallback)

/** RFC 3986: @planetscale/database takes both from a URL and does not undo percent-encoding. */
const UNRESERVED = /^[A-Za-z0-9._~-]+$/
const UNRESERVED_ONLY = 'may hold letters, digits and . _ ~ - only'

const ENVIRONMENT = z.object({
  /** an account that may only SELECT */
  GATEWAY_DATABASE_URL: z.string().superRefine((text, context) => {
    try {
      parseStoreUrl(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  }),
  GATEWAY_USER: z.string().regex(UNRESERVED, UNRESERVED_ONLY),
  GATEWAY_PASSWORD: z.string().min(16, 'must have 16 characters or more').regex(UNRESERVED, UNRESERVED_ONLY),
  GATEWAY_PORT: z.coerce.number().int().min(0).max(65_535).default(8730),
  GATEWAY_HOST: z.string().min(1).default('127.0.0.1'),
  GATEWAY_CONNECTIONS: count(DEFAULT_CAPS.connections),
  GATEWAY_WAITING: count(DEFAULT_CAPS.waiting, 0),
  GATEWAY_WAIT_MS: count(DEFAULT_CAPS.waitMs),
  GATEWAY_SESSIONS: count(DEFAULT_CAPS.sessions, 0),
  GATEWAY_SESSION_IDLE_MS: count(DEFAULT_CAPS.sessionIdleMs),
  GATEWAY_MAX_ROWS: count(DEFAULT_CAPS.rows),
  GATEWAY_MAX_BYTES: count(DEFAULT_CAPS.bytes),
  GATEWAY_MAX_STATEMENT_MS: count(DEFAULT_CAPS.statementMs),
  GATEWAY_MAX_REQUEST_BYTES: count(DEFAULT_CAPS.requestBytes),
  GATEWAY_STOP_MS: count(DEFAULT_CAPS.stopMs, 0),
})

/**
 * @param environment `process.env`; an empty value counts as none
 * @throws Error in one sentence that names the first bad variable and never its value
 */
export function parseConfig(environment: Record<string, string | undefined>): SqlGatewayConfig {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = ENVIRONMENT.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = String(issue?.path[0])
    const reason = given[name] === undefined ? 'is not set' : issue?.message
    throw new Error(`${name} ${reason}.`)
  }
  const values = parsed.data
  return {
    databaseUrl: values.GATEWAY_DATABASE_URL,
    user: values.GATEWAY_USER,
    password: values.GATEWAY_PASSWORD,
    port: values.GATEWAY_PORT,
    host: values.GATEWAY_HOST,
    caps: {
      connections: values.GATEWAY_CONNECTIONS,
      waiting: values.GATEWAY_WAITING,
      waitMs: values.GATEWAY_WAIT_MS,
      sessions: values.GATEWAY_SESSIONS,
      sessionIdleMs: values.GATEWAY_SESSION_IDLE_MS,
      rows: values.GATEWAY_MAX_ROWS,
      bytes: values.GATEWAY_MAX_BYTES,
      statementMs: values.GATEWAY_MAX_STATEMENT_MS,
      requestBytes: values.GATEWAY_MAX_REQUEST_BYTES,
      stopMs: values.GATEWAY_STOP_MS,
    },
  }
}
