import type { StakeKind, StakeMovement, Transaction, TransactionKind } from '../../domain/transaction.ts'

/* Numbers that stand for words in the store. Stored for ever: numbers are added, never changed or used again. */

export const TRANSACTION_KIND_CODES: Readonly<Record<TransactionKind, number>> = {
  transfer: 1,
  burn: 2,
  call: 3,
  session: 4,
  install: 5,
  delegate: 10,
  undelegate: 11,
  redelegate: 12,
  add_bid: 13,
  withdraw_bid: 14,
  activate_bid: 15,
  change_bid_public_key: 16,
  add_reservations: 17,
  cancel_reservations: 18,
}

/** A movement's kind has the number of the transaction kind of that name. */
export const STAKE_KIND_CODES: Readonly<Record<StakeKind, number>> = TRANSACTION_KIND_CODES

export const FORMAT_CODES: Readonly<Record<Transaction['format'], number>> = { deploy: 1, transaction: 2 }

export const VIA_CODES: Readonly<Record<StakeMovement['via'], number>> = {
  native: 1,
  contract: 2,
  session: 3,
}

/** @returns the word of a number; a store written by a newer release may hold one that this one does not know */
export function toWord<W extends string>(codes: Readonly<Record<W, number>>, code: number): W {
  for (const word in codes) if (codes[word] === code) return word
  throw new RangeError(`The store holds the number ${code}, which this release does not know: upgrade it.`)
}
