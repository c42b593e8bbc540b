import type { Party } from '../../domain/keys.ts'
import type { Change } from '../change.ts'
import { type PartyWord, toLast, toPartyWord, toTransferWords } from '../party-order.ts'
import {
  type AbsenceRow,
  type BidRow,
  type DelegationRow,
  toAbsenceRow,
  toBidRow,
  toDelegationRow,
  toUnbondingRow,
  type UnbondingRow,
} from './auction.ts'
import { type BlockRow, toBlockRow } from './block.ts'
import { type EraRow, toEraRow } from './era.ts'
import { type EraValidatorRow, type RewardRow, toEraValidatorRow, toRewardRow } from './reward.ts'
import { type StakeMovementRow, toStakeMovementRow } from './stake.ts'
import { type TransactionRow, toTransactionRow } from './transaction.ts'
import { type TransferRow, toTransferRow } from './transfer.ts'

/** The rows of a change, table by table. */
export interface ChangeRows {
  readonly blocks: BlockRow[]
  readonly eras: EraRow[]
  readonly transactions: TransactionRow[]
  readonly transfers: TransferRow[]
  readonly stakeMovements: StakeMovementRow[]
  readonly eraValidators: EraValidatorRow[]
  readonly rewards: RewardRow[]
  readonly bids: BidRow[]
  readonly delegations: DelegationRow[]
  readonly unbondings: UnbondingRow[]
  readonly absences: AbsenceRow[]
}

/** @param idOf knows every party of the change */
export function toChangeRows(change: Change, idOf: (word: PartyWord) => number): ChangeRows {
  const { unbondings = [], auctions = [], absences = [] } = change
  const toId = (party: Party) => idOf(toPartyWord(party))
  const toIdOrNull = (party: Party | null) => (party === null ? null : toId(party))
  return {
    blocks: change.blocks.map((block) => toBlockRow(block, idOf(block.proposer))),
    eras: change.eras.map(toEraRow),
    transactions: change.transactions.map((transaction) =>
      toTransactionRow(transaction, toId(transaction.sender)),
    ),
    transfers: change.transfers.map((transfer) => {
      const { from, to, source, target } = toTransferWords(transfer)
      const toOrNull = to === null ? null : idOf(to)
      const ids = { fromId: idOf(from), toId: toOrNull, sourceId: idOf(source), targetId: idOf(target) }
      return toTransferRow(transfer, ids)
    }),
    stakeMovements: change.stakeMovements.map((movement) =>
      toStakeMovementRow(movement, {
        validatorId: toIdOrNull(movement.validator),
        newValidatorId: toIdOrNull(movement.newValidator),
        delegatorId: toIdOrNull(movement.delegator),
      }),
    ),
    eraValidators: Array.from(toLast(change.eraValidators), (row) =>
      toEraValidatorRow(row, idOf(row.validator)),
    ),
    rewards: toRewardRows(change, idOf),
    bids: auctions.flatMap(({ eraId, bids }) => bids.map((bid) => toBidRow(bid, eraId, idOf(bid.validator)))),
    delegations: auctions.flatMap(({ eraId, delegations }) =>
      delegations.map((delegation) =>
        toDelegationRow(delegation, eraId, idOf(delegation.validator), toId(delegation.delegator)),
      ),
    ),
    unbondings: unbondings.map((unbonding) =>
      toUnbondingRow(unbonding, {
        validatorId: idOf(unbonding.validator),
        delegatorId: toId(unbonding.delegator),
        newValidatorId: unbonding.newValidator === null ? null : idOf(unbonding.newValidator),
      }),
    ),
    absences: absences.map(toAbsenceRow),
  }
}

/** @throws {RangeError} for a second reward of one pair in one era: it would replace the first instead of adding to it */
function toRewardRows({ rewards }: Change, idOf: (word: PartyWord) => number): RewardRow[] {
  const pairs = new Set<string>()
  return rewards.map((reward) => {
    const row = toRewardRow(reward, idOf(reward.validator), idOf(toPartyWord(reward.delegator)))
    const pair = `${row.eraId} ${row.validatorId} ${row.delegatorId}`
    if (pairs.has(pair)) throw new RangeError(`Two rewards for one pair in era ${reward.eraId}.`)
    pairs.add(pair)
    return row
  })
}
