import type { Hash } from '../../src/domain/hash.ts'
import type { Network } from '../../src/domain/network.ts'
import { type Log, toReason } from '../log.ts'
import type { SystemContracts } from '../project/kind.ts'
import { type ChainHeight, project, type State } from '../project/project.ts'
import type { Trust } from '../verify/trust.ts'
import { verifyParent } from '../verify/verify.ts'
import { believe } from './believe.ts'
import { Committer } from './committer.ts'
import { type Found, fetchBlock, fetchRest } from './fetch.ts'
import type { CrawlOptions, CrawlPorts } from './options.ts'
import { prefetch } from './prefetch.ts'
import type { Pulse } from './pulse.ts'

/** A run of heights that are known to exist, and what it builds on. */
export interface Run {
  readonly network: Network
  readonly system: SystemContracts
  readonly trust: Trust
  readonly state: State
  readonly from: number
  readonly to: number
  readonly pulse: Pulse
}

/**
 * Fetches, verifies, projects and commits a run of heights. Returns the state after the last commit.
 *
 * Each block is checked against the one before as soon as both are here, before anything else is asked of it, and
 * believed in its turn: the last of each commit by its own signatures.
 */
export async function runHeights(
  options: CrawlOptions,
  ports: CrawlPorts,
  run: Run,
  signal: AbortSignal,
): Promise<State> {
  const { network, system, trust, from, to, pulse } = run
  const { log, pool } = ports
  const first = run.state.lastBlock === null ? from : -1
  const committer = new Committer(options, ports, network, pulse)
  let state = run.state
  const blocks = new Map<number, Promise<Found>>()
  const fetch = async (height: number, inner: AbortSignal): Promise<Found & { all: ChainHeight }> => {
    const own = fetchBlock(pool, height, inner)
    blocks.set(height, own)
    const parent = blocks.get(height - 1)
    blocks.delete(height - 2)
    const [{ block, node }, parentHash] = await Promise.all([
      own,
      parent ? parent.then((found) => found.block.hash) : run.state.lastBlock?.hash,
    ])
    if (parentHash !== undefined) verifyParent(block, parentHash)
    return {
      block,
      node,
      all: await fetchRest(
        pool,
        block,
        system,
        {
          isFirst: height === first,
          auction: options.auction,
          ...(options.unproven === 'store' && { onUnproven: onUnproven(log) }),
        },
        onAbsent(log),
        inner,
      ),
    }
  }

  try {
    for await (const found of prefetch(from, to, options.ahead, fetch, signal)) {
      const projected = project(state, found.all, network.name, system)
      const { height } = found.block
      const isLast = height === to || committer.isLast(projected.rows)
      await believe(pool, trust, found, { isLast, isTip: height >= pulse.tip }, signal)
      state = projected.state
      await committer.add(projected.rows, isLast)
      const { id: era, supplyAdjustment } = projected.rows.era
      if (supplyAdjustment !== 0n)
        log.warn('supply adjusted outside blocks', { era, motes: `${supplyAdjustment}` })
      if (signal.aborted) break
    }
    // The last height ended the last commit; what a stop leaves in the middle of a batch, the next run fetches again.
    await committer.finish()
  } finally {
    await committer.settle()
  }
  return state
}

function onAbsent(log: Log) {
  return (figure: string, height: number, reason: string) =>
    log.warn('figure absent', { figure, height, reason })
}

function onUnproven(log: Log) {
  return (hash: Hash, height: number, reason: unknown) =>
    log.warn('transaction not proven', { hash, height, reason: toReason(reason) })
}
