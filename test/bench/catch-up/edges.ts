import { rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { StoreDatabase } from '../../../scripts/mariadb-accounts.ts'
import { type Plan, toParts } from '../../../scripts/parts.ts'
import { findFreePorts } from '../../../scripts/ports.ts'
import { type Running, startPart } from '../../../scripts/processes.ts'
import { parseSettings, readSecrets } from '../../../scripts/settings.ts'

export interface BenchEdge {
  readonly name: 'workerd' | 'deno'
  readonly url: string
}

/** Both runtimes over one gateway, as `npm start` runs them. */
export interface Edges {
  readonly edges: readonly BenchEdge[]
  /** The crawler's, for telling them. */
  readonly purgeToken: string
  /** Lifts the limits. */
  readonly loadtestToken: string
  stop(): Promise<void>
}

/** @param nodeUrl of any node: with one, none is planned */
export async function startEdges(database: StoreDatabase, nodeUrl: string): Promise<Edges> {
  const folder = await mkdtemp(join(process.env.DATA_DIR ?? tmpdir(), 'casper-edges-'))
  const [gatewayPort = 0, workerdPort = 0, denoPort = 0] = await findFreePorts(3)
  const secrets = readSecrets(folder, {})
  const running: Running[] = []
  const removeNow = () => rmSync(folder, { recursive: true, force: true, maxRetries: 20 })
  process.once('exit', removeNow)
  const stop = async () => {
    for (const part of running.reverse()) await part.stop()
    process.off('exit', removeNow)
    await rm(folder, { recursive: true, force: true, maxRetries: 20 })
  }
  const start = async (name: 'gateway' | BenchEdge['name'], port: number) => {
    const dataDir = join(folder, name)
    await mkdir(join(dataDir, 'log'), { recursive: true })
    const env = { PORT: `${port}`, DATA_DIR: dataDir, CASPER_NODES: nodeUrl }
    const settings = parseSettings(env, name === 'deno' ? ['--deno'] : [])
    const plan: Plan = {
      settings,
      secrets,
      gatewayPort,
      ...database,
      nodePort: 0,
      eventsPort: 0,
      pricesPort: 0,
    }
    const part = toParts(plan).find((one) => one.name === (name === 'gateway' ? 'gateway' : 'edge'))
    if (part === undefined) throw new Error(`no part is called ${name}`)
    const started = await startPart(part)
    running.push(started)
    return started
  }
  try {
    await start('gateway', gatewayPort)
    const edges: BenchEdge[] = []
    for (const [name, port] of [
      ['workerd', workerdPort],
      ['deno', denoPort],
    ] as const) {
      const part = await start(name, port)
      const url = `http://127.0.0.1:${port}`
      await waitFor(url, part)
      edges.push({ name, url })
    }
    return { edges, purgeToken: secrets.purgeToken, loadtestToken: secrets.loadtestToken, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** A first start may compile for long on a machine that others use. */
const PATIENCE_MS = 120_000

async function waitFor(url: string, part: Running): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  let ended = false
  void part.exited.then(() => {
    ended = true
  })
  for (;;) {
    const isUp = await fetch(`${url}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isUp) return
    if (ended || performance.now() > until) throw new Error(`The edge does not answer: ${part.lastWords()}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}
