import { createBackground } from '../../src/platform/deno/background.ts'
import { createEdgeTier } from '../../src/platform/deno/edge-tier.ts'
import { createKvTier } from '../../src/platform/deno/kv-tier.ts'
import { handle } from './tier-door.ts'

/** The tiers of Deno inside Deno; for `tier.test.ts`. Says its port on the first line. */

const { KV_PATH = ':memory:', CACHE_NAME = 'test' } = Deno.env.toObject()
const tiers = {
  edge: await createEdgeTier(caches, CACHE_NAME),
  kv: createKvTier(100_000_000, {
    kv: await Deno.openKv(KV_PATH),
    clock: { now: () => Date.now() },
    background: createBackground(),
  }),
}
Deno.serve(
  { port: 0, hostname: '127.0.0.1', onListen: ({ port }) => console.log(`listening on ${port}`) },
  (request) => handle(tiers, request),
)
