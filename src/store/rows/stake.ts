import type { StakeMovement } from '../../domain/transaction.ts'
import type { stakeMovements } from '../schema/chain.ts'
import { STAKE_KIND_CODES, toWord, VIA_CODES } from './codes.ts'
import { type PartyColumns, toParty } from './party.ts'

export type StakeMovementRow = typeof stakeMovements.$inferSelect

export type StakeMovementIds = Pick<StakeMovementRow, 'validatorId' | 'newValidatorId' | 'delegatorId'>

/** Who a movement's ids stand for. */
export interface StakeMovementParties {
  readonly validator: PartyColumns | null
  readonly newValidator: PartyColumns | null
  readonly delegator: PartyColumns | null
}

export function toStakeMovementRow(movement: StakeMovement, ids: StakeMovementIds): StakeMovementRow {
  return {
    height: movement.height,
    ordinal: movement.ordinal,
    eraId: movement.eraId,
    kind: STAKE_KIND_CODES[movement.kind],
    via: VIA_CODES[movement.via],
    ...ids,
    amount: movement.amount,
    moved: movement.moved,
    delegationRate: movement.delegationRate,
    success: movement.success,
  }
}

export function toStakeMovement(
  row: Omit<StakeMovementRow, keyof StakeMovementIds>,
  parties: StakeMovementParties,
): StakeMovement {
  return {
    height: row.height,
    ordinal: row.ordinal,
    eraId: row.eraId,
    kind: toWord(STAKE_KIND_CODES, row.kind),
    via: toWord(VIA_CODES, row.via),
    validator: parties.validator && toParty(parties.validator),
    newValidator: parties.newValidator && toParty(parties.newValidator),
    delegator: parties.delegator && toParty(parties.delegator),
    amount: row.amount,
    moved: row.moved,
    delegationRate: row.delegationRate,
    success: row.success,
  }
}
