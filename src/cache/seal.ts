import { DamagedError, type Entry } from './cache.ts'

/*
 * What stands before an entry's value in every tier, so that bytes which are not what was put under this very key are
 * a miss, whatever happened to them: u32 | u32, little-endian, over the key, the instants, the tags and the value. Pages
 * are read item by item long after they came out of a tier: a flipped bit would be a wrong answer, or a failure where
 * nobody expects one. It is counted once for each time that an entry crosses a tier, 40 µs for the largest pages; what
 * memory holds is not counted again. Not cryptographic: who may write to a tier may write what he likes.
 */

const LENGTH = 8

const encoder = new TextEncoder()

/** The entry as tiers keep it. */
export function seal(key: string, entry: Entry): Entry {
  const bytes = new Uint8Array(LENGTH + entry.bytes.length)
  bytes.set(entry.bytes, LENGTH)
  const view = new DataView(bytes.buffer)
  const [a, b] = digest(key, entry, bytes)
  view.setUint32(0, a, true)
  view.setUint32(4, b, true)
  return { ...entry, bytes }
}

/** The value in what a tier gave back for the key: a view, not a copy. @throws {DamagedError} */
export function unseal(key: string, entry: Entry): Uint8Array {
  const { bytes } = entry
  if (bytes.length < LENGTH) throw new DamagedError(`${bytes.length} bytes are no sealed value`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [a, b] = digest(key, entry, bytes)
  if (view.getUint32(0, true) !== a || view.getUint32(4, true) !== b) {
    throw new DamagedError(`What is kept as ${key} is not what was put there`)
  }
  return bytes.subarray(LENGTH)
}

/** Of sealed bytes, without the seal itself. */
function digest(key: string, entry: Entry, bytes: Uint8Array): [number, number] {
  const { storedAt, freshUntil, staleUntil, errorUntil, tags } = entry
  const label = JSON.stringify([key, storedAt, freshUntil, staleUntil, errorUntil, tags, bytes.length])
  const [a, b] = mix(0xdeadbeef, 0x41c6ce57, encoder.encode(label), 0)
  return mix(a, b, bytes, LENGTH)
}

/** Two lanes over every other word. Each step maps one to one, so that no change of a single word goes unseen. */
function mix(first: number, second: number, bytes: Uint8Array, from: number): [number, number] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let a = first | 0
  let b = second | 0
  let at = from
  for (const end = bytes.length - 7; at < end; at += 8) {
    a = Math.imul(a ^ view.getUint32(at, true), 0x9e3779b1)
    a ^= a >>> 15
    b = Math.imul(b ^ view.getUint32(at + 4, true), 0x5f356495)
    b ^= b >>> 13
  }
  for (; at < bytes.length; at++) {
    a = Math.imul(a ^ (bytes[at] as number), 0x9e3779b1)
    a ^= a >>> 15
  }
  return [(a ^ (b >>> 16)) >>> 0, (b ^ (a >>> 16)) >>> 0]
}
