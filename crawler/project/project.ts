import type { Absence, AuctionState, Unbonding } from '../../src/domain/auction.ts'
import type { Block } from '../../src/domain/block.ts'
import type { Era } from '../../src/domain/era.ts'
import type { Motes } from '../../src/domain/motes.ts'
import type { EraValidator, Reward } from '../../src/domain/reward.ts'
import type { StakeMovement, Transaction } from '../../src/domain/transaction.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import type { Resume } from '../../src/store/change.ts'
import type { ChainBlock, Weight } from '../decode/block.ts'
import type { EraSummary } from '../decode/era-summary.ts'
import type { ChainTransaction } from '../decode/transaction.ts'
import { type AuctionFigures, NOT_ASKED } from './auction.ts'
import { projectBlock } from './block.ts'
import { addBlock, closeEra, openEra } from './era.ts'
import {
  closeSet,
  countBlock,
  createEraSet,
  type EraSet,
  type EraSets,
  findChanged,
  keepCitable,
  restoreEraSet,
  withRows,
} from './era-set.ts'
import type { SystemContracts } from './kind.ts'
import { NOTHING_QUEUED, type Queued, toPair, toUnbondings } from './unbondings.ts'

/** Everything fetched for one height. */
export interface ChainHeight {
  readonly block: ChainBlock
  readonly transactions: readonly ChainTransaction[]
  /** Of a switch block; null for others, and where the node cannot give it. */
  readonly summary: EraSummary | null
  /** What the state says after this block; asked at the first stored height and at switch blocks. */
  readonly totalSupply: Motes | null
  /** The auction after a switch block, where it was asked for. */
  readonly auction?: AuctionFigures
  /** Figures that no node gave, beside the auction's own. */
  readonly absences?: readonly Absence[]
}

/** What the next block builds on. */
export interface State {
  readonly lastBlock: Block | null
  /** The era of `lastBlock`. */
  readonly era: Era | null
  /** The set of the era that the next block belongs to; null where no switch block named it. */
  readonly weights: readonly Weight[] | null
  /** Eras whose validators are still counted. */
  readonly sets: EraSets
  /** What went into unbonding queues in the era of `lastBlock`. */
  readonly queued: Queued
  /** Total supply after the block before the next one; null where unknown. */
  readonly supply: Motes | null
}

/** What one height adds to the store. */
export interface Rows {
  readonly block: Block
  readonly era: Era
  readonly transactions: readonly Transaction[]
  readonly transfers: readonly Transfer[]
  readonly stakeMovements: readonly StakeMovement[]
  readonly unbondings: readonly Unbonding[]
  readonly eraValidators: readonly EraValidator[]
  readonly rewards: readonly Reward[]
  readonly auctions: readonly AuctionState[]
  readonly absences: readonly Absence[]
}

export const EMPTY_STATE: State = {
  lastBlock: null,
  era: null,
  weights: null,
  sets: [],
  queued: NOTHING_QUEUED,
  supply: null,
}

/** The state in which a crawl stopped. */
export function toState({ lastBlock, lastEra, eraValidators, recentEras, unbonded }: Resume): State {
  const weights = eraValidators.flatMap(({ validator, weight }) =>
    weight === null ? [] : [{ validator, weight }],
  )
  const supply = lastBlock.totalSupply
  const next = lastBlock.isSwitch
    ? { eraId: lastEra.id + 1, firstHeight: lastBlock.height + 1 }
    : { eraId: lastEra.id, firstHeight: lastEra.startHeight }
  const own = { ...next, lastHeight: null, validators: eraValidators }
  const sets = [...recentEras, own].map(restoreEraSet)
  const counts = new Map<string, number>()
  for (const { validator, delegator, count } of unbonded) counts.set(toPair(validator, delegator), count)
  return {
    lastBlock,
    era: lastEra,
    weights: weights.length > 0 ? weights : null,
    sets,
    queued: { eraId: lastEra.id, counts },
    supply,
  }
}

/** Projects one verified height onto the state before it. Pure: the same input gives the same rows. */
export function project(
  state: State,
  height: ChainHeight,
  network: string,
  system: SystemContracts,
): { rows: Rows; state: State } {
  const { block: chain, totalSupply } = height
  const isFirst = state.lastBlock === null
  const supplyBefore = state.supply ?? (isFirst && chain.eraEnd === null ? totalSupply : null)
  const { unbondings, queued } = toUnbondings(
    chain,
    height.transactions,
    state.queued,
    system.unbondingDelay ?? null,
  )
  const rows = projectBlock(chain, height.transactions, system, supplyBefore, unbondings)

  // The genesis of a chain that starts with a switch block names the very set that it stands for.
  const weights = isFirst && chain.height === 0 && chain.eraEnd ? chain.eraEnd.weights : state.weights
  const isNewEra = state.era === null || state.era.id !== chain.eraId
  const opened = isNewEra || state.era === null ? openEra(rows.block, weights) : state.era
  const counted = addBlock(opened, rows.block, supplyBefore)
  const sets = countBlock(openSet(state.sets, chain, weights), chain)
  if (chain.eraEnd === null) {
    const eraValidators = findChanged(state.sets, sets)
    const kept = keepCitable(sets, chain.height)
    return {
      rows: {
        ...rows,
        era: counted,
        eraValidators,
        rewards: [],
        auctions: [],
        absences: height.absences ?? [],
      },
      state: {
        lastBlock: rows.block,
        era: counted,
        weights,
        sets: kept,
        queued,
        supply: rows.block.totalSupply,
      },
    }
  }

  const { auction, absences } = height.auction ?? NOT_ASKED
  const ended = closeSet(sets.at(-1) as EraSet, chain.height, chain)
  const closed = closeEra(counted, chain, height.summary, totalSupply, ended.validators.values(), {
    network,
    rewardsHandling: system.rewardsHandling ?? null,
  })
  const block = { ...rows.block, totalSupply: closed.era.totalSupply }
  const next = createEraSet(chain.eraId + 1, chain.height + 1, chain.eraEnd.weights)
  const after = [...sets.slice(0, -1), withRows(ended, closed.validators), next]
  return {
    rows: {
      ...rows,
      block,
      era: closed.era,
      eraValidators: findChanged(state.sets, after),
      rewards: closed.rewards,
      auctions: auction === null ? [] : [auction],
      absences: [...(height.absences ?? []), ...absences, ...toUnknownShare(closed.era)],
    },
    state: {
      lastBlock: block,
      era: closed.era,
      weights: chain.eraEnd.weights,
      sets: keepCitable(after, chain.height),
      queued,
      supply: block.totalSupply,
    },
  }
}

/** The one figure of an era that several answers make up together. */
function toUnknownShare({ id, endHeight, protocolVersion, sustained }: Era): Absence[] {
  if (sustained !== null || endHeight === null) return []
  const reason = `no chainspec that was read tells who got the new motes of era ${id} (protocol ${protocolVersion})`
  return [{ height: endHeight, figure: 'sustain share', reason }]
}

/** The sets with that of the block's era last: named by the switch block before, or begun here. */
function openSet(sets: EraSets, { eraId, height }: ChainBlock, weights: readonly Weight[] | null): EraSets {
  return sets.at(-1)?.eraId === eraId ? sets : [...sets, createEraSet(eraId, height, weights ?? [])]
}
