import { type Block, type Counts, toTotal } from '../../domain/block.ts'
import type { Era } from '../../domain/era.ts'
import type { Party } from '../../domain/keys.ts'
import { type Motes, toCspr } from '../../domain/motes.ts'
import type { Ms } from '../../domain/time.ts'
import type { Transaction } from '../../domain/transaction.ts'
import { type Transfer, toTransferId } from '../../domain/transfer.ts'
import { toIso } from './iso.ts'
import type { WireBlock, WireCounts, WireEra, WireTransaction, WireTransfer } from './v1.ts'

/** How amounts are written: motes or CSPR, both exact. */
export type ToAmount = (motes: Motes) => string

export const UNITS: Readonly<Record<'motes' | 'cspr', ToAmount>> = {
  motes: (motes) => motes.toString(),
  cspr: toCspr,
}

function orNull(motes: Motes | null, toAmount: ToAmount): string | null {
  return motes === null ? null : toAmount(motes)
}

function toWireCounts(counts: Counts): WireCounts {
  const { transfers, burns, staking, wasm, failed } = counts
  return { total: toTotal(counts), transfers, burns, staking, wasm, failed }
}

/** `0:3,5:1` as an object. */
function toLanes(lanes: string): Record<string, number> {
  if (lanes === '') return {}
  return Object.fromEntries(
    lanes.split(',').map((part) => {
      const [lane = '', count] = part.split(':')
      return [lane, Number(count)]
    }),
  )
}

export function toWireBlock(block: Block, previousTime: Ms | null, toAmount: ToAmount): WireBlock {
  return {
    height: block.height,
    hash: block.hash,
    parentHash: block.parentHash,
    stateRootHash: block.stateRootHash,
    era: block.eraId,
    time: toIso(block.time),
    blockTime: previousTime === null ? null : block.time - previousTime,
    switch: block.isSwitch,
    generation: block.generation,
    protocolVersion: block.protocolVersion,
    proposer: block.proposer,
    gasPrice: block.gasPrice,
    transactions: toWireCounts(block.counts),
    lanes: toLanes(block.lanes),
    transfers: { count: block.transfersCount, volume: toAmount(block.transfersVolume) },
    staked: toAmount(block.staked),
    undelegated: toAmount(block.undelegated),
    fees: toAmount(block.fees),
    burned: toAmount(block.burned),
    totalSupply: orNull(block.totalSupply, toAmount),
    // The crawler stores no block for which these do not hold.
    verified: { blockHash: true, bodyHash: true, parent: true },
  }
}

export function toWireEra(era: Era, toAmount: ToAmount): WireEra {
  return {
    id: era.id,
    open: era.endHeight === null,
    start: toIso(era.start),
    end: era.end === null ? null : toIso(era.end),
    startBlock: era.startHeight,
    endBlock: era.endHeight,
    protocolVersion: era.protocolVersion,
    blocks: era.blocksCount,
    transactions: toWireCounts(era.counts),
    transfers: { count: era.transfersCount, volume: toAmount(era.transfersVolume) },
    staked: toAmount(era.staked),
    undelegated: toAmount(era.undelegated),
    validators: {
      count: era.validatorsCount,
      weight: orNull(era.validatorsWeight, toAmount),
      nextWeight: orNull(era.nextValidatorsWeight, toAmount),
    },
    rewards: {
      total: toAmount(era.validatorsRewards + era.delegatorsRewards),
      validators: toAmount(era.validatorsRewards),
      delegators: toAmount(era.delegatorsRewards),
      rewardedValidators: era.rewardedValidators,
      rewardedDelegators: era.rewardedDelegators,
    },
    supply: {
      total: orNull(era.totalSupply, toAmount),
      circulating: orNull(era.circulating?.total ?? null, toAmount),
      circulatingMethod: era.circulating?.method ?? null,
      minted: toAmount(era.minted),
      sustained: orNull(era.sustained, toAmount),
      fees: toAmount(era.fees),
      feesBurned: era.feesBurned,
      burned: toAmount(era.burned),
      adjustment: toAmount(era.supplyAdjustment),
      declaredAdjustment: toAmount(era.declaredAdjustment),
    },
  }
}

export function toWireTransfer(transfer: Transfer, toAmount: ToAmount): WireTransfer {
  return {
    id: toTransferId(transfer.height, transfer.ordinal),
    block: transfer.height,
    era: transfer.eraId,
    time: toIso(transfer.time),
    transaction: transfer.transactionHash,
    from: toAccount(transfer.from),
    fromKey: transfer.fromKey,
    to: transfer.to === null ? null : toAccount(transfer.to),
    toKey: transfer.toKey,
    source: toUref(transfer.source),
    target: toUref(transfer.target),
    amount: toAmount(transfer.amount),
    memo: transfer.id === null ? null : transfer.id.toString(),
  }
}

export function toWireTransaction(transaction: Transaction, toAmount: ToAmount): WireTransaction {
  return {
    hash: transaction.hash,
    block: transaction.height,
    era: transaction.eraId,
    format: transaction.format,
    kind: transaction.kind,
    lane: transaction.lane,
    sender: toPartyText(transaction.sender),
    entryPoint: transaction.entryPoint,
    contract: transaction.contract,
    createdAt: toIso(transaction.createdAt),
    success: transaction.success,
    error: transaction.error,
    limit: orNull(transaction.limit, toAmount),
    consumed: orNull(transaction.consumed, toAmount),
    cost: toAmount(transaction.cost),
    refund: orNull(transaction.refund, toAmount),
  }
}

/** In the form that `parseParty` reads, so that any answer can be asked about. */
function toPartyText(party: Party): string {
  if (party.kind === 'key') return party.key
  return party.kind === 'account' ? toAccount(party.hash) : toUref(party.purse)
}

function toAccount(hash: string): string {
  return `account-hash-${hash}`
}

/** Rights belong to a holder, not to a purse: it is named with none. */
function toUref(purse: string): string {
  return `uref-${purse}-000`
}
