import type { Block } from '../../domain/block.ts'
import { toTotal } from '../../domain/block.ts'
import { findBackEdges } from '../../domain/dag.ts'
import type { Era } from '../../domain/era.ts'
import { type Motes, toWholeCspr } from '../../domain/motes.ts'
import type { Ms } from '../../domain/time.ts'
import { type Transfer, toTransferId } from '../../domain/transfer.ts'
import type {
  CompatibleBlock,
  CompatibleEra,
  CompatibleEraTransfers,
  CompatibleTransfer,
} from './compatible.ts'
import { toIso } from './iso.ts'

/*
 * Domain to the compatible shapes. Every amount is summed in motes and divided once, at the last step. An amount that
 * is not known is 0 here, where the shape has no null: a supply of a network without a method, a set that a partial
 * history did not see. /v1 says null for the same.
 */

function toWhole(motes: Motes | null | undefined): number {
  return motes ? toWholeCspr(motes) : 0
}

/** What the compatible shape shows of a block. */
type ShownBlock = Pick<
  Block,
  | 'height'
  | 'hash'
  | 'time'
  | 'eraId'
  | 'stateRootHash'
  | 'isSwitch'
  | 'counts'
  | 'staked'
  | 'undelegated'
  | 'totalSupply'
>

/** `previousTime` is that of the block before, null where there is none. */
export function toCompatibleBlock(block: ShownBlock, previousTime: Ms | null, era: Era): CompatibleBlock {
  const { isSwitch, counts } = block
  return {
    blockHeight: block.height,
    blockHash: block.hash,
    eraId: block.eraId,
    circulatingSupply: toWhole(era.circulating?.total),
    validatorsWeights: toWhole(era.validatorsWeight),
    totalSupply: toWhole(block.totalSupply),
    stateRootHash: block.stateRootHash,
    transfersCount: counts.transfers,
    deploysCount: toTotal(counts) - counts.transfers,
    stakedThisBlock: toWhole(block.staked),
    // What an era's end brings is told by its last block alone.
    nextEraValidatorsWeights: isSwitch ? toWhole(era.nextValidatorsWeight) : 0,
    validatorsRewards: isSwitch ? toWhole(era.validatorsRewards) : 0,
    delegatorsRewards: isSwitch ? toWhole(era.delegatorsRewards) : 0,
    rewards: isSwitch ? toWhole(era.validatorsRewards + era.delegatorsRewards) : 0,
    validatorsCount: isSwitch ? era.rewardedValidators : 0,
    delegatorsCount: isSwitch ? era.rewardedDelegators : 0,
    switch: isSwitch,
    undelegatedThisBlock: toWhole(block.undelegated),
    timestamp: toIso(block.time),
    prevBlockTime: previousTime === null ? 0 : block.time - previousTime,
  }
}

export function toCompatibleEra(era: Era): CompatibleEra {
  const { circulating, counts } = era
  return {
    id: era.id,
    startBlock: era.startHeight,
    transfersCount: counts.transfers,
    deploysCount: toTotal(counts) - counts.transfers,
    endBlock: era.endHeight,
    start: toIso(era.start),
    end: era.end === null ? null : toIso(era.end),
    circulatingSupply: toWhole(circulating?.total),
    validatorsCirculatingSupply: toWhole(circulating?.validators),
    transfersCirculatingSupply: toWhole(circulating?.transfers),
    rewardsCirculatingSupply: toWhole(circulating?.rewards),
    validatorsWeights: toWhole(era.validatorsWeight),
    totalSupply: toWhole(era.totalSupply),
    validatorsRewards: toWhole(era.validatorsRewards),
    delegatorsRewards: toWhole(era.delegatorsRewards),
    rewards: toWhole(era.validatorsRewards + era.delegatorsRewards),
    validatorsCount: era.rewardedValidators,
    delegatorsCount: era.rewardedDelegators,
    stakedThisEra: toWhole(era.staked),
    undelegatedThisEra: toWhole(era.undelegated),
    stakedDiffThisEra: toWhole(era.staked - era.undelegated),
  }
}

/** `depth` and `approved` were marks that people set by hand: they have no source here. */
export function toCompatibleTransfer(transfer: Transfer): CompatibleTransfer {
  return {
    id: toTransferId(transfer.height, transfer.ordinal),
    timestamp: toIso(transfer.time),
    depth: 0,
    approved: false,
    blockHeight: transfer.height,
    eraId: transfer.eraId,
    deployHash: transfer.transactionHash,
    from: transfer.fromKey ?? '',
    fromHash: `account-hash-${transfer.from}`,
    to: transfer.toKey ?? '',
    toHash: transfer.to === null ? `uref-${transfer.target}-000` : `account-hash-${transfer.to}`,
    amount: transfer.amount.toString(),
    denomAmount: toWholeCspr(transfer.amount),
  }
}

/** The mark of a transfer that would close a cycle: its target is drawn as a node of its own. */
export const CYCLE_MARK = 'dub-'

/** An era's transfers as an acyclic flow. */
export function toCompatibleEraTransfers(
  era: Era,
  count: number,
  top: readonly Transfer[],
): CompatibleEraTransfers {
  const transfers = top.map(toCompatibleTransfer)
  const isBack = findBackEdges(transfers.map(({ fromHash, toHash }) => ({ from: fromHash, to: toHash })))
  return {
    eraId: era.id,
    eraStart: toIso(era.start),
    eraEnd: era.end === null ? null : toIso(era.end),
    transfers: transfers.map((transfer, index) =>
      isBack[index] ? { ...transfer, toHash: CYCLE_MARK + transfer.toHash } : transfer,
    ),
    count,
  }
}

/** Only the named members, in their own order. */
export function pickFields<T extends object>(value: T, fields: readonly string[] | null): Partial<T> {
  if (fields === null) return value
  const picked: Partial<T> = {}
  for (const field of fields) picked[field as keyof T] = value[field as keyof T]
  return picked
}
