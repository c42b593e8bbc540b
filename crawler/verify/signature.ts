import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { promisify } from 'node:util'
import type { PublicKey } from '../../src/domain/keys.ts'
import type { ChainBlock } from '../decode/block.ts'
import type { FinalitySignature } from '../decode/signatures.ts'
import { toDigest } from './blake2b.ts'

/**
 * The bytes that the validators of a block sign (casper-types 6, `FinalitySignatureV1` and `V2`): hash and era, and
 * since 2.0 the height and the chain's name as well, so that no signature is of use on another chain.
 */
export function toSignedBytes(block: ChainBlock, network: string): Buffer {
  const bytes = Buffer.alloc(block.generation === 1 ? 40 : 80)
  bytes.write(block.hash, 0, 'hex')
  if (block.generation === 1) {
    bytes.writeBigUInt64LE(BigInt(block.eraId), 32)
    return bytes
  }
  bytes.writeBigUInt64LE(BigInt(block.height), 32)
  bytes.writeBigUInt64LE(BigInt(block.eraId), 40)
  bytes.write(toDigest(Buffer.from(network)), 48, 'hex')
  return bytes
}

/**
 * Whether each of these signatures is its key's over these bytes, in their order. False also for a key that is no point of
 * its curve.
 *
 * Ed25519 is checked as RFC 8032 has it, without cofactor, and ECDSA with either of the two values of s. casper-node
 * is stricter on both (`verify_strict`, low s only), which makes no difference here: an honest node keeps no signature
 * that it would refuse, and nobody can make either form without the secret key.
 *
 * Checked on libuv's pool: those of one switch block of mainnet take some 15 ms, in which all else would stand still.
 */
export async function areValid(
  signatures: readonly FinalitySignature[],
  message: Buffer,
): Promise<readonly boolean[]> {
  return Promise.all(signatures.map((one) => isValid(one, message)))
}

async function isValid({ validator, signature }: FinalitySignature, message: Buffer): Promise<boolean> {
  const key = findKey(validator)
  if (key === null) return false
  const bytes = Buffer.from(signature, 'hex')
  try {
    return await (validator.startsWith(ED25519)
      ? verifyInPool(null, message, key, bytes)
      : verifyInPool('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, bytes))
  } catch {
    // What the library cannot even try is no signature.
    return false
  }
}

const verifyInPool = promisify(verify)

const ED25519 = '01'

/** SubjectPublicKeyInfo up to the key's own bytes: RFC 8410 for Ed25519; RFC 5480, compressed point, for secp256k1. */
const PREFIX = { '01': '302a300506032b6570032100', '02': '3036301006072a8648ce3d020106052b8104000a032200' }

/**
 * Making a key costs half as much as checking a signature, and the same hundred validators sign for months. The bound
 * is some forty sets of mainnet, against answers that make up keys.
 */
const keys = new Map<PublicKey, KeyObject | null>()
const MOST_KEYS = 4096

function findKey(validator: PublicKey): KeyObject | null {
  const known = keys.get(validator)
  if (known !== undefined) return known
  if (keys.size >= MOST_KEYS) keys.clear()
  const key = toKey(validator)
  keys.set(validator, key)
  return key
}

function toKey(validator: PublicKey): KeyObject | null {
  const prefix = PREFIX[validator.slice(0, 2) as keyof typeof PREFIX]
  if (prefix === undefined) return null
  try {
    const der = Buffer.from(prefix + validator.slice(2), 'hex')
    return createPublicKey({ key: der, format: 'der', type: 'spki' })
  } catch {
    return null
  }
}
