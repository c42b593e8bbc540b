import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { exitWithParent } from '../orphan.ts'
import type { Start } from './chain-state.ts'
import { createRecordedNode } from './node.ts'
import { loadRecording, type Shape } from './recording.ts'

const usage = `node crawler/devnet/main.ts [options]
  --chain DIR            recording to serve (default: chains/casper-upgrade beside this file)
  --shape SHAPE          sidecar or node-1x, where a recording has both
  --host HOST            address to listen on (default 127.0.0.1)
  --port P               port of /rpc (default: a free one)
  --events-port Q        port of /events (default: a free one)
  --start WHERE          height, or fraction such as 0.6, at which the chain stands at first (default: end)
  --pace SECONDS         a block every so many seconds (default 0: none)
  --state FILE           keeps the tip, so that the next run goes on where this one stopped
  --burst N              rate limit: calls at once for each address (default: no limit)
  --per-second N         rate limit: calls given back each second (default 1)`

const { values } = parseArgs({
  options: {
    chain: { type: 'string', default: join(import.meta.dirname, 'chains', 'casper-upgrade') },
    shape: { type: 'string' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '0' },
    'events-port': { type: 'string', default: '0' },
    start: { type: 'string', default: 'end' },
    pace: { type: 'string', default: '0' },
    state: { type: 'string' },
    burst: { type: 'string' },
    'per-second': { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})

function fail(message: string): never {
  console.error(`${message}\n\n${usage}`)
  process.exit(2)
}

function parseNumber(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0)) fail(`--${name} is ${JSON.stringify(text)}, not a number`)
  return value
}

/** A text with a point is a fraction, one without is a height: 1 is height 1, 1.0 the whole chain. */
function parseStart(text: string): Start {
  if (text === 'end') return 'end'
  const value = parseNumber('start', text)
  return text.includes('.') ? { fraction: value } : value
}

if (values.help) {
  console.log(usage)
  process.exit(0)
}
const { state, burst } = values
const shape = parseShape(values.shape)

function parseShape(given: string | undefined): Shape | undefined {
  if (given === undefined || given === 'sidecar' || given === 'node-1x') return given
  fail(`--shape is ${given}`)
}

function load() {
  try {
    return loadRecording(values.chain, shape === undefined ? {} : { shape })
  } catch (error) {
    fail(`--chain ${values.chain}: ${(error as Error).message}`)
  }
}

const recording = load()
const node = createRecordedNode({
  recording,
  host: values.host,
  start: parseStart(values.start),
  pace: parseNumber('pace', values.pace),
  ...(state !== undefined && { stateFile: state }),
  ...(burst !== undefined && {
    rateLimit: {
      burst: parseNumber('burst', burst),
      perSecond: parseNumber('per-second', values['per-second']),
    },
  }),
})

// Nothing is left half done by stopping at once: the tip is saved whenever it moves.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0))

exitWithParent(() => process.exit(0))

await node.listen(parseNumber('port', values.port), parseNumber('events-port', values['events-port']))
console.log(
  JSON.stringify({
    ready: true,
    chain: recording.name,
    shape: recording.shape,
    rpcUrl: node.rpcUrl,
    eventsUrl: node.eventsUrl,
    adminUrl: node.adminUrl,
    tip: node.tip(),
    lastHeight: recording.lastHeight,
  }),
)
