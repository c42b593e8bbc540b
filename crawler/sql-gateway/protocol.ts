import type { ExecuteAnswer, ExecuteRequest } from './execute.ts'
import { Fault, type SqlFault } from './fault.ts'

/** The paths that @planetscale/database 1.20.2 posts to. */
export const EXECUTE_PATH = '/psdb.v1alpha1.Database/Execute'
export const CREATE_SESSION_PATH = '/psdb.v1alpha1.Database/CreateSession'

/**
 * The client keeps the last session that was not null and sends it back whole. So the end of a transaction must be
 * answered by a session that names none, or the client would go on in the ended one.
 */
const NO_SESSION = '{"signature":"","vitessSession":{"autocommit":true}}'

/** @throws Fault INVALID_ARGUMENT with the reason */
export function parseExecute(body: string): ExecuteRequest {
  let sent: unknown
  try {
    sent = JSON.parse(body)
  } catch (cause) {
    throw new Fault('INVALID_ARGUMENT', 'the body is not JSON', { cause })
  }
  if (!isObject(sent))
    throw new Fault('INVALID_ARGUMENT', 'the body must be an object with query and session')
  const { query, session } = sent
  if (typeof query !== 'string' || query.trim() === '') {
    throw new Fault('INVALID_ARGUMENT', 'query must be a text that is not empty')
  }
  return { query, session: parseSession(session) }
}

function parseSession(session: unknown): string | undefined {
  if (session === undefined || session === null) return undefined
  if (!isObject(session) || typeof session.signature !== 'string') {
    throw new Fault('INVALID_ARGUMENT', 'session must be null or what an earlier answer gave')
  }
  return session.signature === '' ? undefined : session.signature
}

/** @param seconds how long the statement took */
export function executeText(request: ExecuteRequest, answer: ExecuteAnswer, seconds: number): string {
  return `{"session":${sessionText(request, answer)},"result":${answer.result},"timing":${seconds}}`
}

export function createSessionText(): string {
  return `{"session":${NO_SESSION}}`
}

export function faultText(fault: Fault | SqlFault): string {
  return JSON.stringify({ error: { code: fault.code, message: fault.message } })
}

/** A client that has no session gets none: it then holds nothing that could go stale. */
function sessionText(request: ExecuteRequest, answer: ExecuteAnswer): string {
  if (answer.session !== undefined) {
    return `{"signature":"${answer.session}","vitessSession":{"autocommit":true,"inTransaction":true}}`
  }
  return request.session === undefined ? 'null' : NO_SESSION
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
