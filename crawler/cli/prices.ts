import { HOUR, LISTED_AT, toRun } from '../../src/domain/price.ts'
import { type Ms, parseTime } from '../../src/domain/time.ts'
import { createPriceWriter, type PriceWriter } from '../../src/store/price-writer.ts'
import { pickConfig } from '../config.ts'
import { createLog } from '../log.ts'
import { parsePriceConfig } from '../prices/config.ts'
import { parsePriceCsv } from '../prices/csv.ts'
import { fillHours, toRange } from '../prices/hours.ts'
import { createSources, sleep } from '../prices/open.ts'
import { toPolite } from '../prices/polite.ts'
import { CommandError, type CommandModule, EXIT, type Given, UsageError } from './command.ts'
import { toCount } from './count.ts'
import { dropAtEdges } from './drop.ts'
import { explain } from './explain.ts'
import { type LineBounds, readLines } from './lines.ts'
import { listenForStop } from './stop.ts'

/** What the commands need of the machine. */
export interface PriceCommandPorts {
  readonly now: () => Ms
  readonly listenForStop: () => AbortSignal
}

/** Twenty-eight years of hours, each in a line of a hundred characters or less. */
const BOUNDS: LineBounds = { mostLines: 250_000, mostLength: 400 }
/** Lines that are named before the rest is only counted. */
const MOST_COMPLAINTS = 50

/** `prices import FILE` and `prices fill`. */
export function createPriceCommands(ports: PriceCommandPorts) {
  return {
    importPrices: {
      flags: { 'skip-bad': { type: 'boolean', help: 'Imports the good lines where others are refused' } },
      run: (given) => importPrices(given, ports),
    },
    fillPrices: {
      flags: {
        from: { type: 'string', value: 'TIME', help: 'First hour, such as 2026-01-31T12:00:00Z' },
        to: { type: 'string', value: 'TIME', help: 'Last hour; the running one without it' },
      },
      run: (given) => fillPrices(given, ports),
    },
  } as const satisfies Readonly<Record<string, CommandModule>>
}

export const { importPrices: importCommand, fillPrices: fillCommand } = createPriceCommands({
  now: Date.now,
  listenForStop: () => listenForStop(() => {}).signal,
})

/** All of the file or nothing, unless the good lines alone are asked for. */
async function importPrices(given: Given, { now }: PriceCommandPorts): Promise<number> {
  const [file, ...more] = given.words
  if (file === undefined || more.length > 0) throw new UsageError('prices import takes one file.')
  const { DATABASE_URL } = pickConfig(given.env, 'DATABASE_URL')
  const { prices, bad } = await parsePriceCsv(readLines(file, BOUNDS), now())
  for (const { line, reason } of bad.slice(0, MOST_COMPLAINTS)) given.err(`${file}:${line}: ${reason}\n`)
  if (bad.length > MOST_COMPLAINTS) given.err(`… and ${toCount(bad.length - MOST_COMPLAINTS, 'more line')}\n`)
  if (bad.length > 0 && (given.flags['skip-bad'] !== true || prices.length === 0)) {
    throw new CommandError(
      `Nothing is imported: ${bad.length} of ${toCount(bad.length + prices.length, 'line')} refused.`,
    )
  }
  await withStore(DATABASE_URL, (store) => store.writePrices(prices))
  given.out(`${toCount(prices.length, 'hour')} imported, ${toCount(bad.length, 'line')} refused.\n`)
  await tellEdges(new Set(prices.map(({ hour }) => toRun(hour))), given)
  return bad.length === 0 ? EXIT.ok : EXIT.degraded
}

/** Asks also for what was asked for in vain today. */
async function fillPrices(given: Given, ports: PriceCommandPorts): Promise<number> {
  const config = parsePriceConfig(given.env)
  const { DATABASE_URL } = pickConfig(given.env, 'DATABASE_URL')
  const clock = { now: ports.now }
  const from = parseFlag(given, 'from') ?? config.PRICE_SINCE
  const to = parseFlag(given, 'to') ?? clock.now()
  if (config.PRICE_SOURCES.length === 0) throw new CommandError('PRICE_SOURCES is not set: nobody to ask.')
  const range = toRange(Math.max(from, LISTED_AT), Math.min(to, clock.now()))
  if (range === null) throw new CommandError('The range holds no hour.')

  const log = createLog(given.err)
  const sources = createSources(config, clock).map((source) => toPolite(source, { clock, sleep, log }))
  const runs = new Set<number>()
  const { written, missing } = await withStore(DATABASE_URL, (store) => {
    const noting: PriceWriter = {
      ...store,
      async writePrices(prices) {
        await store.writePrices(prices)
        for (const { hour } of prices) runs.add(toRun(hour))
      },
    }
    const parts = { sources, store: noting, announce: () => {}, clock, sleep, log }
    return fillHours(parts, range, ports.listenForStop(), { asksAgain: true })
  })
  const all = (range.to - range.from) / HOUR + 1
  given.out(`${written} of ${toCount(all, 'hour')} filled, ${missing} without a price.\n`)
  await tellEdges(runs, given)
  return missing === 0 ? EXIT.ok : EXIT.degraded
}

function parseFlag({ flags }: Given, name: string): Ms | undefined {
  const text = flags[name]
  if (typeof text !== 'string') return undefined
  try {
    return parseTime(text)
  } catch {
    throw new UsageError(`--${name} ${JSON.stringify(text)} is no time such as 2026-01-31T12:00:00Z.`)
  }
}

async function withStore<T>(url: string, work: (store: PriceWriter) => Promise<T>): Promise<T> {
  const store = createPriceWriter(url)
  try {
    return await work(store).catch(explain)
  } finally {
    await store.close()
  }
}

const tellEdges = (runs: ReadonlySet<number>, given: Given) =>
  dropAtEdges(
    ['price'],
    [...runs].sort((a, b) => a - b).map((run) => `prices/${run}`),
    given,
  )
