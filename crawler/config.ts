import { z } from 'zod'
import { AUCTION_MODES } from './project/auction.ts'
import { ConfigError, type Env, list, parseSettings } from './settings.ts'

const url = (protocols: RegExp, example: string) =>
  z.url({ protocol: protocols, error: `must be a URL such as ${example}` })
const http = url(/^https?$/, 'http://127.0.0.1:7777/rpc')
const urls = list.pipe(z.array(http))

/** The crawler's settings, from its environment. Each is told in docs/configuration.md. */
const schema = z.object({
  /** JSON-RPC URLs of 1.x nodes and 2.x sidecars. */
  CASPER_NODES: urls.refine((nodes) => nodes.length > 0, 'must name at least one node'),
  /** Event streams: `/events/main` of a 1.x node, `/events` of a 2.x one. Without any the tip is polled. */
  CASPER_EVENTS: urls.default([]),
  DATABASE_URL: url(/^mysql$/, 'mysql://user:password@host:3306/database'),
  /** First height to crawl into an empty store. */
  START_HEIGHT: z.coerce.number('must be a height').int().min(0).default(0),
  /** Where edges answer; announcements go to /internal/purge of each. Without any nothing is announced. */
  EDGE_URLS: urls.default([]),
  /** One more of them, by the name that `npm start` knows it by. */
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
  COMMIT_BLOCKS: z.coerce.number().int().min(1).max(10_000).default(1_000),
  COMMIT_ROWS: z.coerce.number().int().min(100).max(100_000).default(10_000),
  /** Milliseconds between looks at the tip when no event wakes the crawler. */
  POLL_MS: z.coerce.number().int().min(50).max(60_000).default(1_000),
  /** After which eras the auction's state is asked for: all, those near the tip, none. */
  AUCTION_STATE: z.enum(AUCTION_MODES, 'must be every, latest or off').default('latest'),
  /** What becomes of a transaction whose content does not make its hash: `store` goes on with a warning. */
  UNPROVEN_TRANSACTIONS: z.enum(['refuse', 'store'], 'must be refuse or store').default('refuse'),
  /** Deepest tail, in blocks, that is given up for another chain that all nodes tell and its validators signed. */
  MAX_ROLLBACK: z.coerce.number().int().min(1).max(100_000).default(1_000),
  /** Milliseconds that a renewal of the right to write lasts; a crawler that died is succeeded after that. */
  LEASE_TTL_MS: z.coerce.number().int().min(500).max(600_000).default(15_000),
  /** Where /metrics, /healthz and /readyz answer; off without a port. */
  METRICS_PORT: z.coerce.number('must be a port').int().min(1).max(65_535).optional(),
  METRICS_HOST: z.string().default('127.0.0.1'),
  /** `pretty` on a terminal, else `json`. */
  LOG_FORMAT: z.enum(['json', 'pretty'], 'must be json or pretty').optional(),
})

export type CrawlerConfig = z.output<typeof schema>

/** What the crawl itself needs. @throws {ConfigError} */
export function parseConfig(env: Env): CrawlerConfig {
  const config = parseSettings(schema, env)
  if (toEdges(config).length > 0 && config.PURGE_TOKEN === undefined) {
    throw new ConfigError('PURGE_TOKEN is not set: the edges would refuse every announcement')
  }
  return config
}

/** Some settings alone, for commands that need no node. @throws {ConfigError} */
export function pickConfig<K extends keyof CrawlerConfig>(env: Env, ...names: K[]): Pick<CrawlerConfig, K> {
  const mask = Object.fromEntries(names.map((name) => [name, true])) as Record<K, true>
  return parseSettings(schema.pick(mask as never), env) as Pick<CrawlerConfig, K>
}

/** Every edge that is to be told, each once. */
export function toEdges({
  EDGE_URLS,
  PUBLIC_URL,
}: Pick<CrawlerConfig, 'EDGE_URLS' | 'PUBLIC_URL'>): readonly string[] {
  const origins = [...EDGE_URLS, ...(PUBLIC_URL === undefined ? [] : [PUBLIC_URL])].map(
    (url) => new URL(url).origin,
  )
  return [...new Set(origins)]
}
