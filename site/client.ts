import type { AnswerOf, QueryOf } from '../src/api/endpoint.ts'
import type { EndpointName, endpoints } from '../src/api/endpoints.ts'

export type Query<N extends EndpointName> = QueryOf<(typeof endpoints)[N]>
export type Answered<N extends EndpointName> = AnswerOf<(typeof endpoints)[N]>

/** What went wrong: the API's problem document, or status 0 when no answer came. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly title: string
  readonly detail: string
  /** Milliseconds that the API asks to wait. */
  readonly retryAfter: number | null

  constructor(
    status: number,
    title: string,
    detail: string,
    options: ErrorOptions & { retryAfter?: number } = {},
  ) {
    super(`${title}: ${detail}`, options)
    this.status = status
    this.title = title
    this.detail = detail
    this.retryAfter = options.retryAfter ?? null
  }
}

export interface AskOptions {
  readonly signal?: AbortSignal
  /** Ask the edge even when the browser still holds a fresh copy; an unchanged answer costs a 304. */
  readonly revalidate?: boolean
}

export interface Client {
  /** @throws {ApiError}, or the signal's reason when the caller aborts */
  ask<N extends EndpointName>(name: N, query: Query<N>, options?: AskOptions): Promise<Answered<N>>
  /** Address of an answer, for links to JSON and CSV. */
  address<N extends EndpointName>(name: N, query: Query<N>): string
}

/** One deadline over headers and body: a body that stalls is as dead as a host that does not answer. */
const TIMEOUT = 15_000

export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/**
 * @param paths name to path, from the endpoint list
 * @param timeout milliseconds for the whole answer
 */
export function createClient(
  paths: Readonly<Record<EndpointName, string>>,
  fetch: Fetch,
  timeout = TIMEOUT,
): Client {
  const address = (name: EndpointName, query: object) => toAddress(paths[name], query)
  return {
    address,
    async ask<N extends EndpointName>(name: N, query: Query<N>, options: AskOptions = {}) {
      const url = address(name, query)
      const deadline = AbortSignal.timeout(timeout)
      const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline
      let response: Response
      let body: string
      try {
        response = await fetch(url, { signal, cache: options.revalidate ? 'no-cache' : 'default' })
        body = await response.text()
      } catch (cause) {
        if (options.signal?.aborted) throw options.signal.reason
        if (deadline.aborted) {
          throw new ApiError(0, 'No answer in time', `${url} took longer than ${timeout / 1000} s.`, {
            cause,
          })
        }
        throw new ApiError(0, 'Not reachable', `${url} could not be reached.`, { cause })
      }
      if (!response.ok) throw toApiError(response, body)
      return read(response, body, url) as Answered<N>
    },
  }
}

/** Path parameters are filled in, the rest becomes the query. */
export function toAddress(path: string, query: object): string {
  const rest = new URLSearchParams()
  let filled = path
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined) continue
    const slot = `:${name}`
    if (filled.split('/').includes(slot)) filled = filled.replace(slot, encodeURIComponent(String(value)))
    else rest.append(name, String(value))
  }
  return rest.size > 0 ? `${filled}?${rest}` : filled
}

function read(response: Response, body: string, url: string): unknown {
  if (!response.headers.get('content-type')?.includes('json')) return body
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new ApiError(response.status, 'Unreadable answer', `${url} did not answer with JSON.`, { cause })
  }
}

/** A problem document's own words (RFC 9457), or the status' when a proxy answered instead. */
export function toApiError(response: Response, body: string): ApiError {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
  const wait = Number.isFinite(seconds) ? { retryAfter: seconds * 1000 } : {}
  let problem: { title?: unknown; detail?: unknown } = {}
  try {
    const parsed: unknown = JSON.parse(body)
    if (typeof parsed === 'object' && parsed !== null) problem = parsed
  } catch {
    // Not JSON: an error page of something in between.
  }
  const title = typeof problem.title === 'string' ? problem.title : `Status ${response.status}`
  const detail =
    typeof problem.detail === 'string' ? problem.detail : response.statusText || 'No detail given.'
  return new ApiError(response.status, title, detail, wait)
}
