import type { Ms } from '../../src/domain/time.ts'
import { SourceError, type SourceFault } from './source.ts'

/** Two thousand hours are 400 KB at CryptoCompare. */
const MOST_BYTES = 8 * 1024 * 1024
const TIMEOUT: Ms = 20_000
/** What a source may ask for at most: a wrong header must not silence it for a year. */
const LONGEST_WAIT: Ms = 3_600_000

export interface JsonAnswer {
  readonly status: number
  readonly retryAfter: Ms | null
  readonly body: unknown
}

/**
 * One GET, with one deadline over headers and body. The key travels in a header, never in the URL, so that no log
 * line and no error can have it; redirects are refused, since the key would go along.
 * @throws {SourceError}
 */
export async function getJson(
  source: string,
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  timeout: Ms = TIMEOUT,
): Promise<JsonAnswer> {
  const late = AbortSignal.timeout(timeout)
  let response: Response
  let text: string
  try {
    response = await fetch(url, {
      headers: { accept: 'application/json', ...headers },
      redirect: 'error',
      signal: AbortSignal.any([signal, late]),
    })
    text = await readText(source, response)
  } catch (cause) {
    if (signal.aborted || cause instanceof SourceError) throw cause
    const fault: SourceFault = late.aborted ? 'timeout' : 'network'
    throw new SourceError(source, fault, late.aborted ? `no answer in ${timeout} ms` : toDetail(cause), {
      cause,
    })
  }
  const { status, headers: given } = response
  return { status, retryAfter: toWait(given.get('retry-after')), body: parse(source, status, text) }
}

/** Where a question goes: a path below a source's URL. */
export function toTarget(base: string, path: string, query: Readonly<Record<string, string>>): URL {
  const target = new URL(`${base.replace(/\/$/, '')}/${path}`)
  for (const [field, value] of Object.entries(query)) target.searchParams.set(field, value)
  return target
}

async function readText(source: string, response: Response): Promise<string> {
  if (response.body === null) return ''
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of response.body) {
    bytes += chunk.length
    if (bytes > MOST_BYTES)
      throw new SourceError(source, 'too-large', `an answer of more than ${MOST_BYTES} bytes`)
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

/** Errors may come as pages of some proxy: those have no body that says more than their status. */
function parse(source: string, status: number, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    if (status !== 200) return null
    throw new SourceError(source, 'shape', 'an answer that is no JSON', { cause })
  }
}

/** RFC 9110, 10.2.3: seconds or a date. Only seconds are seen in practice. */
function toWait(header: string | null): Ms | null {
  const seconds = header === null || header.trim() === '' ? Number.NaN : Number(header)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds * 1_000, LONGEST_WAIT) : null
}

/** Node hides the reason behind "fetch failed". */
function toDetail(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message || error.message : error.message
}
