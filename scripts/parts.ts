import { join } from 'node:path'
import { SAMPLE_SINCE } from '../crawler/devnet/prices/made-up.ts'
import { toIso } from '../src/domain/time.ts'
import type { Part } from './processes.ts'
import type { Secrets, Settings } from './settings.ts'

/** Everything that the parts need to know of each other. */
export interface Plan {
  readonly settings: Settings
  readonly secrets: Secrets
  readonly writerUrl: string
  readonly readerUrl: string
  readonly gatewayPort: number
  readonly nodePort: number
  readonly eventsPort: number
  readonly pricesPort: number
}

const GATEWAY_USER = 'edge'

/** A part whose supervisor was killed outright ends by itself; also where that came before the part was awake. */
const ORPHANS_END = { EXIT_WITH_PARENT: `${process.pid}` }

/** The processes of the system, in the order in which they are started; they are stopped in the opposite one. */
export function toParts(plan: Plan): Omit<Part, 'onLine'>[] {
  const { settings } = plan
  const named = (name: string) => ({ name, logFile: join(settings.dataDir, 'log', `${name}.log`) })
  const node = (script: string, args: readonly string[], env: Readonly<Record<string, string>>) => ({
    command: process.execPath,
    args: [script, ...args],
    env: { ...env, ...ORPHANS_END },
  })
  return [
    ...(settings.casperNodes === '' ? [{ ...named('node'), ...recordedNode(plan, node) }] : []),
    ...(hasSamplePrices(settings)
      ? [
          {
            ...named('prices'),
            ...node('crawler/devnet/prices/main.ts', ['--port', `${plan.pricesPort}`], {}),
          },
        ]
      : []),
    {
      ...named('gateway'),
      ...node('crawler/sql-gateway/main.ts', [], {
        GATEWAY_DATABASE_URL: plan.readerUrl,
        GATEWAY_USER,
        GATEWAY_PASSWORD: plan.secrets.gatewayPassword,
        GATEWAY_PORT: `${plan.gatewayPort}`,
      }),
    },
    { ...named('edge'), ...edge(plan) },
    { ...named('crawler'), ...crawler(plan) },
  ]
}

type NodeCommand = (
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) => Pick<Part, 'command' | 'args' | 'env'>

function recordedNode({ settings, nodePort, eventsPort }: Plan, node: NodeCommand) {
  const { demo, dataDir } = settings
  const options = {
    ...(demo.chain !== null && { '--chain': demo.chain }),
    '--port': `${nodePort}`,
    '--events-port': `${eventsPort}`,
    '--start': demo.start,
    '--pace': demo.pace,
    '--state': join(dataDir, 'recorded-node.json'),
  }
  return node('crawler/devnet/main.ts', Object.entries(options).flat(), {})
}

/** Made-up prices go with the recorded chain alone, and not where an operator has named real sources. */
function hasSamplePrices({ casperNodes, priceSources }: Settings): boolean {
  return casperNodes === '' && priceSources === ''
}

/**
 * Options of Node itself; a test holds package.json and the image to this list. Small generations: V8 would let garbage of a
 * fast catch-up grow to 450 MB before it looks. And V8 begins with a small limit for old objects, and marks the whole heap
 * five times in the first second and a half of a crawl for it: 15 to 20 % of a first crawl.
 */
export const CRAWLER_HEAP = [
  '--min-semi-space-size=16',
  '--max-semi-space-size=16',
  '--initial-old-space-size=96',
  '--max-old-space-size=256',
]

function crawler(plan: Plan): Pick<Part, 'command' | 'args' | 'env'> {
  return {
    command: process.execPath,
    args: [...CRAWLER_HEAP, 'crawler/main.ts'],
    env: { ...crawlerEnv(plan), ...ORPHANS_END },
  }
}

export function crawlerEnv(plan: Plan): Record<string, string> {
  const { settings, secrets, writerUrl, nodePort, eventsPort, pricesPort } = plan
  const isRecorded = settings.casperNodes === ''
  return {
    CASPER_NODES: isRecorded ? `http://127.0.0.1:${nodePort}/rpc` : settings.casperNodes,
    // A 1.x node has its blocks under /events/main, a 2.x one under /events; the one that is not there stays silent.
    CASPER_EVENTS: isRecorded
      ? ['/events', '/events/main'].map((path) => `http://127.0.0.1:${eventsPort}${path}`).join(',')
      : settings.casperEvents,
    // The recorded node is on this host and does one thing at a time: few connections, full of questions. The peers that
    // it names were on one host too, and are gone.
    ...(isRecorded ? { NODE_CONNECTIONS: '2', NODE_PIPELINE: '32', PEERS_EVERY_SECONDS: '0' } : {}),
    DATABASE_URL: writerUrl,
    START_HEIGHT: settings.startHeight,
    PUBLIC_URL: `http://127.0.0.1:${settings.port}`,
    PURGE_TOKEN: secrets.purgeToken,
    ...(hasSamplePrices(settings) && {
      PRICE_SOURCES: 'sample',
      PRICE_SINCE: toIso(SAMPLE_SINCE),
      SAMPLE_PRICES_URL: `http://127.0.0.1:${pricesPort}`,
    }),
  }
}

/** The same app in either runtime, told by the same variables. */
function edge({ settings, secrets, gatewayPort }: Plan): Pick<Part, 'command' | 'args' | 'env'> {
  const env = {
    PORT: `${settings.port}`,
    HOST: '127.0.0.1',
    DATA_DIR: settings.dataDir,
    GATEWAY_URL: `http://${GATEWAY_USER}:${secrets.gatewayPassword}@127.0.0.1:${gatewayPort}`,
    PURGE_TOKEN: secrets.purgeToken,
    LOADTEST_TOKEN: secrets.loadtestToken,
    ...ORPHANS_END,
  }
  const script = settings.edge === 'deno' ? 'edge:deno' : 'edge'
  return { command: 'npm', args: ['run', '--silent', script], env }
}
