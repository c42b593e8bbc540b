import type { Circulating, Era } from '../../domain/era.ts'
import type { eras } from '../schema/chain.ts'
import { toCountColumns, toCounts } from './counts.ts'

export type EraRow = typeof eras.$inferSelect

export function toEraRow(era: Era): EraRow {
  return {
    id: era.id,
    startHeight: era.startHeight,
    endHeight: era.endHeight,
    start: era.start,
    end: era.end,
    protocolVersion: era.protocolVersion,
    blocksCount: era.blocksCount,
    ...toCountColumns(era.counts),
    transfersCount: era.transfersCount,
    transfersVolume: era.transfersVolume,
    staked: era.staked,
    undelegated: era.undelegated,
    fees: era.fees,
    burned: era.burned,
    minted: era.minted,
    sustained: era.sustained,
    validatorsCount: era.validatorsCount,
    validatorsWeight: era.validatorsWeight,
    nextValidatorsWeight: era.nextValidatorsWeight,
    validatorsRewards: era.validatorsRewards,
    delegatorsRewards: era.delegatorsRewards,
    rewardedValidators: era.rewardedValidators,
    rewardedDelegators: era.rewardedDelegators,
    totalSupply: era.totalSupply,
    supplyAdjustment: era.supplyAdjustment,
    declaredAdjustment: era.declaredAdjustment,
    feesBurned: era.feesBurned,
    circulatingMethod: era.circulating?.method ?? null,
    circulating: era.circulating?.total ?? null,
    circulatingValidators: era.circulating?.validators ?? null,
    circulatingTransfers: era.circulating?.transfers ?? null,
    circulatingRewards: era.circulating?.rewards ?? null,
  }
}

export function toEra(row: EraRow): Era {
  return {
    id: row.id,
    startHeight: row.startHeight,
    endHeight: row.endHeight,
    start: row.start,
    end: row.end,
    protocolVersion: row.protocolVersion,
    blocksCount: row.blocksCount,
    counts: toCounts(row),
    transfersCount: row.transfersCount,
    transfersVolume: row.transfersVolume,
    staked: row.staked,
    undelegated: row.undelegated,
    fees: row.fees,
    burned: row.burned,
    minted: row.minted,
    sustained: row.sustained,
    validatorsCount: row.validatorsCount,
    validatorsWeight: row.validatorsWeight,
    nextValidatorsWeight: row.nextValidatorsWeight,
    validatorsRewards: row.validatorsRewards,
    delegatorsRewards: row.delegatorsRewards,
    rewardedValidators: row.rewardedValidators,
    rewardedDelegators: row.rewardedDelegators,
    totalSupply: row.totalSupply,
    supplyAdjustment: row.supplyAdjustment,
    declaredAdjustment: row.declaredAdjustment ?? 0n,
    feesBurned: row.feesBurned,
    circulating: toCirculating(row),
  }
}

function toCirculating(row: EraRow): Circulating | null {
  if (row.circulatingMethod === null) return null
  return {
    method: row.circulatingMethod,
    total: row.circulating ?? 0n,
    validators: row.circulatingValidators ?? 0n,
    transfers: row.circulatingTransfers ?? 0n,
    rewards: row.circulatingRewards ?? 0n,
  }
}
