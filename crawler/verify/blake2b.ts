import { createBLAKE2b } from 'hash-wasm'
import type { Hash } from '../../src/domain/hash.ts'

/*
 * WebAssembly: a header takes 2 µs, in JavaScript 13 µs once the engine has compiled it, and more before. The edge and the
 * domain stay with @noble/hashes: Cloudflare compiles no WebAssembly at run time, and they hash a few names.
 */
const blake2b = await createBLAKE2b(256)

/** BLAKE2b with a digest of 32 bytes (a parameter of the function, not a cut), no key. */
export function toDigest(bytes: Uint8Array): Hash {
  return blake2b.init().update(bytes).digest('hex')
}
