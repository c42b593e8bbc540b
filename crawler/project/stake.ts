import { type Party, type PublicKey, SYSTEM_ACCOUNT } from '../../src/domain/keys.ts'
import { type Motes, sumMotes } from '../../src/domain/motes.ts'
import type { StakeKind, StakeMovement } from '../../src/domain/transaction.ts'
import type { ChainTransaction } from '../decode/transaction.ts'

export interface Place {
  readonly height: number
  readonly ordinal: number
  readonly eraId: number
}

/**
 * The movement that a transaction of a stake kind asked for. Arguments that a failed call left out stay null.
 * @param unbonded what the transaction put into unbonding queues
 */
export function toStakeMovement(
  transaction: ChainTransaction,
  kind: StakeKind,
  place: Place,
  unbonded: Motes,
): StakeMovement {
  const { session, execution, sender } = transaction
  const isChecked = execution.success && session.target !== 'module'
  const args = isChecked ? session.args : session.args.unchecked()
  const withKey = (...names: string[]): Party | null => {
    for (const name of names) {
      const key: PublicKey | null = args.key(name)
      if (key !== null) return { kind: 'key', key }
    }
    return null
  }
  const delegates = kind === 'delegate' || kind === 'undelegate' || kind === 'redelegate'
  return {
    ...place,
    kind,
    via: session.target === 'native' ? 'native' : session.target === 'stored' ? 'contract' : 'session',
    validator:
      delegates || kind === 'cancel_reservations'
        ? withKey('validator')
        : kind === 'add_reservations'
          ? sender
          : withKey('public_key', 'validator_public_key', 'validator'),
    newValidator: kind === 'change_bid_public_key' ? withKey('new_public_key') : withKey('new_validator'),
    delegator: delegates ? (args.purse('delegator_purse') ?? withKey('delegator')) : null,
    amount: args.motes('amount'),
    moved: execution.success ? toMoved(transaction, kind, unbonded) : 0n,
    delegationRate: kind === 'add_bid' ? args.byte('delegation_rate') : null,
    success: execution.success,
  }
}

/** What really moved: CSPR into the auction's purses, or stake into the unbonding queues. */
function toMoved({ execution }: ChainTransaction, kind: StakeKind, unbonded: Motes): Motes {
  if (kind === 'delegate' || kind === 'add_bid') {
    return sumMotes(execution.transfers.filter(({ to }) => to === SYSTEM_ACCOUNT).map(({ amount }) => amount))
  }
  return kind === 'undelegate' || kind === 'withdraw_bid' || kind === 'redelegate' ? unbonded : 0n
}

/** Stake into the network and out of it. A redelegation leaves one validator and lands at another: it is both. */
export function toStaked(movement: StakeMovement): { staked: Motes; undelegated: Motes } {
  const moved = movement.moved ?? 0n
  switch (movement.kind) {
    case 'delegate':
    case 'add_bid':
      return { staked: moved, undelegated: 0n }
    case 'undelegate':
    case 'withdraw_bid':
      return { staked: 0n, undelegated: moved }
    case 'redelegate':
      return { staked: moved, undelegated: moved }
    default:
      return { staked: 0n, undelegated: 0n }
  }
}
