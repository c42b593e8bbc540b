import { SITE_HEADERS } from '../../api/site-headers.ts'
import { createApp } from '../../app.ts'
import { ConfigError, parseConfig } from '../../config.ts'
import { connectPlanetScale } from '../../store/planetscale.ts'
import { createStoreReader } from '../../store/reader.ts'
import { createAssets } from './assets.ts'
import { createBackground } from './background.ts'
import { compress } from './compress.ts'
import { createAddressOf } from './conninfo.ts'
import { createEdgeTier } from './edge-tier.ts'
import { createKvTier } from './kv-tier.ts'
import { withGrownBuffers } from './write-buffer.ts'

/* The edge under Deno: `npm run edge:deno`. */

const MB = 1_048_576

try {
  await main()
} catch (error) {
  if (!(error instanceof ConfigError)) throw error
  console.error(error.message)
  Deno.exit(2)
}

async function main(): Promise<void> {
  const config = parseConfig(Deno.env.toObject())
  const clock = { now: () => Date.now() }
  const background = createBackground()
  Deno.mkdirSync(config.DATA_DIR, { recursive: true })
  const path = `${config.DATA_DIR}/edge.kv`
  const kv = await orRefuse(Deno.openKv(path), path)
  const store = createStoreReader(
    connectPlanetScale({ url: config.GATEWAY_URL, timeoutMs: config.GATEWAY_TIMEOUT_MS }),
  )
  const app = createApp(
    {
      store,
      tiers: [
        await orRefuse(createEdgeTier(caches, 'history'), 'web_cache in DENO_DIR'),
        createKvTier(config.DISK_MB * MB, { kv, clock, background }),
      ],
      clock,
      background,
      addressOf: createAddressOf(config.TRUST_PROXY),
      write: (line) => console.error(line),
      assets: await createAssets(config.SITE_DIR, SITE_HEADERS),
      means: { compress, canClone: true },
    },
    config,
  )
  const server = Deno.serve(
    {
      port: config.PORT,
      hostname: config.HOST,
      onListen: ({ hostname, port }) => console.log(`Edge listens on http://${hostname}:${port}`),
    },
    withGrownBuffers(app.fetch),
  )

  const stop = async () => {
    await server.shutdown()
    await background.settle()
    kv.close()
    Deno.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    Deno.addSignalListener(signal, () => void stop())
  }
  // Under `npm start`, whose supervisor may be killed outright: being adopted by another process is how that shows, by the
  // first of all where it came before this one was awake. Between the two is npm, so that nobody else starts it.
  if (config.EXIT_WITH_PARENT !== undefined) {
    const parent = Deno.ppid
    setInterval(() => (parent === 1 || Deno.ppid !== parent) && void stop(), 1_000)
  }
}

/** A file of ours that no cache can be read from. Nothing in it is lost by removing it: it is filled from the store. */
async function orRefuse<T>(opened: Promise<T>, place: string): Promise<T> {
  try {
    return await opened
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new ConfigError(`The cache cannot be opened (${reason}): remove ${place}; it fills itself again.`)
  }
}
