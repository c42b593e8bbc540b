import type { Motes } from '../domain/motes.ts'
import type { ByteReader, ByteWriter } from './buffer.ts'

/**
 * How one kind of value is written to a page and read back. A record is declared once, member by member, so that
 * its two directions cannot disagree, and so that a new member does not compile before it has a place.
 */
export interface Field<T> {
  write(writer: ByteWriter, value: T): void
  read(reader: ByteReader): T
}

/** A count, a height, an era: any non-negative safe integer. */
export const count: Field<number> = {
  write: (writer, value) => writer.varint(value),
  read: (reader) => reader.varint(),
}

/** A time, or another safe integer that is large more often than small: 8 bytes, read without a loop. */
export const time: Field<number> = {
  write: (writer, value) => writer.f64(value),
  read: (reader) => reader.f64(),
}

/** Ratios and fiat: never an amount of CSPR. */
export const real: Field<number> = time

export const flag: Field<boolean> = {
  write: (writer, value) => writer.u8(value ? 1 : 0),
  read: (reader) => reader.u8() === 1,
}

/** 32 bytes in hex: a hash, an account, a purse. */
export const hash: Field<string> = {
  write: (writer, value) => writer.hex(value),
  read: (reader) => reader.hex(32),
}

/** Text that returns often within a page: proposers, accounts, protocol versions. */
export const word: Field<string> = {
  write: (writer, value) => writer.word(value),
  read: (reader) => reader.word(),
}

export const text: Field<string> = {
  write: (writer, value) => writer.text(value),
  read: (reader) => reader.text(),
}

const U64 = 1n << 64n
const U128 = 1n << 128n
const SMALL = 1n << 48n
const NEGATIVE = 64

/**
 * An exact amount below 2^128 (DECIMAL(38) is less), by the width it needs: nothing for 0, up to 6 bytes as a
 * number, else 8 or 16. Amounts below 0 (adjustments of the supply) carry a bit.
 */
export const motes: Field<Motes> = {
  write(writer, value) {
    const amount = value < 0n ? -value : value
    const sign = value < 0n ? NEGATIVE : 0
    if (amount === 0n) writer.u8(0)
    else if (amount < SMALL) {
      writer.u8(sign | 6)
      writer.varint(Number(amount))
    } else if (amount < U64) {
      writer.u8(sign | 8)
      writer.u64(amount)
    } else {
      if (amount >= U128) throw new RangeError(`Amount too large for a page: ${value}`)
      writer.u8(sign | 16)
      writer.u64(amount >> 64n)
      writer.u64(amount & (U64 - 1n))
    }
  },
  read(reader) {
    const tag = reader.u8()
    if (tag === 0) return 0n
    const width = tag & (NEGATIVE - 1)
    let amount: bigint
    if (width === 6) amount = BigInt(reader.varint())
    else if (width === 8) amount = reader.u64()
    else amount = (reader.u64() << 64n) | reader.u64()
    return tag & NEGATIVE ? -amount : amount
  },
}

export function nullable<T>(field: Field<T>): Field<T | null> {
  return {
    write(writer, value) {
      writer.u8(value === null ? 0 : 1)
      if (value !== null) field.write(writer, value)
    },
    read: (reader) => (reader.u8() === 0 ? null : field.read(reader)),
  }
}

export function list<T>(field: Field<T>): Field<readonly T[]> {
  return {
    write(writer, values) {
      writer.varint(values.length)
      for (const value of values) field.write(writer, value)
    },
    read(reader) {
      const values: T[] = []
      const count = reader.varint()
      if (count > reader.length) throw new RangeError(`A list of ${count} in ${reader.length} bytes`)
      for (let left = count; left > 0; left--) values.push(field.read(reader))
      return values
    },
  }
}

/** One of a few known values, as its place in the list: append only. */
export function oneOf<const T>(values: readonly T[]): Field<T> {
  return {
    write: (writer, value) => writer.u8(values.indexOf(value)),
    read: (reader) => values[reader.u8()] as T,
  }
}

/** A member that the page tells by the item's place: it takes no bytes, and whoever decodes the item fills it in. */
export function implied<T>(placeholder: T): Field<T> {
  return { write: () => {}, read: () => placeholder }
}

/** Members in the order of their declaration. */
export function record<T extends object>(members: { readonly [K in keyof T]-?: Field<T[K]> }): Field<T> {
  const names = Object.keys(members) as (keyof T)[]
  const fields = names.map((name) => members[name])
  // Each record begins as a copy of one shape: V8 then keeps its hidden class, whatever the order of decoding.
  const shape = Object.fromEntries(names.map((name) => [name, null])) as T
  return {
    write(writer, value) {
      for (const name of names) members[name].write(writer, value[name])
    },
    read(reader) {
      const value = { ...shape }
      for (let index = 0; index < names.length; index++) {
        value[names[index] as keyof T] = (fields[index] as Field<T[keyof T]>).read(reader)
      }
      return value
    },
  }
}
