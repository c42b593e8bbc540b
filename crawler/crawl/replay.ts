import type { Era } from '../../src/domain/era.ts'
import type { Network } from '../../src/domain/network.ts'
import { SIGNATURE_REACH } from '../../src/domain/reward.ts'
import type { StoreWriter } from '../../src/ports.ts'
import type { Change, RecentEra } from '../../src/store/change.ts'
import type { Span } from '../../src/store/compare.ts'
import type { NodePool } from '../node/pool/contract.ts'
import type { AuctionMode } from '../project/auction.ts'
import { toChange } from '../project/change.ts'
import { countBlock, createEraSet, type EraSets } from '../project/era-set.ts'
import type { SystemContracts } from '../project/kind.ts'
import { project, type Rows, type State, toState } from '../project/project.ts'
import { verifyParent } from '../verify/verify.ts'
import { fetchBlock, fetchRest, type OnAbsent } from './fetch.ts'
import { toFirstState } from './first.ts'
import { prefetch } from './prefetch.ts'
import { recountValidators } from './recount.ts'

export interface ReplayPorts {
  readonly pool: NodePool
  readonly store: Pick<StoreWriter, 'readBlocks' | 'readEras' | 'readEraValidators'>
  readonly onAbsent: OnAbsent
  /** Whether an era's auction is asked for too. */
  readonly toAuction: (era: Era) => Promise<AuctionMode>
}

export interface Replay {
  readonly network: Network
  readonly system: SystemContracts
  /** Stored eras, ascending and without a gap, all closed but perhaps the last. */
  readonly eras: readonly Era[]
  /** Height of the checkpoint. */
  readonly last: number
  /** Heights fetched ahead. */
  readonly ahead: number
}

/**
 * Makes what the store should hold of whole eras anew from the network's answers, one era at a time: fetched, verified and
 * projected as the crawl does it, from the state that the store shows at the end of the era before.
 */
export async function* replayEras(
  ports: ReplayPorts,
  replay: Replay,
  signal: AbortSignal,
): AsyncGenerator<{ readonly change: Change; readonly span: Span }> {
  const { pool } = ports
  const { network, system, eras, last, ahead } = replay
  const firstEra = eras[0]
  if (firstEra === undefined) return
  let state = await toStateBefore(ports, replay, firstEra, signal)
  for (const era of eras) {
    const from = era.startHeight
    const to = era.endHeight ?? last
    const fetch = async (height: number, inner: AbortSignal) => {
      const { block } = await fetchBlock(pool, height, inner)
      const isFirst = height === network.firstHeight
      return fetchRest(pool, block, system, { isFirst, auction }, ports.onAbsent, inner)
    }
    const auction = await ports.toAuction(era)
    const rows: Rows[] = []
    for await (const height of prefetch(from, to, ahead, fetch, signal)) {
      if (state.lastBlock) verifyParent(height.block, state.lastBlock.hash)
      const projected = project(state, height, network.name, system)
      state = projected.state
      rows.push(projected.rows)
    }
    signal.throwIfAborted()
    const change = toChange(network, rows)
    if (change === null) return
    const cited = await countOn(ports, state, Math.min(last, to + SIGNATURE_REACH), signal)
    const eraValidators = [...change.eraValidators, ...cited.filter(({ eraId }) => eraId === era.id)]
    const isSettled = era.endHeight !== null && era.endHeight + SIGNATURE_REACH <= last
    const span: Span = { heights: [from, to], eras: [era.id, era.id], asOf: isSettled ? null : last }
    yield { change: { ...change, eraValidators }, span }
  }
}

/** The state that the store shows before an era's first block. */
async function toStateBefore(
  { pool, store }: ReplayPorts,
  { network, system }: Replay,
  era: Era,
  signal: AbortSignal,
): Promise<State> {
  const height = era.startHeight - 1
  if (era.startHeight === network.firstHeight) {
    const { block } = await fetchBlock(pool, era.startHeight, signal)
    const before = height < 0 ? null : (await fetchBlock(pool, height, signal)).block
    return toFirstState(pool, { block, before }, system.totalSupply, signal)
  }
  const [lastBlock] = await store.readBlocks(height, height)
  const [lastEra] = await store.readEras(era.id - 1, era.id - 1)
  if (lastBlock === undefined || lastEra === undefined) {
    throw new RangeError(`The store lacks block ${height} or era ${era.id - 1}`)
  }
  const checkpoint = { height, hash: lastBlock.hash, eraId: lastEra.id, time: lastBlock.time }
  const rows = Map.groupBy(await recountValidators(pool, store, checkpoint, signal), ({ eraId }) => eraId)
  const recent = (await store.readEras(Math.max(0, lastEra.id - SIGNATURE_REACH), lastEra.id)).filter(
    ({ id }) => rows.has(id),
  )
  const toRecent = ({ id, startHeight, endHeight }: Era): RecentEra => ({
    eraId: id,
    firstHeight: startHeight,
    lastHeight: endHeight,
    validators: rows.get(id) ?? [],
  })
  return toState({
    network,
    checkpoint,
    lastBlock,
    lastEra,
    eraValidators: rows.get(era.id) ?? [],
    recentEras: recent.map(toRecent),
    unbonded: [],
  })
}

/** Validators' rows after the blocks that may still cite their signatures. */
async function countOn({ pool }: ReplayPorts, state: State, to: number, signal: AbortSignal) {
  let sets: EraSets = state.sets
  let weights = state.weights
  const from = (state.lastBlock?.height ?? -1) + 1
  for await (const { block } of prefetch(
    from,
    to,
    16,
    (height, inner) => fetchBlock(pool, height, inner),
    signal,
  )) {
    if (sets.at(-1)?.eraId !== block.eraId)
      sets = [...sets, createEraSet(block.eraId, block.height, weights ?? [])]
    sets = countBlock(sets, block)
    weights = block.eraEnd?.weights ?? weights
  }
  return sets.flatMap(({ validators }) => [...validators.values()])
}
