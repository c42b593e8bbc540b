import { blake2b256 } from './blake2b.ts'

/**
 * The node's byte representation, written into one buffer that is used again for each hash. On its own and not shared
 * with the crawler, whose checks it serves to test; faster than `../bytes.ts`, which thousands of blocks a second need.
 */
export class Writer {
  private buffer = Buffer.alloc(64 * 1024)
  private length = 0

  private room(size: number): number {
    const at = this.length
    this.length += size
    if (this.length > this.buffer.length)
      this.buffer = Buffer.concat([this.buffer, Buffer.alloc(this.length)])
    return at
  }

  clear(): this {
    this.length = 0
    return this
  }

  hex(text: string): this {
    const at = this.room(text.length / 2)
    this.buffer.write(text, at, 'hex')
    return this
  }

  raw(bytes: Buffer): this {
    const at = this.room(bytes.length)
    this.buffer.set(bytes, at)
    return this
  }

  u8(value: number): this {
    const at = this.room(1)
    this.buffer[at] = value
    return this
  }

  u16(value: number): this {
    const at = this.room(2)
    this.buffer.writeUInt16LE(value, at)
    return this
  }

  u32(value: number): this {
    const at = this.room(4)
    this.buffer.writeUInt32LE(value, at)
    return this
  }

  /** A safe integer. */
  u64(value: number): this {
    const at = this.room(8)
    this.buffer.writeUInt32LE(value % 2 ** 32, at)
    this.buffer.writeUInt32LE(Math.floor(value / 2 ** 32), at + 4)
    return this
  }

  score(value: bigint): this {
    const at = this.room(8)
    this.buffer.writeBigUInt64LE(value, at)
    return this
  }

  u512(value: bigint): this {
    return this.hex(toU512(value))
  }

  /** A copy of what was written. */
  bytes(): Buffer {
    return Buffer.from(this.buffer.subarray(0, this.length))
  }

  digest(): string {
    return blake2b256(this.buffer.subarray(0, this.length))
  }
}

/** A U512's bytes in hex: their count, then the bytes from the lowest up. */
export function toU512(value: bigint): string {
  if (value === 0n) return '00'
  const digits = value.toString(16)
  const even = digits.length % 2 === 0 ? digits : `0${digits}`
  let hex = ''
  for (let at = even.length - 2; at >= 0; at -= 2) hex += even.slice(at, at + 2)
  return (even.length / 2).toString(16).padStart(2, '0') + hex
}
