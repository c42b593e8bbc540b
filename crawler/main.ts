import { createStoreWriter } from '../src/store/writer.ts'
import { createAnnouncer } from './announce.ts'
import { ConfigError, parseConfig } from './config.ts'
import { crawl, WrongChainError } from './crawl/crawl.ts'
import { Wake } from './crawl/wake.ts'
import { createLog, toReason } from './log.ts'
import { followEvents } from './node/events.ts'
import { CasperNode } from './node/node.ts'
import { createRpc } from './node/rpc.ts'
import { exitWithParent } from './orphan.ts'

/** Largest answer read from a node: mainnet's auction states reach tens of megabytes. */
const MAX_ANSWER = 128 * 1024 * 1024

async function main(): Promise<void> {
  const log = createLog()
  const config = parseConfig(process.env)
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort())
  exitWithParent(() => stop.abort())

  const nodes = config.CASPER_NODES.map(
    (url) =>
      new CasperNode(
        createRpc({
          url,
          connections: config.NODE_CONNECTIONS,
          pipeline: config.NODE_PIPELINE,
          timeoutMs: config.NODE_TIMEOUT_MS,
          maxBytes: MAX_ANSWER,
        }),
      ),
  )
  const store = createStoreWriter(config.DATABASE_URL)
  const announcer = createAnnouncer(
    { url: config.PUBLIC_URL ?? null, token: config.PURGE_TOKEN ?? null },
    log,
  )
  const wake = new Wake()
  const events = config.CASPER_EVENTS.map((url) => followEvents(url, () => wake.notify(), stop.signal))

  log.info('crawling', { nodes: config.CASPER_NODES.map((url) => new URL(url).host).join(' ') })
  try {
    await crawl(
      {
        startHeight: config.START_HEIGHT,
        ahead: config.FETCH_AHEAD,
        maxBlocks: config.COMMIT_BLOCKS,
        maxRows: config.COMMIT_ROWS,
        pollMs: config.POLL_MS,
      },
      { nodes, store, announce: (groups) => announcer.announce(groups), wake, log, clock: { now: Date.now } },
      stop.signal,
    )
  } finally {
    stop.abort()
    await Promise.allSettled([
      ...events,
      announcer.settle(),
      store.close(),
      ...nodes.map(({ rpc }) => rpc.close()),
    ])
  }
  log.info('stopped')
}

try {
  await main()
} catch (error) {
  const isSaid = error instanceof ConfigError || error instanceof WrongChainError
  process.stderr.write(`${isSaid ? error.message : toReason(error)}\n`)
  process.exitCode = 1
}
