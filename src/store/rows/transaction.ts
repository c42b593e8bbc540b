import type { Transaction } from '../../domain/transaction.ts'
import type { transactions } from '../schema/chain.ts'
import { FORMAT_CODES, TRANSACTION_KIND_CODES, toWord } from './codes.ts'
import { type PartyColumns, toParty } from './party.ts'
import { fitNullable } from './text.ts'

export type TransactionRow = typeof transactions.$inferSelect

/** Widths of the columns, in characters. Names are the caller's and have no bound on the chain. */
const NAME_LENGTH = 255
const ERROR_LENGTH = 1000

export function toTransactionRow(transaction: Transaction, senderId: number): TransactionRow {
  return {
    height: transaction.height,
    ordinal: transaction.ordinal,
    hash: transaction.hash,
    eraId: transaction.eraId,
    format: FORMAT_CODES[transaction.format],
    kind: TRANSACTION_KIND_CODES[transaction.kind],
    lane: transaction.lane,
    senderId,
    entryPoint: fitNullable(transaction.entryPoint, NAME_LENGTH),
    contract: fitNullable(transaction.contract, NAME_LENGTH),
    createdAt: transaction.createdAt,
    success: transaction.success,
    error: fitNullable(transaction.error, ERROR_LENGTH),
    gasLimit: transaction.limit,
    consumed: transaction.consumed,
    cost: transaction.cost,
    refund: transaction.refund,
  }
}

export function toTransaction(row: TransactionRow, sender: PartyColumns): Transaction {
  return {
    hash: row.hash,
    height: row.height,
    ordinal: row.ordinal,
    eraId: row.eraId,
    format: toWord(FORMAT_CODES, row.format),
    kind: toWord(TRANSACTION_KIND_CODES, row.kind),
    lane: row.lane,
    sender: toParty(sender),
    entryPoint: row.entryPoint,
    contract: row.contract,
    createdAt: row.createdAt,
    success: row.success,
    error: row.error,
    limit: row.gasLimit,
    consumed: row.consumed,
    cost: row.cost,
    refund: row.refund,
  }
}
