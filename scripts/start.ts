import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { migrate } from '../src/store/migrate.ts'
import { ensureDebianPackage } from './apt.ts'
import { buildSite } from './build-site.ts'
import { checkChain } from './chain.ts'
import { type MariaDb, startMariaDb } from './mariadb.ts'
import { crawlerEnv, type Plan, toParts } from './parts.ts'
import { findFreePorts } from './ports.ts'
import { type Running, startPart } from './processes.ts'
import { createProgress } from './progress.ts'
import {
  checkPort,
  lockDataDir,
  parseSettings,
  readSecrets,
  type Settings,
  StartError,
  writeCrawlerEnv,
} from './settings.ts'
import { untilSilent } from './watch-edge.ts'

/*
 * `npm start`: the whole system on this machine until Ctrl-C. Store, migrations, recorded node with made-up prices (unless
 * CASPER_NODES names real ones), sql-gateway, edge and crawler, each a process of its own, stopped in the opposite order.
 */

const say = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const settings = parseSettings(process.env, process.argv.slice(2))
  const stop = new AbortController()
  const stopping = new Promise<void>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(), { once: true }),
  )
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort())
  watchParent(() => stop.abort())

  await checkPort(settings.port)
  const unlock = lockDataDir(settings.dataDir)
  const running: Running[] = []
  let server: MariaDb | null = null
  try {
    const stored = await openStore(settings)
    server = stored.server
    if (!stop.signal.aborted) await run(settings, stored, running, stop.signal, stopping)
  } finally {
    // Also where a part ended by itself: whatever still waits must not keep the process alive.
    stop.abort()
    if (running.length > 0) say('Stopping')
    for (const part of running.reverse()) await part.stop()
    await server?.stop()
    unlock()
  }
}

interface Store {
  readonly server: MariaDb | null
  readonly writerUrl: string
  readonly readerUrl: string
}

/** The store that DATABASE_URL names, or a private MariaDB; with the newest schema either way. */
async function openStore(settings: Settings): Promise<Store> {
  const { databaseUrl, dataDir } = settings
  const site = buildSite(say)
  if (databaseUrl !== '') {
    // A SELECT-only account of an operator's own store is given as GATEWAY_DATABASE_URL; the gateway checks either way.
    const readerUrl = process.env.GATEWAY_DATABASE_URL || databaseUrl
    await migrate(databaseUrl).catch((error) => {
      throw new StartError(`DATABASE_URL: ${error instanceof Error ? error.message : error}`)
    })
    await site
    return { server: null, writerUrl: databaseUrl, readerUrl }
  }
  await ensureDebianPackage({ command: 'mariadbd', packages: ['mariadb-server'], log: say })
  say('Starting MariaDB')
  const server = await startMariaDb({ dataDir: join(dataDir, 'mariadb') })
  try {
    const { writerUrl, readerUrl } = await server.createDatabase('casper_metrics')
    await migrate(writerUrl)
    await site
    return { server, writerUrl, readerUrl }
  } catch (error) {
    await server.stop()
    throw error
  }
}

async function run(
  settings: Settings,
  store: Store,
  running: Running[],
  signal: AbortSignal,
  stopping: Promise<void>,
): Promise<void> {
  const isChecked = await checkChain(settings.dataDir, store.writerUrl)
  const [gatewayPort = 0, nodePort = 0, eventsPort = 0, pricesPort = 0] = await findFreePorts(4)
  const plan: Plan = {
    settings,
    ...store,
    gatewayPort,
    nodePort,
    eventsPort,
    pricesPort,
    secrets: readSecrets(settings.dataDir, process.env),
  }
  mkdirSync(join(settings.dataDir, 'log'), { recursive: true })
  const url = `http://127.0.0.1:${settings.port}`
  const progress = createProgress(process.stdout)

  const parts = toParts(plan)
  const forget = writeCrawlerEnv(settings.dataDir, crawlerEnv(plan))
  signal.addEventListener('abort', forget, { once: true })
  const readers: Readonly<Record<string, (line: string) => void>> = {
    crawler: progress.read,
    node: progress.readNode,
  }
  for (const part of parts) {
    running.push(await startPart({ ...part, onLine: readers[part.name] ?? (() => {}) }))
  }
  const failEarly = (sentence: string) => {
    if (!signal.aborted) throw new StartError(sentence)
  }
  const failure = Promise.race([
    ...running.map(async (part) => {
      const code = await part.exited
      failEarly(`The ${part.name} ended (${code}): ${part.lastWords() || 'it said nothing'}`)
    }),
    ...(store.server ? [store.server.exited.then(() => failEarly('MariaDB ended by itself.'))] : []),
  ])
  // Handled below in each race; while none is awaited it must not count as unhandled.
  failure.catch(() => {})
  await Promise.race([isAnswering(url, signal), failure, stopping])
  if (!signal.aborted && !isChecked) await checkChain(settings.dataDir, store.writerUrl)
  if (!signal.aborted) progress.announce(`Casper Metrics answers at ${url} (Ctrl-C stops it)`)
  await Promise.race([failure, stopping, untilSilent(url, signal).then(() => failEarly(SILENT_EDGE))])
  progress.end()
}

const SILENT_EDGE = 'The edge does not answer any more: see log/edge.log in the data directory.'

/** Resolves when the API serves blocks, or when stopped. */
async function isAnswering(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(`${url}/v1/status`, { signal: AbortSignal.timeout(2_000) })
      const status = (await response.json()) as { indexed?: unknown }
      if (response.ok && status.indexed) return
    } catch {
      // Not yet.
    }
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

/** npm killed outright would leave us behind: whoever started us being gone means stop. */
function watchParent(onGone: () => void): void {
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) onGone()
  }, 1_000).unref()
}

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`)
  process.exitCode = 1
}
