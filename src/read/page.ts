import type { Codec } from '../cache/cache.ts'
import { ByteReader, ByteWriter } from './buffer.ts'
import type { Field } from './pack.ts'

/*
 * A page: one head, many items, one value in every tier. Layout, little-endian:
 *
 *   u32 length of the whole | u32 count | u32 × count: where each item stands | words | head | items
 *
 * One item is decoded without touching the others. The page in memory IS its bytes: decoding a page costs microseconds
 * and nothing but the bytes is kept, so that a tier's bound in bytes holds.
 */

const OFFSETS_AT = 8

/** What a page is made of. */
export interface Layout<H, T> {
  /** Part of every durable key: changed with anything that changes the bytes. */
  readonly version: string
  readonly head: Field<H>
  readonly item: Field<T>
}

export class Page<H, T> {
  readonly bytes: Uint8Array
  readonly head: H
  readonly count: number
  readonly #reader: ByteReader
  readonly #item: Field<T>

  /** @throws {RangeError} for bytes that were cut: a tier's damage must be a miss, never an answer */
  constructor(layout: Layout<H, T>, bytes: Uint8Array) {
    const reader = new ByteReader(bytes)
    if (bytes.length < OFFSETS_AT || reader.u32() !== bytes.length) {
      throw new RangeError(`Not a page of layout ${layout.version}: ${bytes.length} bytes`)
    }
    this.bytes = bytes
    this.count = reader.u32()
    reader.offset = OFFSETS_AT + 4 * this.count
    reader.skipWords()
    this.head = layout.head.read(reader)
    this.#reader = reader
    this.#item = layout.item
  }

  /** Item by its place, which the caller has checked to be below `count`. */
  at(index: number): T {
    return this.#item.read(this.seek(index))
  }

  /** A reader at the item's first byte, for whoever needs only its beginning. Good until the next call. */
  seek(index: number): ByteReader {
    const reader = this.#reader
    reader.offset = OFFSETS_AT + 4 * index
    reader.offset = reader.u32()
    return reader
  }
}

export function toPage<H, T>(layout: Layout<H, T>, head: H, items: readonly T[]): Page<H, T> {
  const body = new ByteWriter()
  layout.head.write(body, head)
  const starts = items.map((item) => {
    const start = body.length
    layout.item.write(body, item)
    return start
  })

  const words = new ByteWriter()
  words.wordsOf(body)
  const bodyAt = OFFSETS_AT + 4 * items.length + words.length

  const page = new ByteWriter()
  page.u32(bodyAt + body.length)
  page.u32(items.length)
  for (const start of starts) page.u32(bodyAt + start)
  page.bytes(words.toBytes())
  page.bytes(body.toBytes())
  return new Page(layout, page.toBytes())
}

export function createPageCodec<H, T>(layout: Layout<H, T>): Codec<Page<H, T>> {
  return {
    version: layout.version,
    encode: (page) => page.bytes,
    decode: (bytes) => new Page(layout, bytes),
  }
}
