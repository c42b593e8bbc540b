import type { Tier } from '../../src/cache/cache.ts'
import type { Bindings, EdgeCache } from '../../src/platform/cloudflare/bindings.ts'
import { createEdgeTier } from '../../src/platform/cloudflare/edge-tier.ts'
import { createKvTier } from '../../src/platform/cloudflare/kv-tier.ts'
import { handle } from './tier-door.ts'

/** The tiers of Cloudflare inside workerd; for `tier.test.ts`. */

const clock = { now: () => Date.now() }
let tiers: Readonly<Record<string, Tier>> | undefined

export default {
  fetch(request: Request, bindings: Bindings): Promise<Response> {
    const { VALUES } = bindings
    if (VALUES === undefined) throw new Error('No KV is bound')
    const { default: cache } = caches as unknown as { default: EdgeCache }
    tiers ??= {
      edge: createEdgeTier({ origin: 'https://casper.example' }, cache, clock),
      kv: createKvTier(VALUES, clock),
    }
    return handle(tiers, request)
  },
}
