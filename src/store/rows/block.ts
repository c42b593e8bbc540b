import type { Block } from '../../domain/block.ts'
import type { blocks } from '../schema/chain.ts'
import { toCountColumns, toCounts } from './counts.ts'
import { type PartyRow, toPublicKey } from './party.ts'

export type BlockRow = typeof blocks.$inferSelect

export function toBlockRow(block: Block, proposerId: number): BlockRow {
  return {
    height: block.height,
    hash: block.hash,
    parentHash: block.parentHash,
    stateRootHash: block.stateRootHash,
    eraId: block.eraId,
    time: block.time,
    generation: block.generation,
    protocolVersion: block.protocolVersion,
    proposerId,
    isSwitch: block.isSwitch,
    gasPrice: block.gasPrice,
    ...toCountColumns(block.counts),
    lanes: block.lanes,
    transfersCount: block.transfersCount,
    transfersVolume: block.transfersVolume,
    staked: block.staked,
    undelegated: block.undelegated,
    fees: block.fees,
    burned: block.burned,
    totalSupply: block.totalSupply,
  }
}

export function toBlock(row: BlockRow, proposer: Pick<PartyRow, 'publicKey'> | null): Block {
  return {
    height: row.height,
    hash: row.hash,
    parentHash: row.parentHash,
    stateRootHash: row.stateRootHash,
    eraId: row.eraId,
    time: row.time,
    generation: row.generation === 1 ? 1 : 2,
    protocolVersion: row.protocolVersion,
    proposer: toPublicKey(proposer),
    isSwitch: row.isSwitch,
    gasPrice: row.gasPrice,
    counts: toCounts(row),
    lanes: row.lanes,
    transfersCount: row.transfersCount,
    transfersVolume: row.transfersVolume,
    staked: row.staked,
    undelegated: row.undelegated,
    fees: row.fees,
    burned: row.burned,
    totalSupply: row.totalSupply,
  }
}
