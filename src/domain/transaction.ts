import type { Hash } from './hash.ts'
import type { Party } from './keys.ts'
import type { Motes } from './motes.ts'
import type { Ms } from './time.ts'

/** Ways to move stake; each is also a transaction kind. */
export const STAKE_KINDS = [
  'delegate',
  'undelegate',
  'redelegate',
  'add_bid',
  'withdraw_bid',
  'activate_bid',
  'change_bid_public_key',
  'add_reservations',
  'cancel_reservations',
] as const

export type StakeKind = (typeof STAKE_KINDS)[number]

/** `call` runs a stored contract, `session` runs module bytes, `install` is a session that installs or upgrades. */
export const TRANSACTION_KINDS = ['transfer', 'burn', ...STAKE_KINDS, 'call', 'session', 'install'] as const

export type TransactionKind = (typeof TRANSACTION_KINDS)[number]

/** A deploy (1.x) or transaction (2.x) that was executed in a block. */
export interface Transaction {
  readonly hash: Hash
  readonly height: number
  /** Position in the block's body: deploys then transfers in 1.x, lanes ascending in 2.x. */
  readonly ordinal: number
  readonly eraId: number
  readonly format: 'deploy' | 'transaction'
  readonly kind: TransactionKind
  /** 2.x only. */
  readonly lane: number | null
  readonly sender: Party
  readonly entryPoint: string | null
  /** Hash or name of the stored contract or package that was called. */
  readonly contract: string | null
  readonly createdAt: Ms
  readonly success: boolean
  readonly error: string | null
  /** Motes offered for gas; null where a 1.x result does not say. */
  readonly limit: Motes | null
  readonly consumed: Motes | null
  /** As the node's result says it. In 1.x this is not all that the payer lost (the unspent payment is charged 1 %). */
  readonly cost: Motes
  readonly refund: Motes | null
}

/** One change of stake that a transaction asked for, whether it succeeded or not. */
export interface StakeMovement {
  readonly height: number
  readonly ordinal: number
  readonly eraId: number
  readonly kind: StakeKind
  readonly via: 'native' | 'contract' | 'session'
  readonly validator: Party | null
  /** redelegate, change_bid_public_key */
  readonly newValidator: Party | null
  readonly delegator: Party | null
  /** What was asked for; a withdrawal may ask for more than there is. */
  readonly amount: Motes | null
  /**
   * What the execution's effects show to have moved: into the auction's purses, or into the unbonding queue (a
   * validator that leaves takes its delegators along). 0 where it failed or did nothing, null where effects do not tell.
   */
  readonly moved: Motes | null
  /** Percent, 0 to 100; add_bid only. */
  readonly delegationRate: number | null
  readonly success: boolean
}
