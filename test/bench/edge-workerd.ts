import { createApp } from '../../src/app.ts'
import { parseConfig } from '../../src/config.ts'
import { background } from '../../src/platform/cloudflare/background.ts'
import type { Bindings, EdgeCache } from '../../src/platform/cloudflare/bindings.ts'
import { createAddressOf } from '../../src/platform/cloudflare/conninfo.ts'
import { createEdgeTier } from '../../src/platform/cloudflare/edge-tier.ts'
import { createKvTier } from '../../src/platform/cloudflare/kv-tier.ts'
import { createBenchStore, settings } from './edge-chain.ts'

/** Under workerd: the edge as `worker.ts` puts it together, over arrays. */

const clock = { now: () => Date.now() }
let app: ReturnType<typeof start> | undefined

function start({ VALUES }: Bindings) {
  const { default: cache } = (globalThis as unknown as { caches: { default: EdgeCache } }).caches
  const tiers = [
    createEdgeTier({ origin: 'https://casper.example' }, cache, clock),
    ...(VALUES ? [createKvTier(VALUES, clock)] : []),
  ]
  const write = (line: string) => console.error(line)
  const store = createBenchStore()
  return createApp<undefined>(
    { store, tiers, clock, background, recheck: 30_000, addressOf: createAddressOf('cloudflare'), write },
    parseConfig(settings),
  )
}

export default {
  fetch(request: Request, bindings: Bindings) {
    app ??= start(bindings)
    return app.fetch(request, undefined)
  },
}
