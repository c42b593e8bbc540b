import type { Unbonding } from '../../src/domain/auction.ts'
import { type Block, type Counts, NO_COUNTS } from '../../src/domain/block.ts'
import { type Motes, sumMotes } from '../../src/domain/motes.ts'
import type { StakeMovement, Transaction, TransactionKind } from '../../src/domain/transaction.ts'
import { STAKE_KINDS } from '../../src/domain/transaction.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import type { ChainBlock } from '../decode/block.ts'
import { DecodeFault } from '../decode/field.ts'
import type { ChainTransaction } from '../decode/transaction.ts'
import { type SystemContracts, toKind, toStakeKind } from './kind.ts'
import { toStaked, toStakeMovement } from './stake.ts'
import { toTransfers } from './transfers.ts'

/** A block's own rows; what its era makes of it comes after. */
export interface BlockRows {
  readonly block: Block
  readonly transactions: readonly Transaction[]
  readonly transfers: readonly Transfer[]
  readonly stakeMovements: readonly StakeMovement[]
  readonly unbondings: readonly Unbonding[]
}

/**
 * Projects a verified block with its executed transactions.
 * @param supplyBefore total supply after the block before; null where unknown
 * @param unbondings what its transactions put into unbonding queues
 */
export function projectBlock(
  chain: ChainBlock,
  executed: readonly ChainTransaction[],
  system: SystemContracts,
  supplyBefore: Motes | null,
  unbondings: readonly Unbonding[],
): BlockRows {
  const transactions = executed.map((transaction, ordinal) =>
    toTransaction(chain, transaction, ordinal, system),
  )
  const stakeMovements = executed.flatMap((transaction, ordinal) => {
    const kind = toStakeKind(transaction, system)
    const place = { height: chain.height, ordinal, eraId: chain.eraId }
    if (kind === null) return []
    const own = unbondings.filter((unbonding) => unbonding.ordinal === ordinal)
    return [toStakeMovement(transaction, kind, place, sumMotes(own.map(({ amount }) => amount)))]
  })
  const transfers = toTransfers(chain, executed)
  const visible = transfers.filter(({ auction }) => !auction)
  const staked = stakeMovements.map(toStaked)
  return {
    transactions,
    transfers,
    stakeMovements,
    unbondings,
    block: {
      height: chain.height,
      hash: chain.hash,
      parentHash: chain.parentHash,
      stateRootHash: chain.stateRootHash,
      eraId: chain.eraId,
      time: chain.time,
      generation: chain.generation,
      protocolVersion: chain.protocolVersion,
      proposer: chain.proposer,
      isSwitch: chain.eraEnd !== null,
      gasPrice: chain.generation === 2 ? chain.gasPrice : 1,
      counts: toCounts(transactions),
      lanes:
        chain.generation === 2 ? chain.lanes.map(({ lane, refs }) => `${lane}:${refs.length}`).join(',') : '',
      transfersCount: visible.length,
      transfersVolume: sumMotes(visible.map(({ amount }) => amount)),
      staked: sumMotes(staked.map(({ staked }) => staked)),
      undelegated: sumMotes(staked.map(({ undelegated }) => undelegated)),
      fees: sumMotes(transactions.map(({ cost, refund }) => cost - (refund ?? 0n))),
      burned: sumMotes(executed.map((transaction, i) => toBurned(transaction, transactions[i]?.kind))),
      totalSupply: toSupplyAfter(executed, system, supplyBefore),
    },
  }
}

function toTransaction(
  block: ChainBlock,
  transaction: ChainTransaction,
  ordinal: number,
  system: SystemContracts,
): Transaction {
  const { ref, sender, createdAt, session, execution } = transaction
  return {
    hash: ref.hash,
    height: block.height,
    ordinal,
    eraId: block.eraId,
    format: ref.format,
    kind: toKind(transaction, system),
    lane: ref.lane,
    sender,
    entryPoint: session.entryPoint,
    contract: session.contract,
    createdAt,
    success: execution.success,
    error: execution.error,
    limit: execution.limit,
    consumed: execution.consumed,
    cost: execution.cost,
    refund: execution.refund,
  }
}

const STAKE = new Set<TransactionKind>(STAKE_KINDS)

function toCounts(transactions: readonly Transaction[]): Counts {
  const counts: { -readonly [K in keyof Counts]: number } = { ...NO_COUNTS }
  for (const { kind, success } of transactions) {
    if (kind === 'transfer') counts.transfers++
    else if (kind === 'burn') counts.burns++
    else if (STAKE.has(kind)) counts.staking++
    else counts.wasm++
    if (!success) counts.failed++
  }
  return counts
}

function toBurned({ session, execution }: ChainTransaction, kind: TransactionKind | undefined): Motes {
  return kind === 'burn' && execution.success ? (session.args.motes('amount') ?? 0n) : 0n
}

/**
 * Burned fees and burns rewrite the mint's total supply in a transaction's effects, so the last write is the supply
 * after the block, whatever the fee rule of the protocol version. The body's order is that of execution (measured:
 * every block with several writes agrees with the state asked at its height).
 */
function toSupplyAfter(
  executed: readonly ChainTransaction[],
  system: SystemContracts,
  before: Motes | null,
): Motes | null {
  let supply = before
  if (system.totalSupply === null) return supply
  for (const { execution, ref } of executed) {
    const written = execution.effects.amounts.get(system.totalSupply)
    if (written === null) throw new DecodeFault(`effects of ${ref.hash}`, 'a U512 as total supply', null)
    supply = written ?? supply
  }
  return supply
}
