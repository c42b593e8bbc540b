import type { BudgetName } from '../api/policy.ts'
import type { Ms } from '../domain/time.ts'
import { matchesEtag, toGzipEtag } from '../lib/etag.ts'
import type { Soon } from '../lib/soon.ts'
import { POLICY_FIELDS, toRateLimitField } from '../limit/headers.ts'
import type { Quota } from '../limit/limiter.ts'
import { COMPRESS_FROM, type Finished, toAge, toCacheStatus } from './finished.ts'

/** Bodies compressed by the platform's own means; absent where it compresses by itself (Cloudflare). */
export type Compress = (body: string) => Promise<Uint8Array>

/** What a response depends on beside the reply. */
export interface Circumstances {
  readonly now: Ms
  readonly isHot: boolean
  readonly budget: BudgetName
  /** null: limits are lifted, and there is no quota to tell of. */
  readonly quota: Quota | null
}

/** What scripts of other origins may read beside the safelisted headers. */
const EXPOSED = 'ETag, Age, Link, Retry-After, RateLimit, RateLimit-Policy, Cache-Status, Content-Disposition'

const encoder = new TextEncoder()

/** What a platform can do with responses, beyond making them. */
export interface Means {
  readonly compress?: Compress | undefined
  /**
   * A response may be made for one request and cloned for others, which takes Deno a fraction of making it. On Workers
   * a response belongs to its request, and only its headers are made once.
   */
  readonly canClone?: boolean | undefined
}

/** What of a request its response depends on. Read once: on Workers each look is a call into the runtime. */
export interface Asked {
  readonly method: string
  readonly headers: Headers
}

export type Respond = (finished: Finished, asked: Asked, circumstances: Circumstances) => Soon<Response>

/** Makes the response to one request, of a reply that may answer many. */
export function createRespond({ compress, canClone = false }: Means): Respond {
  return (finished, { method, headers: asked }, circumstances) => {
    const { reply, etag } = finished
    const { now, isHot } = circumstances
    const ifNoneMatch = etag === null ? null : asked.get('if-none-match')
    const isGzip =
      compress !== undefined &&
      reply.body.length >= COMPRESS_FROM &&
      acceptsGzip(asked.get('accept-encoding'))
    if (ifNoneMatch !== null && etag !== null && matchesEtag(ifNoneMatch, etag)) {
      const response = new Response(null, { status: 304 })
      dress(response.headers, finished, now, isHot, isGzip)
      return address(response, asked, circumstances)
    }
    const isHead = method === 'HEAD'
    if (isGzip) {
      finished.gzip ??= compress(reply.body)
      return finished.gzip.then((bytes) => {
        const body = isHead ? null : (bytes as Uint8Array<ArrayBuffer>)
        const response = new Response(body, { status: reply.status })
        dress(response.headers, finished, now, isHot, true)
        response.headers.set('content-encoding', 'gzip')
        if (isHead) response.headers.set('content-length', String(bytes.length))
        return address(response, asked, circumstances)
      })
    }
    if (isHead) {
      const response = new Response(null, { status: reply.status })
      dress(response.headers, finished, now, isHot, false)
      response.headers.set('content-length', String(encoder.encode(reply.body).length))
      return address(response, asked, circumstances)
    }
    const response = isHot ? repeat(finished, now, canClone) : make(finished, now, false)
    return address(response, asked, circumstances)
  }
}

/**
 * Headers are put one by one on a response made without any: Deno takes 14 µs to make a response out of ten header
 * pairs and 4 µs this way.
 */
function make(finished: Finished, now: Ms, isHot: boolean): Response {
  const { body, status } = finished.reply
  const response = status === 200 ? new Response(body) : new Response(body, { status })
  dress(response.headers, finished, now, isHot, false)
  return response
}

/**
 * A hot answer once more. What changes of it by the second is set on what is kept: to make all of it anew would cost an
 * answer that is asked for once a second more than to forget it. A response with its headers given to its constructor
 * is what Deno is slowest at: it builds a native twin of it, and registers that for finalisation.
 */
function repeat(finished: Finished, now: Ms, canClone: boolean): Response {
  const { body, status } = finished.reply
  const age = toAge(finished.reply, now)
  let { prepared } = finished
  if (prepared === null) {
    const response = canClone ? make(finished, now, true) : null
    const headers = response?.headers ?? new Headers()
    if (response === null) dress(headers, finished, now, true, false)
    prepared = { age, headers, response }
    finished.prepared = prepared
  } else if (prepared.age !== age) {
    prepared.age = age
    tellTime(prepared.headers, finished, now, true)
  }
  return prepared.response?.clone() ?? new Response(body, { status, headers: prepared.headers })
}

/**
 * Headers that are the same for all who ask now, for a response that has none but the type of its body. None of them
 * comes twice: `append` is half of `set`, which looks for what it would replace and writes the list anew.
 */
function dress(headers: Headers, finished: Finished, now: Ms, isHot: boolean, isGzip: boolean): void {
  headers.set('content-type', finished.reply.type)
  for (const [name, value] of finished.shared) headers.append(name, value)
  for (const [name, value] of finished.own) headers.append(name, value)
  headers.append('cache-status', toCacheStatus(finished, isHot, now))
  if (finished.etag === null) return
  headers.append('age', String(toAge(finished.reply, now)))
  headers.append('etag', isGzip ? toGzipEtag(finished.etag) : finished.etag)
}

function tellTime(headers: Headers, finished: Finished, now: Ms, isHot: boolean): void {
  headers.set('cache-status', toCacheStatus(finished, isHot, now))
  if (finished.etag !== null) headers.set('age', String(toAge(finished.reply, now)))
}

/** Headers of this one answer. */
function address(response: Response, asked: Headers, { budget, quota }: Circumstances): Response {
  if (quota !== null) {
    const { headers } = response
    headers.set('ratelimit-policy', POLICY_FIELDS[budget])
    headers.set('ratelimit', toRateLimitField(budget, quota))
  }
  if (asked.get('origin') !== null) response.headers.set('access-control-expose-headers', EXPOSED)
  return response
}

/** RFC 9110, 12.5.3: named without `q=0`. */
function acceptsGzip(header: string | null): boolean {
  if (header === null) return false
  return header.split(',').some((part) => {
    const [coding = '', ...parameters] = part.trim().toLowerCase().split(';')
    return coding.trim() === 'gzip' && !parameters.some((text) => /^\s*q\s*=\s*0(\.0*)?\s*$/.test(text))
  })
}
