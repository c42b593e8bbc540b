import type { RewardsHandling } from '../../src/domain/supply/sustain.ts'
import { STAKE_KINDS, type StakeKind, type TransactionKind } from '../../src/domain/transaction.ts'
import type { ChainTransaction } from '../decode/transaction.ts'

/** Addresses of system contracts that tell what a call means and where the supply is kept. */
export interface SystemContracts {
  /** Hash of the auction, null where the node could not name it. */
  readonly auction: string | null
  /** Purse address of the mint's total supply URef. */
  readonly totalSupply: string | null
  /** Eras from an unbonding's creation to its payment, as the chainspec says; null or left out where it is not known. */
  readonly unbondingDelay?: number | null
  /** Who gets an era's new motes, as the chainspec says; null or left out where it is not known. */
  readonly rewardsHandling?: RewardsHandling | null
}

const STAKE = new Set<string>(STAKE_KINDS)

/** How a transaction moves stake, if it does. */
export function toStakeKind(transaction: ChainTransaction, system: SystemContracts): StakeKind | null {
  const { session } = transaction
  if (session.target === 'native') return isStakeKind(session.entryPoint) ? session.entryPoint : null
  if (session.target === 'stored')
    return isAuctionCall(transaction, system) ? (session.entryPoint as StakeKind) : null
  return session.target === 'module' ? toModuleStakeKind(transaction) : null
}

export function toKind(transaction: ChainTransaction, system: SystemContracts): TransactionKind {
  const { session } = transaction
  if (session.target === 'transfer') return 'transfer'
  if (session.target === 'native' && session.entryPoint === 'burn') return 'burn'
  const stake = toStakeKind(transaction, system)
  if (stake !== null) return stake
  if (session.target === 'stored') return 'call'
  return session.isInstall ? 'install' : 'session'
}

function isStakeKind(name: string | null): name is StakeKind {
  return name !== null && STAKE.has(name)
}

/**
 * A call of the auction. By hash it is certain. Behind a name or a package another contract may have an entry point of
 * that name, so its arguments must be the auction's.
 */
function isAuctionCall({ session }: ChainTransaction, system: SystemContracts): boolean {
  if (!isStakeKind(session.entryPoint)) return false
  if (session.contractBy === 'hash' && system.auction !== null) return session.contract === system.auction
  return hasAuctionArgs(session.entryPoint, session.args)
}

type Args = ChainTransaction['session']['args']

function hasAuctionArgs(kind: StakeKind, args: Args): boolean {
  switch (kind) {
    case 'delegate':
    case 'undelegate':
      return args.has('validator', 'amount') && (args.has('delegator') || args.has('delegator_purse'))
    case 'redelegate':
      return args.has('validator', 'new_validator', 'amount')
    case 'add_bid':
      return args.has('public_key', 'amount', 'delegation_rate')
    case 'withdraw_bid':
      return args.has('public_key', 'amount')
    case 'activate_bid':
      return args.has('validator') || args.has('validator_public_key')
    case 'change_bid_public_key':
      return args.has('public_key', 'new_public_key')
    case 'add_reservations':
      return args.has('reservations')
    case 'cancel_reservations':
      return args.has('validator', 'delegators')
  }
}

/**
 * Module bytes that move stake: the auction clients (`delegate.wasm` and others) that wallets sent in 1.x. They are
 * known by their arguments, and what they did by their effects: the same arguments serve delegate and undelegate.
 */
function toModuleStakeKind({
  session: { args },
  execution: { effects },
}: ChainTransaction): StakeKind | null {
  const queued = effects.queues.length > 0
  if (!queued && !effects.wroteBid) return null
  if (args.has('new_validator') && hasAuctionArgs('redelegate', args)) return 'redelegate'
  if (hasAuctionArgs('delegate', args)) return queued ? 'undelegate' : 'delegate'
  if (hasAuctionArgs('add_bid', args)) return 'add_bid'
  if (hasAuctionArgs('withdraw_bid', args) && queued) return 'withdraw_bid'
  if (args.has('validator_public_key')) return 'activate_bid'
  return null
}
