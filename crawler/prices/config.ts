import { z } from 'zod'
import { LISTED_AT } from '../../src/domain/price.ts'
import { parseTime } from '../../src/domain/time.ts'
import { ConfigError, type Env, list, parseSettings } from '../settings.ts'

const NAMES = ['cryptocompare', 'coingecko', 'sample'] as const
const ALLOWED = `must be a list out of ${NAMES.join(', ')}`

const base = z
  .url({ protocol: /^https?$/, error: 'must be a URL such as https://prices.example' })
  .refine((url) => new URL(url).username === '', 'must hold no user and password')
const key = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be a key without spaces')

/** Settings of the prices, from the crawler's environment. Each is told in docs/prices.md. */
const schema = z.object({
  /** Who is asked, in the order of preference. Nobody is without it. */
  PRICE_SOURCES: list
    .pipe(z.array(z.enum(NAMES, ALLOWED)))
    .refine((names) => new Set(names).size === names.length, 'must name each source once')
    .default([]),
  /** Where the history begins. */
  PRICE_SINCE: z
    .string()
    .transform((text, context) => {
      try {
        return parseTime(text)
      } catch {
        context.addIssue({ code: 'custom', message: 'must be a time such as 2021-05-11T00:00:00Z' })
        return z.NEVER
      }
    })
    .default(LISTED_AT),
  /** Milliseconds between two looks at the price now. */
  PRICE_POLL_MS: z.coerce.number().int().min(1_000).max(3_600_000).default(60_000),
  CRYPTOCOMPARE_URL: base.default('https://min-api.cryptocompare.com'),
  CRYPTOCOMPARE_KEY: key.optional(),
  COINGECKO_URL: base.default('https://api.coingecko.com/api/v3'),
  COINGECKO_KEY: key.optional(),
  /** The made-up feed of the recorded network; it speaks CryptoCompare's format. */
  SAMPLE_PRICES_URL: base.optional(),
})

export type PriceConfig = z.output<typeof schema>

/** @throws {ConfigError} */
export function parsePriceConfig(env: Env): PriceConfig {
  const config = parseSettings(schema, env)
  if (config.PRICE_SOURCES.includes('sample') && config.SAMPLE_PRICES_URL === undefined) {
    throw new ConfigError('SAMPLE_PRICES_URL is not set, and PRICE_SOURCES names sample')
  }
  return config
}
