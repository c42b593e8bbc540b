import { DamagedError, type Entry } from './cache.ts'

/*
 * An entry as bytes, for tiers that keep nothing else. Little-endian:
 *
 *   u32 magic | u32 length of the value | f64 storedAt | f64 freshUntil | f64 staleUntil | f64 errorUntil
 *   | u16 length of the tags | tags, separated by commas | value
 *
 * The expiry stands inside: beside the value it would be at the mercy of each tier's own idea of a TTL.
 */

/** `CME2`: another digit for another layout, so that what an older release wrote is a miss. */
const MAGIC = 0x32_45_4d_43
/** All of it but the digit. */
const FAMILY = 0x00_ff_ff_ff
const FIXED = 42

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export function encodeEntry(entry: Entry): Uint8Array {
  const tags = encoder.encode(entry.tags.join(','))
  if (tags.length > 0xffff) throw new RangeError(`Tags of ${tags.length} bytes`)
  const bytes = new Uint8Array(FIXED + tags.length + entry.bytes.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, entry.bytes.length, true)
  view.setFloat64(8, entry.storedAt, true)
  view.setFloat64(16, entry.freshUntil, true)
  view.setFloat64(24, entry.staleUntil, true)
  view.setFloat64(32, entry.errorUntil, true)
  view.setUint16(40, tags.length, true)
  bytes.set(tags, FIXED)
  bytes.set(entry.bytes, FIXED + tags.length)
  return bytes
}

/**
 * The value is a view into `bytes`, not a copy. null for what another release wrote in its own layout.
 * @throws {DamagedError} for what is not an entry, or was cut
 */
export function decodeEntry(bytes: Uint8Array): Entry | null {
  if (bytes.length < FIXED) throw new DamagedError(`${bytes.length} bytes are no entry`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const magic = view.getUint32(0, true)
  if (magic !== MAGIC) {
    if ((magic & FAMILY) === (MAGIC & FAMILY)) return null
    throw new DamagedError(`No entry begins with ${magic.toString(16)}`)
  }
  const tagsLength = view.getUint16(40, true)
  const valueAt = FIXED + tagsLength
  const length = valueAt + view.getUint32(4, true)
  if (bytes.length !== length) throw new DamagedError(`An entry of ${length} bytes has ${bytes.length}`)
  const tags = decoder.decode(bytes.subarray(FIXED, valueAt))
  return {
    bytes: bytes.subarray(valueAt),
    storedAt: view.getFloat64(8, true),
    freshUntil: view.getFloat64(16, true),
    staleUntil: view.getFloat64(24, true),
    errorUntil: view.getFloat64(32, true),
    tags: tags === '' ? [] : tags.split(','),
  }
}
