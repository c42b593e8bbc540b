import { Client, cast, type Field } from '@planetscale/database'
import { drizzle } from 'drizzle-orm/planetscale-serverless'
import { DeadlineError, within } from '../lib/deadline.ts'
import type { Database } from './database.ts'
import { StoreUnavailableError } from './errors.ts'

/** The part of `fetch` that the protocol uses. */
export type Fetch = (input: string, init?: RequestInit) => Promise<Response>

export interface PlanetScaleOptions {
  /** `https://user:password@host`, or `http:` for a gateway in the same network. */
  readonly url: string
  /** Another fetch: a service binding, or a test's. */
  readonly fetch?: Fetch
  /** From the question to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number
}

/**
 * A database over the PlanetScale HTTP protocol, as `createStoreReader` takes it: PlanetScale itself, or the SQL gateway
 * beside another store. Nothing is kept between questions, so it may live as long as a worker's isolate.
 */
export function connectPlanetScale({ url, fetch, timeoutMs }: PlanetScaleOptions): Database {
  // Called without a receiver: workerd refuses a fetch that is called as another object's method.
  const ask: Fetch = fetch ?? ((input, init) => globalThis.fetch(input, init))
  const withinTime = (input: string, init?: RequestInit) => askWithin(ask, input, init, timeoutMs)
  return drizzle(
    new Client({ url, fetch: withinTime as unknown as typeof globalThis.fetch, cast: toDriverValue }),
  )
}

const DIGITS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/**
 * Bytes come as a text of one character each, and are wanted as hex: done at once here, since the driver's own way, over an
 * array and a Uint8Array for each value, is most of what a page of transfers costs.
 */
function toDriverValue(field: Field, value: string | null): unknown {
  if (value === null || (field.type !== 'BINARY' && field.type !== 'VARBINARY')) return cast(field, value)
  let hex = ''
  for (let index = 0; index < value.length; index++) hex += DIGITS[value.charCodeAt(index)]
  return hex
}

/**
 * One deadline over headers and body: the client reads the body by itself, later, and would wait for a stalled one for
 * ever. The timer decides even where a fetch does not heed its signal.
 * @throws {StoreUnavailableError} no connection, or no whole answer in time
 */
async function askWithin(ask: Fetch, input: string, init: RequestInit | undefined, timeoutMs: number) {
  const abort = new AbortController()
  const answer = async () => {
    const response = await ask(input, { ...init, signal: abort.signal })
    const body = await response.text()
    const { ok, status, statusText, headers } = response
    return { ok, status, statusText, headers, text: async () => body }
  }
  try {
    return await within(answer(), timeoutMs, 'The answer of the store')
  } catch (cause) {
    abort.abort()
    const late = cause instanceof DeadlineError
    throw new StoreUnavailableError(late ? `${cause.message}.` : 'The store cannot be reached.', { cause })
  }
}
