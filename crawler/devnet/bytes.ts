import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex, concatBytes, hexToBytes } from '@noble/hashes/utils.js'

/** The node's byte representation (`bytesrepr`): little-endian, no padding, u32 counts before lists. */

export const hex = hexToBytes

/** Little-endian integer of `size` bytes. */
export function uint(value: bigint | number, size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let rest = BigInt(value)
  for (let i = 0; i < size; i++, rest >>= 8n) bytes[i] = Number(rest & 0xffn)
  return bytes
}

/** U512: one byte that counts the significant bytes, then these, little-endian. */
export function big(decimal: string | bigint): Uint8Array {
  const value = BigInt(decimal)
  const size = value === 0n ? 0 : Math.ceil(value.toString(16).length / 2)
  return concatBytes(uint(size, 1), uint(value, size))
}

export const flag = (value: boolean): Uint8Array => uint(value ? 1 : 0, 1)

export function list(items: readonly Uint8Array[]): Uint8Array {
  return concatBytes(uint(items.length, 4), ...items)
}

export function option(value: Uint8Array | null): Uint8Array {
  return value === null ? flag(false) : concatBytes(flag(true), value)
}

export function protocolVersion(text: string): Uint8Array {
  return concatBytes(...text.split('.').map((part) => uint(Number(part), 4)))
}

export const timestamp = (iso: string): Uint8Array => uint(Date.parse(iso), 8)

/** BLAKE2b with a digest of 32 bytes; the length is a parameter of the function, not a cut of 64 bytes. */
export function digest(...parts: Uint8Array[]): string {
  return bytesToHex(blake2b(concatBytes(...parts), { dkLen: 32 }))
}

/** Order of public keys: by tag, then by bytes, which is the order of their hex texts. */
export const byKey = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
