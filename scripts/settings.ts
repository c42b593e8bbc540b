import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { isPortFree } from './ports.ts'

/** A sentence for the person at the terminal; the program ends with it. */
export class StartError extends Error {
  override readonly name = 'StartError'
}

export interface Settings {
  readonly port: number
  readonly dataDir: string
  /** Empty: the recorded node is started. */
  readonly casperNodes: string
  readonly casperEvents: string
  /** Empty: a private MariaDB is started. */
  readonly databaseUrl: string
  readonly startHeight: string
  readonly edge: 'workerd' | 'deno'
  /** Empty: beside the recorded node the feed of made-up prices is started, beside real ones nobody is asked. */
  readonly priceSources: string
  readonly demo: { readonly chain: string | null; readonly start: string; readonly pace: string }
}

/** Reads what `npm start` itself needs; each part checks its own settings. @throws {StartError} */
export function parseSettings(
  env: Readonly<Record<string, string | undefined>>,
  args: readonly string[],
): Settings {
  const port = Number(env.PORT || 8787)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new StartError(`PORT must be a port number from 1 to 65535, not ${JSON.stringify(env.PORT)}.`)
  }
  const pace = env.DEMO_PACE || '4'
  if (!(Number(pace) >= 0)) throw new StartError(`DEMO_PACE must be a number of seconds, not "${pace}".`)
  const start = env.DEMO_START || '0.6'
  if (!(Number(start) >= 0)) {
    throw new StartError(`DEMO_START must be a share of the chain from 0 to 1, or a height, not "${start}".`)
  }
  const chain = env.DEMO_CHAIN || null
  if (chain !== null && !existsSync(join(chain, 'chain.json'))) {
    throw new StartError(
      `DEMO_CHAIN must be the folder of a recorded chain (with a chain.json), not "${chain}".`,
    )
  }
  return {
    port,
    dataDir: resolve(env.DATA_DIR || '.data'),
    casperNodes: env.CASPER_NODES ?? '',
    casperEvents: env.CASPER_EVENTS ?? '',
    databaseUrl: env.DATABASE_URL ?? '',
    startHeight: env.START_HEIGHT ?? '',
    edge: args.includes('--deno') ? 'deno' : 'workerd',
    priceSources: env.PRICE_SOURCES ?? '',
    demo: { chain, start, pace },
  }
}

/** @throws {StartError} */
export async function checkPort(port: number): Promise<void> {
  if (!(await isPortFree(port))) {
    throw new StartError(
      `Port ${port} is taken: set PORT to a free one, for example PORT=${port + 1} npm start.`,
    )
  }
}

/**
 * Takes the data directory for this process; two copies on one would fight over its files.
 * @returns gives it back
 * @throws {StartError}
 */
export function lockDataDir(dataDir: string): () => void {
  try {
    makeFolder(dataDir)
  } catch (error) {
    throw new StartError(
      `DATA_DIR ${dataDir} cannot be made: ${error instanceof Error ? error.message : error}.`,
    )
  }
  const file = join(dataDir, 'start.pid')
  const owner = existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0
  if (owner > 0 && owner !== process.pid && isStartProcess(owner)) {
    throw new StartError(
      `Another copy (process ${owner}) runs on ${dataDir}: stop it, or set DATA_DIR and PORT.`,
    )
  }
  writeFileSync(file, `${process.pid}`)
  return () => rmSync(file, { force: true })
}

/** As `mkdir -p`. Node's own never ends under /proc, where a folder is refused for not being there. */
function makeFolder(path: string): void {
  if (existsSync(path)) return
  makeFolder(dirname(path))
  mkdirSync(path)
}

/** A process id may have been given to another program since. */
function isStartProcess(pid: number): boolean {
  try {
    process.kill(pid, 0)
    const commandLine = `/proc/${pid}/cmdline`
    return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('start.ts')
  } catch {
    return false
  }
}

export interface Secrets {
  readonly purgeToken: string
  readonly gatewayPassword: string
  readonly loadtestToken: string
}

/** Made once for a data directory, readable by its owner alone. The environment's own values go first. */
export function readSecrets(dataDir: string, env: Readonly<Record<string, string | undefined>>): Secrets {
  const file = join(dataDir, 'secrets.json')
  const made = existsSync(file)
    ? parseSecrets(file)
    : { purgeToken: secret(), gatewayPassword: secret(), loadtestToken: secret() }
  writeFileSync(file, JSON.stringify(made), { mode: 0o600 })
  return {
    purgeToken: env.PURGE_TOKEN || made.purgeToken,
    gatewayPassword: env.GATEWAY_PASSWORD || made.gatewayPassword,
    loadtestToken: env.LOADTEST_TOKEN || made.loadtestToken,
  }
}

/**
 * Keeps the environment of the running crawler for its commands (`npm run crawler`), readable by its owner alone.
 * @returns takes it away
 */
export function writeCrawlerEnv(dataDir: string, env: Readonly<Record<string, string>>): () => void {
  const file = join(dataDir, 'crawler.env')
  const lines = Object.entries(env).filter(([, value]) => value !== '')
  writeFileSync(file, lines.map(([name, value]) => `${name}='${value}'\n`).join(''), { mode: 0o600 })
  return () => rmSync(file, { force: true })
}

function parseSecrets(file: string): Secrets {
  let read: Partial<Secrets> | null = null
  try {
    read = JSON.parse(readFileSync(file, 'utf8')) as Partial<Secrets> | null
  } catch {
    // Said below.
  }
  const { purgeToken, gatewayPassword, loadtestToken } = read ?? {}
  if (purgeToken && gatewayPassword && loadtestToken) return { purgeToken, gatewayPassword, loadtestToken }
  throw new StartError(`${file} does not hold the three secrets: remove it, and new ones are made.`)
}

function secret(): string {
  return randomBytes(24).toString('base64url')
}
