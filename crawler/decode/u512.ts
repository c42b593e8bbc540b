import type { Motes } from '../../src/domain/motes.ts'
import type { Field } from './field.ts'

const BYTES = /^([0-9a-f]{2}){1,65}$/i

/**
 * A U512 from its bytes in hex: their count, then the bytes little-endian. The `parsed` member beside it is the node's
 * courtesy; this is the value.
 * @throws {DecodeFault}
 */
export function parseU512(bytes: Field): Motes {
  const value = readU512(bytes.text())
  if (value === null) throw bytes.fault('the bytes of a U512')
  return value
}

/** null for what is no U512. */
export function readU512(hex: string): Motes | null {
  const count = Number.parseInt(hex.slice(0, 2), 16)
  if (!BYTES.test(hex) || hex.length !== 2 + 2 * count) return null
  const bigEndian = hex.slice(2).match(/../g)?.reverse().join('') ?? ''
  return BigInt(`0x${bigEndian || '0'}`)
}
