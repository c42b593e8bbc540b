import { parseArgs } from 'node:util'
import { exitWithParent } from '../../orphan.ts'
import { createGeneratedChain, type GeneratedChain } from './chain.ts'
import type { SignersOf } from './finality.ts'
import { createGeneratedNode } from './node.ts'

const usage = `node crawler/devnet/generated/main.ts [options]
  --blocks N             blocks of the chain at first, genesis included (default 1000)
  --transfers N          native transfers in each block (default 0)
  --generation G         1, 2 (default), or upgrade
  --upgrade-at H         first height of 2.x, with --generation upgrade (default: in the middle)
  --validators N         (default 5)
  --delegators N         delegators of each validator (default 3)
  --era N                blocks of an era (default 20)
  --accounts N           accounts that send and receive (default 200)
  --signers WHO          all (default), enough, none, forged, or a share of the weight such as 0.5
  --effects LENGTH       full (default): as long as a real node's; short: only what is read
  --seed N               (default 1)
  --network NAME         (default casper-generated)
  --block-time MS        between blocks (default 8000)
  --fork FROM            a fork from that height; it is served with --serve 1
  --serve TAIL           0 (default): the chain itself; 1: the fork
  --delay MS             by which every answer is late (default 0)
  --lowest H             lowest height that the node holds (default 0)
  --shape SHAPE          sidecar or node-1x (default: node-1x for generation 1)
  --pace SECONDS         a block every so many seconds (default 0: none)
  --host HOST            address to listen on (default 127.0.0.1)
  --port P               port of /rpc (default: a free one)
  --events-port Q        port of /events (default: a free one)`

const text = (value: string) => ({ type: 'string', default: value }) as const
const { values } = parseArgs({
  options: {
    blocks: text('1000'),
    transfers: text('0'),
    generation: text('2'),
    'upgrade-at': { type: 'string' },
    validators: text('5'),
    delegators: text('3'),
    era: text('20'),
    accounts: text('200'),
    signers: text('all'),
    effects: text('full'),
    seed: text('1'),
    network: text('casper-generated'),
    'block-time': text('8000'),
    fork: { type: 'string' },
    serve: text('0'),
    delay: text('0'),
    lowest: text('0'),
    shape: { type: 'string' },
    pace: text('0'),
    host: text('127.0.0.1'),
    port: text('0'),
    'events-port': text('0'),
    help: { type: 'boolean', default: false },
  },
})

function fail(message: string): never {
  console.error(`${message}\n\n${usage}`)
  process.exit(2)
}

function parseNumber(name: string, given: string | undefined): number {
  const value = Number(given)
  if (given?.trim() === '' || !(value >= 0)) fail(`--${name} is ${JSON.stringify(given)}, not a number`)
  return value
}

function parseOne<T extends string>(name: string, given: string | undefined, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === given)
  return found ?? fail(`--${name} is ${given}, not one of ${allowed.join(', ')}`)
}

if (values.help) {
  console.log(usage)
  process.exit(0)
}
const blocks = parseNumber('blocks', values.blocks)
if (blocks < 1) fail('--blocks is less than 1')

function parseGeneration() {
  const generation = parseOne('generation', values.generation, ['1', '2', 'upgrade'])
  if (generation !== 'upgrade') return generation === '1' ? 1 : 2
  return { upgradeAt: parseNumber('upgrade-at', values['upgrade-at'] ?? `${Math.max(2, blocks >> 1)}`) }
}

function parseSigners(given: string): SignersOf {
  if (/^[01](\.\d+)?$/.test(given)) return Number(given)
  return parseOne('signers', given, ['all', 'enough', 'none', 'forged'] as const)
}

function create(): GeneratedChain {
  try {
    return createGeneratedChain({
      network: values.network,
      seed: parseNumber('seed', values.seed),
      generation: parseGeneration(),
      validators: parseNumber('validators', values.validators),
      delegatorsPerValidator: parseNumber('delegators', values.delegators),
      blocksPerEra: parseNumber('era', values.era),
      transfersPerBlock: parseNumber('transfers', values.transfers),
      accounts: parseNumber('accounts', values.accounts),
      blockTime: parseNumber('block-time', values['block-time']),
      signers: parseSigners(values.signers),
      effects: parseOne('effects', values.effects, ['full', 'short']),
      forks: values.fork === undefined ? [] : [{ from: parseNumber('fork', values.fork), seed: 1 }],
    })
  } catch (error) {
    fail((error as Error).message)
  }
}

const chain = create()
const node = createGeneratedNode({
  chain,
  tip: blocks - 1,
  delayMs: parseNumber('delay', values.delay),
  lowest: parseNumber('lowest', values.lowest),
  fork: parseNumber('serve', values.serve),
  pace: parseNumber('pace', values.pace),
  host: values.host,
  ...(values.shape !== undefined && { shape: parseOne('shape', values.shape, ['sidecar', 'node-1x']) }),
})

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))
exitWithParent(() => process.exit(0))

await node.listen(parseNumber('port', values.port), parseNumber('events-port', values['events-port']))
console.log(
  JSON.stringify({
    ready: true,
    chain: chain.rules.network,
    shape: node.shape,
    rpcUrl: node.rpcUrl,
    eventsUrl: node.eventsUrl,
    tip: node.tip(),
  }),
)
