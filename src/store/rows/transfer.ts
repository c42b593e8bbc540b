import type { Transfer } from '../../domain/transfer.ts'
import type { transfers } from '../schema/chain.ts'
import type { PartyRow } from './party.ts'

export type TransferRow = typeof transfers.$inferSelect

/** Ids of the four parties of a transfer: two accounts, two purses. */
export type TransferIds = Pick<TransferRow, 'fromId' | 'toId' | 'sourceId' | 'targetId'>

type Account = Pick<PartyRow, 'address' | 'publicKey'>

/** Who a transfer's ids stand for. */
export interface TransferParties {
  readonly from: Account
  readonly to: Account | null
  readonly source: Pick<PartyRow, 'address'>
  readonly target: Pick<PartyRow, 'address'>
}

export function toTransferRow(transfer: Transfer, ids: TransferIds): TransferRow {
  return {
    height: transfer.height,
    ordinal: transfer.ordinal,
    eraId: transfer.eraId,
    time: transfer.time,
    transactionHash: transfer.transactionHash,
    ...ids,
    amount: transfer.amount,
    id: transfer.id,
    auction: transfer.auction,
  }
}

export function toTransfer(row: Omit<TransferRow, keyof TransferIds>, parties: TransferParties): Transfer {
  return {
    height: row.height,
    ordinal: row.ordinal,
    eraId: row.eraId,
    time: row.time,
    transactionHash: row.transactionHash,
    from: parties.from.address,
    fromKey: parties.from.publicKey,
    to: parties.to?.address ?? null,
    toKey: parties.to?.publicKey ?? null,
    source: parties.source.address,
    target: parties.target.address,
    amount: row.amount,
    id: row.id,
    auction: row.auction,
  }
}
