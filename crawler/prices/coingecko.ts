import { z } from 'zod'
import { DAY, HOUR } from '../../src/domain/price.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports.ts'
import { getJson, type JsonAnswer, toTarget } from './get-json.ts'
import { toCandles } from './samples.ts'
import { type PriceSource, SourceError } from './source.ts'

/*
 * CoinGecko v3, `simple/price` and `coins/{id}/market_chart/range` (docs.coingecko.com). It gives prices at instants,
 * not candles: hourly for ranges of 2 to 90 days, every 5 minutes within the last day. Its volumes are of the last 24
 * hours, which says nothing of one hour. Without a paid plan the last 365 days (error 10012 beyond), 5 to 15 calls a
 * minute without any key, and 10,000 calls a month with a demo key. Asking too often is 429, mostly with Retry-After.
 */

const ID = 'casper-network'
/** Beyond 90 days the answer would be daily. */
const MAX_HOURS = 89 * 24
/** A day less than the limit, for clocks that differ. */
const FREE_REACH: Ms = 364 * DAY
const BEYOND_PLAN = 10_012

const status = z.object({ error_code: z.number(), error_message: z.string().default('') })
const failure = z.union([
  z.object({ error: z.object({ status }) }).transform(({ error }) => error.status),
  z.object({ status }).transform((said) => said.status),
  z.object({ error: z.string() }).transform(({ error }) => ({ error_code: 0, error_message: error })),
])
const now = z.object({ [ID]: z.object({ usd: z.number(), last_updated_at: z.number().optional() }) })
const history = z.object({ prices: z.array(z.unknown()) })
const sample = z.tuple([z.number(), z.number()])

export interface CoinGeckoOptions {
  readonly url: string
  readonly key: string | null
  readonly clock: Clock
}

export function createCoinGecko({ url, key, clock }: CoinGeckoOptions): PriceSource {
  const name = 'coingecko'
  const isPaid = new URL(url).hostname.startsWith('pro-')
  const headers: Record<string, string> =
    key === null ? {} : { [isPaid ? 'x-cg-pro-api-key' : 'x-cg-demo-api-key']: key }

  async function ask(path: string, query: Record<string, string>, signal: AbortSignal): Promise<unknown> {
    return toBody(name, await getJson(name, toTarget(url, path, query), headers, signal))
  }

  return {
    name,
    maxHours: MAX_HOURS,
    spacing: key === null ? 15_000 : 2_500,

    async readNow(signal) {
      const query = {
        ids: ID,
        vs_currencies: 'usd',
        include_last_updated_at: 'true',
        precision: 'full',
      }
      const parsed = now.safeParse(await ask('simple/price', query, signal))
      if (!parsed.success) throw new SourceError(name, 'shape', 'a price without its number')
      const { usd, last_updated_at: at } = parsed.data[ID]
      return { usd, at: at === undefined ? null : at * 1_000 }
    },

    async readHours(from, to, signal) {
      const start = isPaid ? from : Math.max(from, Math.ceil((clock.now() - FREE_REACH) / HOUR) * HOUR)
      if (start > to) return { candles: [], misshapen: 0 }
      // Up to the next hour's beginning, which is how this one ends.
      const range = { from: `${start / 1_000}`, to: `${(to + 2 * HOUR) / 1_000}` }
      const body = await ask(`coins/${ID}/market_chart/range`, { vs_currency: 'usd', ...range }, signal)
      if (body === BEYOND) return { candles: [], misshapen: 0 }
      const parsed = history.safeParse(body)
      if (!parsed.success) throw new SourceError(name, 'shape', 'a history without its prices')
      const samples = parsed.data.prices.flatMap((given) => {
        const pair = sample.safeParse(given)
        return pair.success ? [pair.data] : []
      })
      return {
        candles: toCandles(samples).filter(({ hour }) => hour >= start && hour <= to),
        misshapen: parsed.data.prices.length - samples.length,
      }
    },
  }
}

/** Stands for "not in your plan": the source has nothing for us there, and is well. */
const BEYOND = Symbol('beyond the plan')

/** @throws {SourceError} for what is an error */
function toBody(name: string, { status: http, retryAfter, body }: JsonAnswer): unknown {
  if (http === 200) return body
  const said = failure.safeParse(body)
  const code = said.success ? said.data.error_code : 0
  const message = (said.success && said.data.error_message.trim().slice(0, 200)) || `HTTP ${http}`
  if (code === BEYOND_PLAN) return BEYOND
  const fault = http === 429 || code === 429 ? 'rate-limit' : 'refused'
  throw new SourceError(name, fault, message, { retryAfter })
}
