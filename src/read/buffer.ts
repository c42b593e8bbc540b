import { toHex, writeHex } from '../lib/hex.ts'

const ENCODER = new TextEncoder()
const DECODER = new TextDecoder()
/** Motes of a CSPR. */
const MOTES = 1_000_000_000
const MOTES_BIG = 1_000_000_000n
const HEX = /^(?:[0-9a-f]{2})+$/

/** Bytes that grow as they are written to. All numbers are little-endian. */
export class ByteWriter {
  #bytes = new Uint8Array(4096)
  #view = new DataView(this.#bytes.buffer)
  #words = new Map<string, number>()
  length = 0

  u8(value: number): void {
    // The place is found first: making room may replace #bytes.
    const offset = this.#reserve(1)
    this.#bytes[offset] = value
  }

  u32(value: number): void {
    const offset = this.#reserve(4)
    this.#view.setUint32(offset, value, true)
  }

  f64(value: number): void {
    const offset = this.#reserve(8)
    this.#view.setFloat64(offset, value, true)
  }

  u64(value: bigint): void {
    const offset = this.#reserve(8)
    this.#view.setBigUint64(offset, value, true)
  }

  /** A non-negative safe integer, 7 bits a byte, lowest first. */
  varint(value: number): void {
    let rest = value
    while (rest >= 128) {
      this.u8((rest % 128) | 128)
      rest = Math.floor(rest / 128)
    }
    this.u8(rest)
  }

  /** Pairs of lower-case hex digits as bytes, without their count. */
  hex(digits: string): void {
    const offset = this.#reserve(digits.length / 2)
    writeHex(this.#bytes, offset, digits)
  }

  text(value: string): void {
    const bytes = ENCODER.encode(value)
    this.varint(bytes.length)
    this.bytes(bytes)
  }

  bytes(bytes: Uint8Array): void {
    const offset = this.#reserve(bytes.length)
    this.#bytes.set(bytes, offset)
  }

  /** A text that returns often: kept once a page, written as its number. */
  word(value: string): void {
    let number = this.#words.get(value)
    if (number === undefined) {
      number = this.#words.size
      this.#words.set(value, number)
    }
    this.varint(number)
  }

  /** The words that another writer met. Hex (keys, hashes) takes half its length; the lowest bit of a length tells. */
  wordsOf(other: ByteWriter): void {
    this.varint(other.#words.size)
    for (const word of other.#words.keys()) {
      const isHex = HEX.test(word)
      const bytes = isHex ? null : ENCODER.encode(word)
      this.varint(bytes ? bytes.length * 2 : word.length + 1)
      if (bytes) this.bytes(bytes)
      else this.hex(word)
    }
  }

  toBytes(): Uint8Array {
    return this.#bytes.slice(0, this.length)
  }

  #reserve(size: number): number {
    const offset = this.length
    this.length += size
    if (this.length > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.length, 2 * this.#bytes.length))
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    return offset
  }
}

/** A place in bytes that a ByteWriter made; reading moves it on. */
export class ByteReader {
  offset = 0
  readonly #bytes: Uint8Array
  readonly #view: DataView
  /** Where each word's length stands. */
  #words: readonly number[] = []
  readonly #texts: (string | undefined)[] = []

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  /** Of the bytes as a whole: nothing in them can be more. */
  get length(): number {
    return this.#bytes.length
  }

  u8(): number {
    return this.#bytes[this.offset++] as number
  }

  u32(): number {
    const value = this.#view.getUint32(this.offset, true)
    this.offset += 4
    return value
  }

  f64(): number {
    const value = this.#view.getFloat64(this.offset, true)
    this.offset += 8
    return value
  }

  u64(): bigint {
    const value = this.#view.getBigUint64(this.offset, true)
    this.offset += 8
    return value
  }

  /** An amount of `pack.ts`'s `motes`, not negative, in whole CSPR: an exact division without a big integer. */
  whole(): number {
    const tag = this.u8()
    if (tag === 0) return 0
    // Below 2^48 a float's quotient cannot reach the next integer.
    if (tag === 6) return Math.floor(this.varint() / MOTES)
    if (tag !== 8) return Number(((this.u64() << 64n) | this.u64()) / MOTES_BIG)
    const low = this.u32()
    const high = this.u32()
    // Long division in three digits, so that no remainder with its next digit exceeds 2^53.
    const first = Math.floor(high / MOTES)
    const second = (high - first * MOTES) * 65_536 + (low >>> 16)
    const quotient = Math.floor(second / MOTES)
    const third = (second - quotient * MOTES) * 65_536 + (low & 65_535)
    return first * 4_294_967_296 + quotient * 65_536 + Math.floor(third / MOTES)
  }

  varint(): number {
    let byte = this.u8()
    if (byte < 128) return byte
    let value = byte & 127
    let scale = 128
    do {
      byte = this.u8()
      value += (byte & 127) * scale
      scale *= 128
    } while (byte >= 128)
    return value
  }

  /** `length` bytes as lower-case hex. */
  hex(length: number): string {
    const digits = toHex(this.#bytes, this.offset, length)
    this.offset += length
    return digits
  }

  text(): string {
    return this.#text(this.varint())
  }

  /**
   * Decoded when asked for: an isolate holds many pages and reads few of their words. Text is kept, of which a page
   * has a handful (versions, lanes); keys and hashes are not, of which a page has thousands.
   */
  word(): string {
    const number = this.varint()
    const known = this.#texts[number]
    if (known !== undefined) return known
    const after = this.offset
    this.offset = this.#words[number] as number
    const length = this.varint()
    const word = length & 1 ? this.hex(length >> 1) : this.#text(length >> 1)
    if (!(length & 1)) this.#texts[number] = word
    this.offset = after
    return word
  }

  /** Notes where the words begin, and steps behind them. */
  skipWords(): void {
    const words: number[] = []
    const count = this.varint()
    // Each takes a byte at least: more are damage, and would fill the memory.
    if (count > this.#bytes.length) throw new RangeError(`${count} words in ${this.#bytes.length} bytes`)
    for (let left = count; left > 0; left--) {
      words.push(this.offset)
      const length = this.varint()
      this.offset += length >> 1
    }
    this.#words = words
  }

  #text(length: number): string {
    const text = DECODER.decode(this.#bytes.subarray(this.offset, this.offset + length))
    this.offset += length
    return text
  }
}
