import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** SubjectPublicKeyInfo in DER, up to the key's bytes (RFC 8410; SEC 1 with a compressed point). */
const SPKI = {
  '01': '302a300506032b6570032100',
  '02': '3036301006072a8648ce3d020106052b8104000a032200',
}
const keys = new Map<string, KeyObject>()

/** Whether OpenSSL finds a finality signature right: on its own, not with the generator's arithmetic. */
export function isValidProof(proof: { public_key: string; signature: string }, message: Buffer): boolean {
  const tag = proof.public_key.slice(0, 2) as keyof typeof SPKI
  if (proof.signature.slice(0, 2) !== tag) return false
  const key = keys.get(proof.public_key) ?? toKey(tag, proof.public_key.slice(2))
  keys.set(proof.public_key, key)
  const signature = Buffer.from(proof.signature.slice(2), 'hex')
  return tag === '01'
    ? verify(null, message, key, signature)
    : verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

function toKey(tag: keyof typeof SPKI, hex: string): KeyObject {
  return createPublicKey({ key: Buffer.from(SPKI[tag] + hex, 'hex'), format: 'der', type: 'spki' })
}
