import { z } from 'zod'
import type { TrustedProxy } from './limit/client-address.ts'

const secret = z.string().min(16, 'must have at least 16 characters')
const flag = z.enum(['0', '1', 'true', 'false']).transform((text) => text === '1' || text === 'true')
const whole = (min: number, max: number) => z.coerce.number('must be a whole number').int().min(min).max(max)

/** The edge's settings, from the environment or the worker's bindings. Each is told in docs/configuration.md. */
const schema = z.object({
  /** The store over HTTP: the sql-gateway beside it, or PlanetScale. Holds user and password: a secret. */
  GATEWAY_URL: z.url({
    protocol: /^https?$/,
    error: 'must be a URL such as http://user:password@127.0.0.1:8730',
  }),
  /** Milliseconds for a whole answer of the store. */
  GATEWAY_TIMEOUT_MS: whole(100, 60_000).default(8_000),
  /** Chain name and the first hex digits of its first block's hash. Taken from the store where they are absent. */
  NETWORK: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be a chain name such as casper')
    .optional(),
  GENESIS: z
    .string()
    .regex(/^[0-9a-fA-F]{8,64}$/, 'must be 8 to 64 hex digits of the genesis hash')
    .optional(),
  /** Where the world asks. Cached values stand under it, so that they are in the zone that is purged. */
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must be a URL such as https://casper.example' })
    .transform((url) => new URL(url).origin)
    .default('https://cache.invalid'),
  /** Bearer of the crawler's announcements; nobody may purge without it. */
  PURGE_TOKEN: secret.optional(),
  /** Sent by load tests in `x-loadtest-token`; lifts the limits. */
  LOADTEST_TOKEN: secret.optional(),
  /** Cloudflare zone whose cache is purged by tag, and the API token that may do so (Zone, Cache Purge). */
  ZONE_ID: z
    .string()
    .regex(/^[0-9a-f]{32}$/, 'must be 32 hex digits')
    .optional(),
  PURGE_API_TOKEN: secret.optional(),
  /** MB of values and of finished answers in the memory of one isolate; a worker has 128 MB in all. */
  CACHE_MB: whole(1, 4_096).default(40),
  HOT_MB: whole(1, 4_096).default(16),
  /** An access log line for each so many requests; 0: none. */
  LOG_EVERY: whole(0, 1_000_000).default(0),
  /** Shown by /v1/status. */
  VERSION: z.string().default('dev'),
  /** Deno: where it listens. */
  PORT: whole(0, 65_535).default(8_787),
  HOST: z.string().default('0.0.0.0'),
  /** Deno: where the durable tiers are kept. */
  DATA_DIR: z.string().default('.data'),
  /** Deno: MB of them for answers that can change, which anybody can make more of. */
  DISK_MB: whole(1, 1_048_576).default(256),
  /** Deno: the built site. */
  SITE_DIR: z.string().default('dist/site'),
  /** Whose word for a client's address is believed: see limit/client-address.ts. wrangler.toml says `cloudflare`. */
  TRUST_PROXY: z
    .enum(
      ['0', 'false', '1', 'true', 'cloudflare'],
      'must be false, true (the last address in X-Forwarded-For) or cloudflare (CF-Connecting-IP)',
    )
    .transform((text): TrustedProxy => {
      if (text === 'cloudflare') return text
      return text === '1' || text === 'true' ? 'forwarded' : 'none'
    })
    .default('none'),
  /** Deno: set to the number of `npm start`'s process, with which it ends. */
  EXIT_WITH_PARENT: z.coerce.number().int().min(1).optional(),
})

export type Config = z.output<typeof schema>

/** A setting that is missing or wrong: one sentence that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** @param env what is not a string is a binding, and none of ours. @throws {ConfigError} */
export function parseConfig(env: Readonly<Record<string, unknown>>): Config {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((name) => {
      const value = env[name]
      return typeof value === 'string' && value !== '' ? [[name, value]] : []
    }),
  )
  const parsed = schema.safeParse(given)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const name = String(issue?.path[0] ?? 'configuration')
    throw new ConfigError(name in given ? `${name}: ${issue?.message}` : `${name} is not set`)
  }
  if ((parsed.data.ZONE_ID === undefined) !== (parsed.data.PURGE_API_TOKEN === undefined)) {
    const missing = parsed.data.ZONE_ID === undefined ? 'ZONE_ID' : 'PURGE_API_TOKEN'
    throw new ConfigError(`${missing} is not set, though its companion is`)
  }
  return parsed.data
}
