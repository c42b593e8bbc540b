import { type AccountHash, type PublicKey, SYSTEM_ACCOUNT, toAccountHash } from '../../src/domain/keys.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import type { ChainBlock } from '../decode/block.ts'
import type { ChainTransaction } from '../decode/transaction.ts'

/** Transfers of a block: by transaction, then in the order of its result. */
export function toTransfers(block: ChainBlock, transactions: readonly ChainTransaction[]): Transfer[] {
  const transfers: Transfer[] = []
  for (const transaction of transactions) {
    const keys = toKnownKeys(transaction)
    for (const { from, to, ...rest } of transaction.execution.transfers) {
      transfers.push({
        ...rest,
        height: block.height,
        ordinal: transfers.length,
        eraId: block.eraId,
        time: block.time,
        transactionHash: transaction.ref.hash,
        from,
        fromKey: keys.get(from) ?? null,
        to,
        toKey: to === null ? null : (keys.get(to) ?? null),
        auction: to === SYSTEM_ACCOUNT,
      })
    }
  }
  return transfers
}

/** The same few keys send most transfers, and a hash costs more than all else that is done for one. */
const hashes = new Map<PublicKey, AccountHash>()
const MOST_HASHES = 20_000

function toHash(key: PublicKey): AccountHash {
  const known = hashes.get(key)
  if (known !== undefined) return known
  if (hashes.size >= MOST_HASHES) hashes.clear()
  const hash = toAccountHash(key)
  hashes.set(key, hash)
  return hash
}

/** Account hashes that this transaction shows the keys of: its sender's and a native transfer's target's. */
function toKnownKeys({ sender, session, execution }: ChainTransaction): Map<string, PublicKey> {
  const keys = new Map<string, PublicKey>()
  if (sender.kind === 'key') keys.set(toHash(sender.key), sender.key)
  if (session.target === 'transfer' && execution.success) {
    const target = session.args.party('target')
    if (target?.kind === 'key') keys.set(toHash(target.key), target.key)
  }
  return keys
}
