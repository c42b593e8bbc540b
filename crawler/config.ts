import { z } from 'zod'

const url = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `must be a URL such as ${example}` })
const list = (item: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item))
const http = url(/^https?$/, 'http://127.0.0.1:7777/rpc')

/** The crawler's settings, from its environment. Each is told in docs/configuration.md. */
const schema = z.object({
  /** JSON-RPC URLs of 1.x nodes and 2.x sidecars. */
  CASPER_NODES: list(http).refine((nodes) => nodes.length > 0, 'must name at least one node'),
  /** Event streams: `/events/main` of a 1.x node, `/events` of a 2.x one. Without any the tip is polled. */
  CASPER_EVENTS: list(http).default([]),
  DATABASE_URL: url(/^mysql$/, 'mysql://user:password@host:3306/database'),
  /** First height to crawl into an empty store. */
  START_HEIGHT: z.coerce.number('must be a height').int().min(0).default(0),
  /** Where the edge answers; announcements go to its /internal/purge. Without it nothing is announced. */
  PUBLIC_URL: http.optional(),
  PURGE_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  /** Milliseconds for a whole answer of a node. */
  NODE_TIMEOUT_MS: z.coerce.number().int().min(100).max(600_000).default(20_000),
  /** Heights fetched ahead, and connections to a node. */
  FETCH_AHEAD: z.coerce.number().int().min(1).max(1000).default(48),
  NODE_CONNECTIONS: z.coerce.number().int().min(1).max(256).default(16),
  /** Questions on a connection before the first is answered: for a node on the same host. */
  NODE_PIPELINE: z.coerce.number().int().min(1).max(64).default(1),
  /** Blocks and rows of one commit while catching up. */
  COMMIT_BLOCKS: z.coerce.number().int().min(1).max(10_000).default(250),
  COMMIT_ROWS: z.coerce.number().int().min(100).max(100_000).default(5_000),
  /** Milliseconds between looks at the tip when no event wakes the crawler. */
  POLL_MS: z.coerce.number().int().min(50).max(60_000).default(1_000),
})

export type CrawlerConfig = z.output<typeof schema>

/** A setting that is missing or wrong: one sentence that names it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/** @throws {ConfigError} */
export function parseConfig(env: Readonly<Record<string, string | undefined>>): CrawlerConfig {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const name = String(issue?.path[0] ?? 'configuration')
  throw new ConfigError(name in given ? `${name}: ${issue?.message}` : `${name} is not set`)
}
