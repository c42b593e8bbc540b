import type { Hash } from '../../src/domain/hash.ts'
import type { Motes } from '../../src/domain/motes.ts'
import { toDigest } from './blake2b.ts'

const HEX = /^[0-9a-f]*$/i

/**
 * Writes values as the node's `bytesrepr` does: little-endian, no padding, a u32 count before lists and maps
 * (casper-types, `bytesrepr`).
 */
export class Bytes {
  private buffer = Buffer.alloc(512)
  private length = 0

  private reserve(size: number): number {
    const at = this.length
    this.length += size
    if (this.length > this.buffer.length) {
      const larger = Buffer.alloc(Math.max(this.length, this.buffer.length * 2))
      this.buffer.copy(larger)
      this.buffer = larger
    }
    return at
  }

  u8(value: number): this {
    // The place first: reserving may replace the buffer.
    const at = this.reserve(1)
    this.buffer[at] = value
    return this
  }

  bool(value: boolean): this {
    return this.u8(value ? 1 : 0)
  }

  u16(value: number): this {
    const at = this.reserve(2)
    this.buffer.writeUInt16LE(value, at)
    return this
  }

  u32(value: number): this {
    const at = this.reserve(4)
    this.buffer.writeUInt32LE(value, at)
    return this
  }

  u64(value: number | bigint): this {
    const at = this.reserve(8)
    this.buffer.writeBigUInt64LE(BigInt(value), at)
    return this
  }

  /** One byte n, then the n significant bytes; zero is the single byte 00. */
  u512(value: Motes): this {
    const start = this.reserve(1)
    let rest = value
    let count = 0
    for (; rest > 0n; rest >>= 8n, count++) this.u8(Number(rest & 0xffn))
    this.buffer[start] = count
    return this
  }

  /** Bytes given as hex, without a length: hashes, and public keys with their tag. */
  hex(text: string): this {
    const at = this.reserve(text.length / 2)
    this.buffer.write(text, at, 'hex')
    return this
  }

  /** A byte list: u32 length, then the bytes. */
  blob(bytes: Uint8Array): this {
    this.u32(bytes.length)
    const at = this.reserve(bytes.length)
    this.buffer.set(bytes, at)
    return this
  }

  /**
   * A byte list given as hex.
   * @throws {SyntaxError} for what is no hex: bytes would be left out without a word
   */
  hexBlob(text: string): this {
    // Looked at here: Node's own writer stops at what is no digit, and takes U+0130 for one.
    if (text.length % 2 !== 0 || !HEX.test(text)) throw new SyntaxError('Not hex')
    const length = text.length / 2
    this.u32(length)
    const at = this.reserve(length)
    this.buffer.write(text, at, 'hex')
    return this
  }

  /** UTF-8, its length in bytes before it. */
  text(text: string): this {
    return this.sized(() => {
      const at = this.reserve(Buffer.byteLength(text))
      this.buffer.write(text, at)
    })
  }

  option<T>(value: T | null, write: (value: T) => void): this {
    this.bool(value !== null)
    if (value !== null) write(value)
    return this
  }

  /** What is written within, behind its length in bytes. */
  sized(write: () => void): this {
    const at = this.reserve(4)
    write()
    this.buffer.writeUInt32LE(this.length - at - 4, at)
    return this
  }

  /**
   * 2.x, `CalltableSerializationEnvelope`: the fields' numbers (from 0 on) and where each begins in what follows, then the
   * fields themselves behind their common length.
   */
  table(...fields: readonly (() => void)[]): this {
    this.u32(fields.length)
    const rows = this.reserve(fields.length * 6)
    return this.sized(() => {
      const start = this.length
      fields.forEach((write, index) => {
        this.buffer.writeUInt16LE(index, rows + index * 6)
        this.buffer.writeUInt32LE(this.length - start, rows + index * 6 + 2)
        write()
      })
    })
  }

  list<T>(items: readonly T[], write: (item: T) => void): this {
    this.u32(items.length)
    for (const item of items) write(item)
    return this
  }

  digest(): Hash {
    return toDigest(this.buffer.subarray(0, this.length))
  }
}

/** Three u32: major, minor, patch. */
export function writeVersion(bytes: Bytes, version: string): void {
  for (const part of version.split('.')) bytes.u32(Number(part))
}

/** Maps are written in key order: by tag, then by bytes, which is the order of the hex text. */
export function byKey<T extends { readonly validator: string }>(items: readonly T[]): T[] {
  return [...items].sort((a, b) => (a.validator < b.validator ? -1 : 1))
}
