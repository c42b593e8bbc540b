import { env } from 'cloudflare:workers'
import { createApp } from '../../app.ts'
import { parseConfig } from '../../config.ts'
import { connectPlanetScale } from '../../store/planetscale.ts'
import { createStoreReader } from '../../store/reader.ts'
import { createAssets } from './assets.ts'
import { background } from './background.ts'
import type { Bindings, EdgeCache } from './bindings.ts'
import { createAddressOf } from './conninfo.ts'
import { createEdgeTier } from './edge-tier.ts'
import { createKvTier } from './kv-tier.ts'
import { createPurgeZone } from './purge-zone.ts'
import { createSharedLimiter } from './shared-limiter.ts'

/*
 * The edge on Cloudflare Workers. Everything here lives as long as the isolate and serves all its requests: nothing of
 * a single request is kept.
 */

/** Entries that can change are looked up again in the data centre's cache after so long, since purges end there. */
const RECHECK = 30_000

const config = parseConfig(env)
const bindings = env as Bindings
const clock = { now: () => Date.now() }
const { VALUES, ASSETS } = bindings
const { default: edgeCache } = caches as unknown as { default: EdgeCache }
const { ZONE_ID: zoneId, PURGE_API_TOKEN: apiToken } = config
const purgeZone =
  zoneId !== undefined && apiToken !== undefined
    ? createPurgeZone({ zoneId, apiToken }, (url, init) => fetch(url, init))
    : undefined

const app = createApp<undefined>(
  {
    store: createStoreReader(
      connectPlanetScale({ url: config.GATEWAY_URL, timeoutMs: config.GATEWAY_TIMEOUT_MS }),
    ),
    tiers: [
      createEdgeTier({ origin: config.PUBLIC_URL, purgeZone }, edgeCache, clock),
      ...(VALUES ? [createKvTier(VALUES, clock)] : []),
    ],
    clock,
    background,
    recheck: RECHECK,
    addressOf: createAddressOf(config.TRUST_PROXY),
    shared: createSharedLimiter(bindings),
    write: (line) => console.error(line),
    ...(ASSETS && { assets: createAssets(ASSETS) }),
  },
  config,
)

export default { fetch: (request: Request) => app.fetch(request, undefined) }
