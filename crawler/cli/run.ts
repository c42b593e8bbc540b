import type { Clock } from '../../src/ports.ts'
import { openAnnouncementQueue } from '../../src/store/announcements.ts'
import { openLeaseTable } from '../../src/store/lease.ts'
import { PATIENCE } from '../../src/store/transaction.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import { type Announcer, createAnnouncer } from '../announce/announcer.ts'
import { type CrawlerConfig, parseConfig, toEdges } from '../config.ts'
import { crawl } from '../crawl/crawl.ts'
import { Wake } from '../crawl/wake.ts'
import { acquireLease, type Lease, toHolder } from '../lease.ts'
import { type Log, openLog } from '../log.ts'
import { type CrawlerMetrics, defineCrawler } from '../metrics/crawler.ts'
import { Health } from '../metrics/health.ts'
import { definePeers } from '../metrics/peers.ts'
import { defineProcess } from '../metrics/process.ts'
import { Registry } from '../metrics/registry.ts'
import { type ProbeServer, serveProbes } from '../metrics/server.ts'
import { followEvents } from '../node/events.ts'
import { systemClock } from '../node/pool/clock.ts'
import type { NodePool } from '../node/pool/contract.ts'
import { type PeerConfig, parsePeerConfig } from '../peers/config.ts'
import { checkLocations, openPeers } from '../peers/open.ts'
import type { Round } from '../peers/round.ts'
import { type PriceConfig, parsePriceConfig } from '../prices/config.ts'
import { openPrices } from '../prices/open.ts'
import { ConfigError } from '../settings.ts'
import { CommandError, EXIT, type Flags, type Given } from './command.ts'
import { explain } from './explain.ts'
import { openNodes } from './nodes.ts'
import { listenForStop, toPause } from './stop.ts'

export const flags: Flags = {}

/** What a stop waits for edges that answer; the queue keeps the rest. */
const LAST_WORDS = 2_000

/** What the parts of a run share. */
interface Run {
  readonly config: CrawlerConfig
  readonly priceConfig: PriceConfig
  readonly peerConfig: PeerConfig
  readonly log: Log
  readonly clock: Clock
  readonly health: Health
  readonly metrics: CrawlerMetrics
  readonly onPeers: (round: Round) => void
  /** For the metrics, which are asked for before and after the crawl too. */
  readonly held: { lease: Lease | null; announcer: Announcer | null; pool: NodePool | null }
}

/** Follows the chain until SIGTERM, as soon as no other crawler writes to the store. */
export async function run({ env }: Given): Promise<number> {
  const clock: Clock = { now: Date.now }
  const config = parseConfig(env)
  const priceConfig = parsePriceConfig(env)
  const peerConfig = parsePeerConfig(env)
  await checkLocations(peerConfig)
  const log = openLog(config.LOG_FORMAT, Boolean(env.CI), process.stdout, clock)
  const stop = listenForStop(() => log.warn('stopped in the middle', { reason: 'the store does not answer' }))
  const table = openLeaseTable(config.DATABASE_URL)
  const health = new Health(systemClock)
  const registry = new Registry()
  const held: Run['held'] = { lease: null, announcer: null, pool: null }
  const metrics = defineCrawler(
    registry,
    {
      holdsLease: () => held.lease?.isFresh() ?? false,
      pending: () => held.announcer?.pending() ?? [],
      states: () => held.pool?.states() ?? [],
    },
    health,
    systemClock.now,
  )
  const onPeers = definePeers(registry)
  defineProcess(registry)

  let probes: ProbeServer | null = null
  try {
    probes = await openProbes(config, { registry, health, reachStore: () => table.read() })
    if (probes !== null) log.info('answering probes', { url: probes.url })
    health.role = 'standby'
    const options = { holder: toHolder(), ttlMs: config.LEASE_TTL_MS, clock: systemClock, log }
    const lease = await acquireLease(table, options, stop.signal).catch(explain)
    if (lease !== null) {
      const run = { config, priceConfig, peerConfig, log, clock, health, metrics, onPeers, held }
      await runWithLease(run, lease, stop.signal)
    }
  } finally {
    stop.abort()
    health.role = 'stopping'
    await Promise.allSettled([probes?.close(), table.close()])
  }
  log.info('stopped')
  return EXIT.ok
}

async function runWithLease(run: Run, lease: Lease, stop: AbortSignal): Promise<void> {
  const { config, priceConfig, peerConfig, log, clock, health, metrics, onPeers, held } = run
  const signal = AbortSignal.any([stop, lease.lost])
  const edges = toEdges(config)
  const queue = openAnnouncementQueue(config.DATABASE_URL)
  const store = createStoreWriter(config.DATABASE_URL, {
    lease: lease.claim,
    onLeaseLost: (error) => lease.lose(error),
    announces: edges.length > 0,
    patience: { ...PATIENCE, pause: toPause(signal) },
  })
  const announcer = createAnnouncer({ urls: edges, token: config.PURGE_TOKEN ?? null }, queue, {
    log,
    clock: systemClock,
    random: Math.random,
    onAnswer: metrics.announced,
  })
  const pool = openNodes(config, log, metrics.rpc)
  const wake = new Wake()
  const ended = new AbortController()
  const events = config.CASPER_EVENTS.map((url) =>
    followEvents(
      url,
      (block) => {
        if (block !== null) pool.heard(block.height)
        wake.notify()
      },
      AbortSignal.any([signal, ended.signal]),
      { log },
    ),
  )
  const prices = openPrices(priceConfig, config.DATABASE_URL, {
    log,
    clock,
    announce: async (groups) => {
      if (edges.length > 0) await queue.raise(groups, 0)
      announcer.wake()
    },
  })
  const peers = openPeers(
    peerConfig,
    { databaseUrl: config.DATABASE_URL, announces: edges.length > 0 },
    { pool, log, clock, announce: () => announcer.wake() },
  )
  const whileCrawling = AbortSignal.any([signal, ended.signal])
  const keeping = Promise.all([prices.run(whileCrawling), peers.run(onPeers, whileCrawling)])
  Object.assign(held, { lease, announcer, pool })
  health.moved()
  health.role = 'crawling'

  log.info('crawling', { nodes: config.CASPER_NODES.map((url) => new URL(url).host).join(' ') })
  try {
    await crawl(
      {
        startHeight: config.START_HEIGHT,
        ahead: config.FETCH_AHEAD,
        maxBlocks: config.COMMIT_BLOCKS,
        maxRows: config.COMMIT_ROWS,
        pollMs: config.POLL_MS,
        maxRollback: config.MAX_ROLLBACK,
        auction: config.AUCTION_STATE,
        unproven: config.UNPROVEN_TRANSACTIONS,
      },
      {
        pool,
        store: metrics.store(store),
        announce: () => announcer.wake(),
        wake,
        log,
        clock,
        steady: systemClock,
      },
      signal,
    )
  } finally {
    health.role = 'stopping'
    ended.abort()
    await keeping
    await Promise.allSettled([store.close(), announcer.close(lease.lost.aborted ? 0 : LAST_WORDS)])
    // After the last write: who takes it over finds all of them.
    await lease.release()
    await Promise.allSettled([...events, prices.close(), peers.close(), queue.close(), pool.close()])
  }
  if (lease.lost.aborted) throw new CommandError((lease.lost.reason as Error).message)
}

async function openProbes(
  { METRICS_HOST: host, METRICS_PORT: port }: CrawlerConfig,
  ports: Parameters<typeof serveProbes>[1],
): Promise<ProbeServer | null> {
  if (port === undefined) return null
  try {
    return await serveProbes({ host, port }, ports)
  } catch (error) {
    throw new ConfigError(
      `METRICS_PORT: ${host}:${port} cannot be had (${(error as NodeJS.ErrnoException).code})`,
    )
  }
}
