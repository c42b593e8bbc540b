import { createECDH, createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto'
import { Purpose, type Random } from './random.ts'

/** A key that can sign. */
export type SigningKey =
  | {
      readonly kind: 'ed25519'
      readonly publicKey: string
      readonly secret: Buffer
      readonly object: KeyObject
    }
  | { readonly kind: 'secp256k1'; readonly publicKey: string; readonly secret: Buffer }

/** DER around the 32 secret bytes of an ed25519 key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The nth key; every third is secp256k1. */
export function createSigningKey(random: Random, index: number): SigningKey {
  const secret = random.bytes(Purpose.validator, index)
  if (index % 3 === 2) {
    // Below the group's order, whose first byte is ff.
    secret[0] = 0x01
    return { kind: 'secp256k1', publicKey: `02${toPoint(secret).toString('hex')}`, secret }
  }
  const object = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(object).export({ format: 'jwk' })
  const publicKey = `01${Buffer.from(x as string, 'base64url').toString('hex')}`
  return { kind: 'ed25519', publicKey, secret, object }
}

/** The compressed point of a secp256k1 secret. */
export function toPoint(secret: Buffer): Buffer {
  const ecdh = createECDH('secp256k1')
  ecdh.setPrivateKey(secret)
  return ecdh.getPublicKey(null, 'compressed')
}

/**
 * The key of an account that signs nothing which anybody checks: right in form, a point by chance only. Deriving real
 * ones for tens of thousands of delegators would take seconds.
 */
export function toPlainKey(random: Random, purpose: Purpose, index: number, second = 0): string {
  const bytes = random.hash(purpose, index, second)
  if ((index + second) % 3 !== 2) return `01${bytes}`
  return `02${Number.parseInt(bytes.slice(0, 2), 16) % 2 === 0 ? '02' : '03'}${bytes}`
}

export const sha512 = (...parts: Buffer[]): Buffer => {
  const hash = createHash('sha512')
  for (const part of parts) hash.update(part)
  return hash.digest()
}
