import type { Era } from '../../src/domain/era.ts'
import { type Difference, openComparison } from '../../src/store/compare.ts'
import { findChain } from '../chains/chains.ts'
import { pickConfig } from '../config.ts'
import { fetchBlock } from '../crawl/fetch.ts'
import { prefetch } from '../crawl/prefetch.ts'
import { replayEras } from '../crawl/replay.ts'
import { createLog } from '../log.ts'
import { verifyFinality } from '../verify/finality.ts'
import { restoreValidatorSet } from '../verify/validator-set.ts'
import { EXIT, type Flags, type Given, UsageError } from './command.ts'
import { toCount } from './count.ts'
import { type Opened, openEras, parseHeight } from './eras.ts'
import { listenForStop } from './stop.ts'

export const flags: Flags = {
  against: { type: 'string', value: 'URL', help: 'Node to ask; default: CASPER_NODES' },
  from: {
    type: 'string',
    value: 'HEIGHT',
    help: 'First height; its whole era is compared. Default: the first stored',
  },
  to: {
    type: 'string',
    value: 'HEIGHT',
    help: 'Last height; its whole era is compared. Default: the newest stored',
  },
  signatures: {
    type: 'string',
    value: 'all',
    help: "Also checks every validator's signature of every block",
  },
}

/** Differences that are printed; the rest is counted. */
const PRINTED = 1_000

/** Compares every stored figure with what nodes say. Exit code 0 when nothing differs, 2 when something does. */
export async function run(given: Given): Promise<number> {
  const { flags, out, err } = given
  const bounds = { from: parseHeight('--from', flags.from), to: parseHeight('--to', flags.to) }
  if (flags.signatures !== undefined && flags.signatures !== 'all') {
    throw new UsageError(`--signatures: must be all, not "${flags.signatures}"`)
  }
  const stop = listenForStop(() => {})
  const log = createLog((line) => err(`${line}\n`))
  const comparison = openComparison(pickConfig(given.env, 'DATABASE_URL').DATABASE_URL)
  const asking = {
    against: flags.against as string | undefined,
    toAuction: async (era: Era) => ((await comparison.hasAuction(era)) ? 'every' : 'off'),
  }
  const opened = await openEras(given, bounds, asking, log, stop.signal).catch(async (error: unknown) => {
    await comparison.close()
    throw error
  })
  let blocks = 0
  let found = 0
  const grown: number[] = []
  try {
    for await (const { change, span } of replayEras(opened.ports, opened.replay, stop.signal)) {
      const differences = await comparison.compare(change, span)
      if (differences === null) {
        grown.push(span.eras[0])
        continue
      }
      for (const difference of differences) if (found++ < PRINTED) out(`${toLine(difference)}\n`)
      if (flags.signatures === 'all') await checkSignatures(opened, span.heights, stop.signal)
      blocks += change.blocks.length
      err(
        `era ${span.eras[0]}: ${toCount(change.blocks.length, 'block')}, ${toCount(differences.length, 'difference')}\n`,
      )
    }
  } finally {
    stop.abort()
    await Promise.allSettled([comparison.close(), opened.close()])
  }
  out(
    `${toCount(blocks, 'block')} compared, ${toCount(found, 'difference')}${found > PRINTED ? `, ${PRINTED} of them shown` : ''}\n`,
  )
  if (grown.length > 0) out(`Not compared, still growing: ${grown.map((era) => `era ${era}`).join(', ')}\n`)
  return found === 0 ? EXIT.ok : EXIT.degraded
}

export function toLine({ table, key, column, stored, expected }: Difference): string {
  if (column !== null) return `${table} ${key} ${column}: stored ${stored}, the node says ${expected}`
  return stored === null
    ? `${table} ${key}: not stored`
    : `${table} ${key}: stored, but the node has no such thing`
}

/** @throws {VerifyFault} for a signature that is none, or too few of them */
async function checkSignatures(
  { ports, replay }: Opened,
  [from, to]: readonly [number, number],
  signal: AbortSignal,
): Promise<void> {
  const pinned = new Set(findChain(replay.network.name)?.pins.map(({ height }) => height))
  const fetch = (height: number, inner: AbortSignal) => fetchBlock(ports.pool, height, inner)
  for await (const { block } of prefetch(from, to, replay.ahead, fetch, signal)) {
    const set = restoreValidatorSet(await ports.store.readEraValidators(block.eraId, block.eraId))
    // Nobody signs a genesis; a pinned block is known beforehand.
    if (set === null || block.height === 0 || pinned.has(block.height)) continue
    await verifyFinality(block, block.signatures.parse(), set, replay.network.name, { all: true })
  }
}
