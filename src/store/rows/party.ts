import { type Party, type PublicKey, toAccountHash } from '../../domain/keys.ts'
import type { parties } from '../schema/chain.ts'

export const ACCOUNT = 0
export const PURSE = 1

export type PartyKind = typeof ACCOUNT | typeof PURSE

export type PartyRow = typeof parties.$inferSelect

/** The columns of `parties` that say who a party is. */
export type PartyColumns = Pick<PartyRow, 'kind' | 'address' | 'publicKey'>

/** A party as the store keys it: a public key is its account. BLAKE2b is computed here, so callers remember the answer. */
export function toPartyColumns(party: Party): PartyColumns {
  if (party.kind === 'purse') return { kind: PURSE, address: party.purse, publicKey: null }
  if (party.kind === 'account') return { kind: ACCOUNT, address: party.hash, publicKey: null }
  return { kind: ACCOUNT, address: toAccountHash(party.key), publicKey: party.key }
}

/** The most that is known of a party: a row written for a bare account hash reads as a key once the key was seen. */
export function toParty(row: PartyColumns): Party {
  if (row.kind === PURSE) return { kind: 'purse', purse: row.address }
  if (row.publicKey !== null) return { kind: 'key', key: row.publicKey }
  return { kind: 'account', hash: row.address }
}

/** For columns that hold validators and proposers, which are always known by key. */
export function toPublicKey(row: Pick<PartyRow, 'publicKey'> | null): PublicKey {
  if (row?.publicKey == null) throw new RangeError('The store names a validator without its public key.')
  return row.publicKey
}
