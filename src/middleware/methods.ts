import { ProblemError, toProblem } from '../api/problem.ts'

/** Methods that a path answers to. */
const READING = 'GET, HEAD, OPTIONS'
const PURGING = 'POST, OPTIONS'

export const PURGE_PATH = '/internal/purge'

export function toAllowed(path: string): string {
  return path === PURGE_PATH ? PURGING : READING
}

export function isAllowed(method: string, path: string): boolean {
  return path === PURGE_PATH ? method === 'POST' : method === 'GET' || method === 'HEAD'
}

export function methodNotAllowed(method: string, path: string): ProblemError {
  const allow = toAllowed(path)
  return new ProblemError(
    toProblem('method-not-allowed', `${method.slice(0, 20)} is not allowed here. Allowed: ${allow}.`),
    { headers: { Allow: allow } },
  )
}

export function badHost(): ProblemError {
  return new ProblemError(
    toProblem('invalid-parameter', 'The Host header is no host name with an optional port.'),
  )
}

/** Answer to OPTIONS, the question that browsers put before unusual requests of other origins. */
export function toPreflight(path: string): Response {
  const response = new Response(null, { status: 204 })
  const { headers } = response
  headers.set('allow', toAllowed(path))
  headers.set('access-control-allow-origin', '*')
  headers.set('access-control-allow-methods', toAllowed(path))
  headers.set('access-control-allow-headers', '*')
  // Two hours is the longest that Chromium heeds.
  headers.set('access-control-max-age', '7200')
  return response
}
