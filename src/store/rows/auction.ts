import type { Absence, Bid, Delegation, Unbonding } from '../../domain/auction.ts'
import type { bids, delegations, unbondings } from '../schema/auction.ts'
import type { absences } from '../schema/operations.ts'
import { type PartyColumns, type PartyRow, toParty, toPublicKey } from './party.ts'
import { fitText } from './text.ts'

export type BidRow = typeof bids.$inferSelect
export type DelegationRow = typeof delegations.$inferSelect
export type UnbondingRow = typeof unbondings.$inferSelect
export type AbsenceRow = typeof absences.$inferSelect

type Keyed = Pick<PartyRow, 'publicKey'>

/** Width of the column, in characters. A node's message has no bound. */
const REASON_LENGTH = 300

export function toBidRow({ validator: _, ...bid }: Bid, eraId: number, validatorId: number): BidRow {
  return { eraId, validatorId, ...bid }
}

export function toBid({ eraId: _era, validatorId: _id, ...bid }: BidRow, validator: Keyed): Bid {
  return { validator: toPublicKey(validator), ...bid }
}

export function toDelegationRow(
  { stake }: Delegation,
  eraId: number,
  validatorId: number,
  delegatorId: number,
): DelegationRow {
  return { delegatorId, eraId, validatorId, stake }
}

export function toDelegation(row: DelegationRow, validator: Keyed, delegator: PartyColumns): Delegation {
  return { validator: toPublicKey(validator), delegator: toParty(delegator), stake: row.stake }
}

export type UnbondingIds = Pick<UnbondingRow, 'validatorId' | 'delegatorId' | 'newValidatorId'>

export function toUnbondingRow(unbonding: Unbonding, ids: UnbondingIds): UnbondingRow {
  const { height, ordinal, entry, eraId, amount, releaseEra } = unbonding
  return { height, ordinal, entry, eraId, ...ids, amount, releaseEra }
}

export interface UnbondingParties {
  readonly validator: Keyed
  readonly delegator: PartyColumns
  readonly newValidator: Keyed | null
}

export function toUnbonding(
  { height, ordinal, entry, eraId, amount, releaseEra }: Omit<UnbondingRow, keyof UnbondingIds>,
  { validator, delegator, newValidator }: UnbondingParties,
): Unbonding {
  return {
    height,
    ordinal,
    entry,
    eraId,
    validator: toPublicKey(validator),
    delegator: toParty(delegator),
    newValidator: newValidator && toPublicKey(newValidator),
    amount,
    releaseEra,
  }
}

export function toAbsenceRow({ height, figure, reason }: Absence): AbsenceRow {
  return { height, figure, reason: fitText(reason, REASON_LENGTH) }
}
