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
import { projectBlock } from './block.ts'
import { addBlock, closeEra, openEra } from './era.ts'
import type { SystemContracts } from './kind.ts'

/** Everything fetched for one height. */
export interface ChainHeight {
  readonly block: ChainBlock
  readonly transactions: readonly ChainTransaction[]
  /** Of a switch block; null for others, and where the node cannot give it. */
  readonly summary: EraSummary | null
  /** What the state says after this block; asked at the first stored height and at switch blocks. */
  readonly totalSupply: Motes | null
}

/** What the next block builds on. */
export interface State {
  readonly lastBlock: Block | null
  /** The era of `lastBlock`. */
  readonly era: Era | null
  /** The set of the era that the next block belongs to; null where no switch block named it. */
  readonly weights: readonly Weight[] | null
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
  readonly eraValidators: readonly EraValidator[]
  readonly rewards: readonly Reward[]
}

export const EMPTY_STATE: State = { lastBlock: null, era: null, weights: null, supply: null }

/** The state in which a crawl stopped. */
export function toState({ lastBlock, lastEra, eraValidators }: Resume): State {
  const weights = eraValidators.flatMap(({ validator, weight }) =>
    weight === null ? [] : [{ validator, weight }],
  )
  const supply = lastBlock.totalSupply
  return { lastBlock, era: lastEra, weights: weights.length > 0 ? weights : null, supply }
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
  const rows = projectBlock(chain, height.transactions, system, supplyBefore)

  // The genesis of a chain that starts with a switch block names the very set that it stands for.
  const weights = isFirst && chain.height === 0 && chain.eraEnd ? chain.eraEnd.weights : state.weights
  const isNewEra = state.era === null || state.era.id !== chain.eraId
  const opened = isNewEra || state.era === null ? openEra(rows.block, weights) : state.era
  const counted = addBlock(opened, rows.block, supplyBefore)
  if (chain.eraEnd === null) {
    return {
      rows: {
        ...rows,
        era: counted,
        eraValidators: [],
        rewards: [],
      },
      state: { lastBlock: rows.block, era: counted, weights, supply: rows.block.totalSupply },
    }
  }

  const closed = closeEra(counted, chain, height.summary, totalSupply, weights, network)
  const block = { ...rows.block, totalSupply: closed.era.totalSupply }
  const eraValidators = [...closed.validators, ...toSet(chain.eraId + 1, chain.eraEnd.weights)]
  return {
    rows: { ...rows, block, era: closed.era, eraValidators, rewards: closed.rewards },
    state: { lastBlock: block, era: closed.era, weights: chain.eraEnd.weights, supply: block.totalSupply },
  }
}

/** Validators of an era that is about to begin: nothing is paid yet. */
function toSet(eraId: number, weights: readonly Weight[]): EraValidator[] {
  return weights.map(({ validator, weight }) => ({
    eraId,
    validator,
    weight,
    reward: 0n,
    delegatorsReward: 0n,
    delegatorsCount: 0,
  }))
}
