import type { Codec } from '../cache/cache.ts'
import { ByteReader, ByteWriter } from './buffer.ts'
import type { Field } from './pack.ts'

/** A value that is always wanted whole: u32 length of the whole | words | the value. */
export function createValueCodec<T>(version: string, field: Field<T>): Codec<T> {
  return {
    version,
    // Objects, strings and bigints instead of bytes: measured 16 on found blocks. Counted by their bytes, a hundred
    // answers of large filters outgrew an isolate that was said to hold 17 MB.
    expansion: 20,
    encode(value) {
      const body = new ByteWriter()
      field.write(body, value)
      const words = new ByteWriter()
      words.wordsOf(body)
      const whole = new ByteWriter()
      whole.u32(4 + words.length + body.length)
      whole.bytes(words.toBytes())
      whole.bytes(body.toBytes())
      return whole.toBytes()
    },
    decode(bytes) {
      const reader = new ByteReader(bytes)
      if (bytes.length < 4 || reader.u32() !== bytes.length) {
        throw new RangeError(`Not a value of version ${version}: ${bytes.length} bytes`)
      }
      reader.skipWords()
      return field.read(reader)
    },
  }
}
