import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { ERAS_PER_PAGE, type Era } from '../../src/domain/era.ts'
import { toCspr } from '../../src/domain/motes.ts'
import { toDeclaredAdjustment } from '../../src/domain/supply/adjustments.ts'
import { createMethod, isMethodName, METHOD_NAMES } from '../../src/domain/supply/circulating.ts'
import { parseSupplyInputs } from '../../src/domain/supply/inputs.ts'
import { isAbsent } from '../../src/domain/supply/method.ts'
import { findSupply, SUPPLY_FILES } from '../../src/domain/supply/networks.ts'
import { createSupplyWriter, type RecomputedEra, type SupplyWriter } from '../../src/store/supply-writer.ts'
import { pickConfig } from '../config.ts'
import { CommandError, type CommandModule, EXIT, type Given, UsageError } from './command.ts'
import { toCount } from './count.ts'
import { dropAtEdges } from './drop.ts'
import { explain } from './explain.ts'

/** `supply recompute`: circulating supply and declared adjustments of every closed era, from the store and the files. */
export const recomputeCommand = {
  flags: {
    method: {
      type: 'string',
      value: 'NAME',
      help: `${METHOD_NAMES.join(' or ')}; default: what the network publishes. Others need --dry-run`,
    },
    'dry-run': { type: 'boolean', help: 'Computes and compares, and writes nothing' },
  },
  run: (given) => recompute(given),
} as const satisfies CommandModule

/** `supply check`: every network's file of inputs, or those that are named. */
export const checkCommand = {
  flags: {},
  run: (given) => check(given),
} as const satisfies CommandModule

async function recompute(given: Given): Promise<number> {
  const { flags, env, out } = given
  const name = parseMethod(flags.method)
  const isDry = flags['dry-run'] === true
  const { DATABASE_URL } = pickConfig(env, 'DATABASE_URL')
  const eras = await withStore(DATABASE_URL, async (store) => {
    const network = await store.readNetwork()
    if (network === null) throw new CommandError('The store is empty: nothing to recompute.')
    const inputs = findSupply(network)
    const { method: published } = inputs.published
    if (name !== undefined && name !== published && !isDry) {
      throw new CommandError(
        `--method ${name}: ${network} publishes ${published ?? 'none'}, so another one is computed with --dry-run only.`,
      )
    }
    const method = createMethod(inputs, name)
    const recomputed = await store.recompute((era) => {
      const figure = method(era)
      return {
        circulating: isAbsent(figure) ? null : figure,
        declaredAdjustment: toDeclaredAdjustment(network, era.id),
      }
    }, isDry)
    const absent = recomputed.map(({ era }) => method(era)).filter(isAbsent)
    for (const [reason, { length }] of Map.groupBy(absent, (figure) => figure.absent))
      out(`${toCount(length, 'era')} without a figure: ${reason}\n`)
    return recomputed
  })
  for (const line of toLines(eras, isDry)) out(`${line}\n`)
  if (!isDry) await dropAtEdges(['block', 'era'], toPages(eras), given)
  return EXIT.ok
}

/** @throws {UsageError} */
function parseMethod(text: string | boolean | undefined) {
  if (text === undefined) return undefined
  if (typeof text === 'string' && isMethodName(text)) return text
  throw new UsageError(`--method must be ${METHOD_NAMES.join(' or ')}, not "${text}"`)
}

async function withStore<T>(url: string, work: (store: SupplyWriter) => Promise<T>): Promise<T> {
  const store = createSupplyWriter(url)
  try {
    return await work(store).catch(explain)
  } finally {
    await store.close()
  }
}

function toLines(eras: readonly RecomputedEra[], isDry: boolean): string[] {
  const changed = eras.filter(({ isChanged }) => isChanged)
  const newest = eras.findLast(({ figures }) => figures.circulating !== null)
  return [
    `${toCount(eras.length, 'closed era')}: ${changed.length} ${isDry ? 'would change' : 'changed'}`,
    ...changed.slice(0, 1).map((one) => toLine('first that changed', one)),
    ...(newest === undefined ? [] : [toLine('newest with a figure', newest)]),
  ]
}

function toLine(what: string, { era, figures }: RecomputedEra): string {
  const show = ({ circulating }: Pick<Era, 'circulating'>) =>
    circulating === null ? 'none' : `${toCspr(circulating.total)} CSPR by ${circulating.method}`
  return `${what}: era ${era.id}, ${show(era)} -> ${show(figures)}`
}

/** Runs of eras that edges may hold. */
function toPages(eras: readonly RecomputedEra[]): string[] {
  const changed = eras.filter(({ isChanged }) => isChanged)
  return [...new Set(changed.map(({ era }) => `eras/${Math.floor(era.id / ERAS_PER_PAGE)}`))]
}

async function check({ words, out, err }: Given): Promise<number> {
  const files: [name: string, read: () => unknown][] =
    words.length > 0
      ? words.map((path) => [path, () => JSON.parse(readFileSync(path, 'utf8'))])
      : [...SUPPLY_FILES].map(([network, json]) => [`${network}.json`, () => json])
  let isGood = true
  for (const [name, read] of files) {
    try {
      const { version, published } = parseSupplyInputs(read(), basename(name, '.json'))
      out(`${basename(name)}: version ${version}, publishes ${published.method ?? 'no method'}\n`)
    } catch (error) {
      for (const line of (error as Error).message.split('\n')) err(`${name}: ${line}\n`)
      isGood = false
    }
  }
  return isGood ? EXIT.ok : EXIT.failed
}
