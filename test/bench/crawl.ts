import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { startMariaDb } from '../../scripts/mariadb.ts'
import { migrate } from '../../src/store/migrate.ts'

/*
 * First crawl of a recorded chain: recorded node, crawler and MariaDB as separate processes on this machine. Counts from
 * the first commit's fetch to the last commit, start-up of the programs left out.
 */

const CHAINS = [
  'crawler/devnet/chains/casper-upgrade',
  'test/fixtures/recordings/casper-1x',
  'test/fixtures/recordings/casper-2x',
]

/** As `npm run crawl` sets them. */
const HEAP = ['--max-semi-space-size=16', '--max-old-space-size=256']

interface Line {
  readonly time: string
  readonly event: string
  readonly height?: number
  readonly tip?: number
}

function start(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [...HEAP, script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { child, lines: createInterface({ input: child.stdout }) }
}

/** @returns blocks a second, and the crawler's peak memory in MB */
export async function benchCrawl(
  chain: string,
  databaseUrl: string,
): Promise<{ blocks: number; perSecond: number; memory: number }> {
  const node = start('crawler/devnet/main.ts', ['--chain', chain])
  const ready = await new Promise<{ rpcUrl: string }>((resolve) =>
    node.lines.once('line', (line) => resolve(JSON.parse(line))),
  )
  const crawler = start('crawler/main.ts', [], {
    CASPER_NODES: ready.rpcUrl,
    DATABASE_URL: databaseUrl,
    // As `npm start` sets them.
    NODE_CONNECTIONS: '2',
    NODE_PIPELINE: '32',
  })
  let began = 0
  let memory = 0
  const result = await new Promise<{ blocks: number; perSecond: number }>((resolve) => {
    crawler.lines.on('line', (text) => {
      const line = JSON.parse(text) as Line
      if (line.event === 'crawling') began = Date.parse(line.time)
      if (line.event !== 'committed' || line.height === undefined || line.height !== line.tip) return
      const seconds = (Date.parse(line.time) - began) / 1000
      resolve({ blocks: line.height + 1, perSecond: Math.round((line.height + 1) / seconds) })
    })
  })
  memory = await readPeak(crawler.child.pid ?? 0)
  for (const { child } of [crawler, node]) {
    child.kill('SIGTERM')
    await new Promise((resolve) => child.once('exit', resolve))
  }
  return { ...result, memory }
}

async function readPeak(pid: number): Promise<number> {
  const { readFile } = await import('node:fs/promises')
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024)
}

if (process.argv[1] === import.meta.filename) {
  const folder = await mkdtemp(join(tmpdir(), 'casper-bench-'))
  const server = await startMariaDb({ dataDir: join(folder, 'data') })
  try {
    for (const [i, chain] of CHAINS.entries()) {
      const { writerUrl } = await server.createDatabase(`bench${i}`)
      await migrate(writerUrl)
      const { blocks, perSecond, memory } = await benchCrawl(chain, writerUrl)
      console.log(`${chain}: ${blocks} blocks at ${perSecond} a second, crawler's peak memory ${memory} MB`)
    }
  } finally {
    await server.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
