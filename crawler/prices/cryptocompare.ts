import { z } from 'zod'
import { HOUR } from '../../src/domain/price.ts'
import type { Ms } from '../../src/domain/time.ts'
import { getJson, type JsonAnswer, toTarget } from './get-json.ts'
import { type Candle, type PriceSource, SourceError, type Told } from './source.ts'

/*
 * CryptoCompare (min-api), `data/price` and `data/v2/histohour`, index CCCAGG. Limits without a paid plan, as its own
 * error texts tell them: 50,000 calls a month, 7,500 a day, 300 a minute. An error comes with status 200 and
 * `Response: "Error"`; asking too often is its type 99. Hours before a coin was traded come as zeros.
 */

/** `limit` is at most 2,000, and gives one hour more than it says. */
const MAX_HOURS = 2_000
const RATE_LIMIT_TYPE = 99

const error = z.object({
  Response: z.literal('Error'),
  Message: z.string().default(''),
  Type: z.number().optional(),
})
const prices = z.object({ USD: z.number() })
const history = z.object({
  Response: z.literal('Success'),
  Data: z.object({ Data: z.array(z.unknown()) }),
})
const row = z.object({
  /** Seconds since 1970, start of the hour. */
  time: z.int(),
  open: z.number(),
  high: z.number(),
  low: z.number(),
  close: z.number(),
  volumefrom: z.number(),
  volumeto: z.number(),
})

export interface CryptoCompareOptions {
  /** Another name for a server that speaks the same: `sample`. */
  readonly name: string
  readonly url: string
  readonly key: string | null
  readonly spacing: Ms
}

export function createCryptoCompare({ name, url, key, spacing }: CryptoCompareOptions): PriceSource {
  const headers: Record<string, string> = key === null ? {} : { authorization: `Apikey ${key}` }

  async function ask(path: string, query: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    return toBody(name, await getJson(name, toTarget(url, path, query), headers, signal))
  }

  return {
    name,
    maxHours: MAX_HOURS,
    spacing,

    async readNow(signal) {
      const parsed = prices.safeParse(await ask('data/price', { fsym: 'CSPR', tsyms: 'USD' }, signal))
      if (!parsed.success) throw new SourceError(name, 'shape', 'a price without its number')
      return { usd: parsed.data.USD, at: null }
    },

    async readHours(from, to, signal) {
      const points = (to - from) / HOUR + 1
      const body = await ask(
        'data/v2/histohour',
        { fsym: 'CSPR', tsym: 'USD', limit: `${Math.max(1, points - 1)}`, toTs: `${to / 1_000}` },
        signal,
      )
      const parsed = history.safeParse(body)
      if (!parsed.success) throw new SourceError(name, 'shape', 'a history without its rows')
      return toTold(parsed.data.Data.Data, from, to)
    },
  }
}

/** @throws {SourceError} for what is an error, whatever its status */
function toBody(name: string, { status, retryAfter, body }: JsonAnswer): unknown {
  const said = error.safeParse(body)
  const message = (said.success && said.data.Message.trim().slice(0, 200)) || `HTTP ${status}`
  if (status === 429 || (said.success && said.data.Type === RATE_LIMIT_TYPE)) {
    throw new SourceError(name, 'rate-limit', message, { retryAfter })
  }
  if (status !== 200 || said.success) throw new SourceError(name, 'refused', message, { retryAfter })
  return body
}

function toTold(rows: readonly unknown[], from: Ms, to: Ms): Told {
  const candles: Candle[] = []
  let misshapen = 0
  for (const given of rows) {
    const parsed = row.safeParse(given)
    if (!parsed.success) {
      misshapen++
      continue
    }
    const { time, open, high, low, close, volumefrom: volumeFrom, volumeto: volumeTo } = parsed.data
    const hour = time * 1_000
    // One hour more than was asked for is the rule.
    if (hour < from || hour > to) continue
    // Nobody traded yet: the source has nothing, which is no fault of it.
    if (open === 0 && high === 0 && low === 0 && close === 0) continue
    candles.push({ hour, open, high, low, close, volumeFrom, volumeTo })
  }
  return { candles, misshapen }
}
