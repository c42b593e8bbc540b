import { hasWrk, type Load, load, type Pattern } from './edge-load.ts'
import { type Server, startDeno, startWorkerd } from './edge-servers.ts'

/*
 * `npm run bench`: the edge against hello world of the same runtime, in one interleaved run, since the machine is never
 * ours alone. The ratio of processor time is the steadier of the two figures; the targets are of requests a second.
 * ROUNDS and SECONDS change how long it takes.
 */

const ROUNDS = Number(process.env.ROUNDS ?? 7)
const SECONDS = Number(process.env.SECONDS ?? 2)
/** Until the engine has compiled what is hot: on busy cores that takes seconds. */
const WARM_UP = 10

interface Case {
  readonly name: string
  readonly server: Server
  readonly pattern: Pattern
  /** Against which case, and the ratio that is asked for. */
  readonly against?: { readonly name: string; readonly target: number }
}

interface Sample {
  readonly perSecond: number
  /** Microseconds of processor time for one request. */
  readonly cpu: number
}

async function main(): Promise<void> {
  if (!hasWrk) console.log('wrk is not installed (apt-get install wrk): measured with a client of Node.')
  const cases = await startAll()
  try {
    const samples = new Map<Case, Sample[]>(cases.map((one) => [one, []]))
    for (const one of cases) await measure(one, WARM_UP)
    for (let round = 0; round < ROUNDS; round++) {
      for (const one of cases) samples.get(one)?.push(await measure(one, SECONDS))
    }
    report(samples)
  } finally {
    for (const { server } of cases) server.stop()
  }
}

async function startAll(): Promise<Case[]> {
  const denoHello = await startDeno('hello')
  const denoEdge = await startDeno('edge')
  const workerdHello = await startWorkerd('hello')
  const workerdEdge = await startWorkerd('edge')
  const deno = (target: number) => ({ name: 'deno hello', target })
  const workerd = (target: number) => ({ name: 'workerd hello', target })
  return [
    { name: 'deno hello', server: denoHello, pattern: 'same' },
    { name: 'deno same block', server: denoEdge, pattern: 'same', against: deno(0.5) },
    { name: 'deno random block', server: denoEdge, pattern: 'random', against: deno(0.3) },
    { name: 'workerd hello', server: workerdHello, pattern: 'same' },
    { name: 'workerd same block', server: workerdEdge, pattern: 'same', against: workerd(0.8) },
    { name: 'workerd random block', server: workerdEdge, pattern: 'random', against: workerd(0.5) },
  ]
}

async function measure({ name, server, pattern }: Case, seconds: number): Promise<Sample> {
  const before = server.cpu()
  const result: Load = await load(server.port, pattern, seconds)
  const cpu = ((server.cpu() - before) * 1e6) / result.requests
  if (result.failures > 0) throw new Error(`${name}: ${result.failures} answers were not 200`)
  return { perSecond: result.perSecond, cpu }
}

function report(samples: ReadonlyMap<Case, readonly Sample[]>): void {
  console.log('| case | requests/s | best | µs of CPU | best | ratio of requests | ratio of CPU | target |')
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
  const find = (name: string) => [...samples].find(([one]) => one.name === name)?.[1] ?? []
  for (const [{ name, against }, all] of samples) {
    const rates = all.map(({ perSecond }) => perSecond)
    const costs = all.map(({ cpu }) => cpu)
    const base = against ? find(against.name) : []
    // Each round against its own neighbour: what disturbed one disturbed the other.
    const byRate = median(
      all.map(({ perSecond }, round) => perSecond / (base[round]?.perSecond ?? Number.NaN)),
    )
    const byCost = median(all.map(({ cpu }, round) => (base[round]?.cpu ?? Number.NaN) / cpu))
    const cells = [
      name,
      median(rates).toFixed(0),
      Math.max(...rates).toFixed(0),
      median(costs).toFixed(1),
      Math.min(...costs).toFixed(1),
      against ? byRate.toFixed(2) : '',
      against ? byCost.toFixed(2) : '',
      against ? `${against.target}` : '',
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

await main()
process.exit(0)
