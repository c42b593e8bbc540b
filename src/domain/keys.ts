import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** Algorithm tag and key in lower-case hex: `01` + 32 bytes (ed25519), `02` + 33 bytes (secp256k1), or `00` (the system). */
export type PublicKey = string

/** 32 bytes in lower-case hex, without the `account-hash-` prefix. */
export type AccountHash = string

/** The 32-byte address of a purse in lower-case hex, without `uref-` and without the access rights suffix. */
export type Purse = string

/** Who delegates, sends or receives: a key, an account of which only the hash is known, or a bare purse. */
export type Party =
  | { readonly kind: 'key'; readonly key: PublicKey }
  | { readonly kind: 'account'; readonly hash: AccountHash }
  | { readonly kind: 'purse'; readonly purse: Purse }

/** Proposer of genesis and of immediate switch blocks. */
export const SYSTEM_KEY: PublicKey = '00'

/** Owner of the auction's and the mint's purses: transfers to it are stake movements, not transfers between people. */
export const SYSTEM_ACCOUNT: AccountHash = '6174cf2e6f8fed1715c9a3bace9c50bfe572eecb763b0ed3f644532616452008'

const PUBLIC_KEY = /^(01[0-9a-f]{64}|02[0-9a-f]{66})$/
const ACCOUNT_HASH = /^(?:account-hash-)?([0-9a-f]{64})$/
const PURSE = /^uref-([0-9a-f]{64})(?:-[0-7]{3})?$/

/** What `parseParty` accepts, for problem documents. */
export const PARTY_FORMS = [
  'public key (01… or 02…)',
  'account hash (with or without account-hash-)',
  'purse (uref-…)',
]

/** @throws {SyntaxError} */
export function parsePublicKey(text: string): PublicKey {
  const lower = text.toLowerCase()
  if (lower !== SYSTEM_KEY && !PUBLIC_KEY.test(lower)) {
    throw new SyntaxError(`Not a public key: ${JSON.stringify(text)}`)
  }
  return lower
}

/** @throws {SyntaxError} */
export function parseAccountHash(text: string): AccountHash {
  const hash = ACCOUNT_HASH.exec(text.toLowerCase())?.[1]
  if (hash === undefined) throw new SyntaxError(`Not an account hash: ${JSON.stringify(text)}`)
  return hash
}

/** Drops the access rights: the same purse is written with -004, -007 and others. @throws {SyntaxError} */
export function parsePurse(text: string): Purse {
  const purse = PURSE.exec(text.toLowerCase())?.[1]
  if (purse === undefined) throw new SyntaxError(`Not a purse: ${JSON.stringify(text)}`)
  return purse
}

/** A key, an account hash or a purse as people paste it, in any case. @throws {SyntaxError} */
export function parseParty(text: string): Party {
  const lower = text.trim().toLowerCase()
  if (PUBLIC_KEY.test(lower)) return { kind: 'key', key: lower }
  if (lower.startsWith('uref-')) return { kind: 'purse', purse: parsePurse(lower) }
  return { kind: 'account', hash: parseAccountHash(lower) }
}

/**
 * Account hash of a public key: BLAKE2b-256 of the algorithm's name, a zero byte and the raw key
 * (casper-types, `AccountHash::from_public_key`). The system's key has the well-known account.
 */
export function toAccountHash(key: PublicKey): AccountHash {
  if (key === SYSTEM_KEY) return SYSTEM_ACCOUNT
  const algorithm = key.startsWith('01') ? 'ed25519' : 'secp256k1'
  const message = concatBytes(utf8ToBytes(algorithm), Uint8Array.of(0), hexToBytes(key.slice(2)))
  return bytesToHex(blake2b(message, { dkLen: 32 }))
}
