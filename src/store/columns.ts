import { hexToBytes } from '@noble/hashes/utils.js'
import { customType } from 'drizzle-orm/mysql-core'
import { toHex } from '../lib/hex.ts'

/*
 * Column types whose values come out the same from every driver: mysql2 gives Buffers and numbers, the PlanetScale
 * protocol texts. Amounts are sent as numeric literals, never as quoted digits: MySQL
 * compares a DECIMAL with a string as doubles, which would lose everything past 2^53.
 */

/** `connectPlanetScale` has made hex of bytes already. */
const toText = (bytes: Uint8Array | string): string =>
  typeof bytes === 'string' ? bytes : toHex(bytes, 0, bytes.length)

/** 32 bytes, lower-case hex in code: a hash, an account hash, a purse. */
export const hash32 = customType<{ data: string; driverData: Uint8Array | string }>({
  dataType: () => 'binary(32)',
  toDriver: hexToBytes,
  fromDriver: toText,
})

/** Algorithm tag and key, lower-case hex in code: 1 byte for the system, 33 or 34 for others. */
export const publicKey = customType<{ data: string; driverData: Uint8Array | string }>({
  dataType: () => 'varbinary(34)',
  toDriver: hexToBytes,
  fromDriver: toText,
})

/** Exact motes. Signed, since an adjustment of the supply may be negative. */
export const motes = customType<{ data: bigint; driverData: bigint | string | number }>({
  dataType: () => 'decimal(38,0)',
  toDriver: (amount) => amount,
  fromDriver: (digits) => BigInt(digits),
})

/** Up to 2^64 - 1, exact. */
export const uint64 = customType<{ data: bigint; driverData: bigint | string | number }>({
  dataType: () => 'bigint unsigned',
  toDriver: (value) => value,
  fromDriver: (digits) => BigInt(digits),
})

/** Milliseconds since 1970, UTC: no column depends on a session's time zone. */
export const ms = customType<{ data: number; driverData: number | string }>({
  dataType: () => 'bigint unsigned',
  toDriver: (time) => time,
  fromDriver: Number,
})

export const uint32 = customType<{ data: number; driverData: number }>({ dataType: () => 'int unsigned' })

export const uint16 = customType<{ data: number; driverData: number }>({
  dataType: () => 'smallint unsigned',
})

export const uint8 = customType<{ data: number; driverData: number }>({ dataType: () => 'tinyint unsigned' })

/** 0 or 1: `boolean` is a name that engines resolve differently in catalogues. */
export const flag = customType<{ data: boolean; driverData: number }>({
  dataType: () => 'tinyint unsigned',
  toDriver: (value) => (value ? 1 : 0),
  fromDriver: (value) => Number(value) === 1,
})

/**
 * Text of at most `length` characters (code points). The character set is named, since servers differ in their default,
 * and the collation is binary: texts that look alike are not alike.
 */
export const text = customType<{
  data: string
  driverData: string
  config: { length: number }
  configRequired: true
}>({
  dataType: ({ length }) => `varchar(${length}) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
})

/** Ratios, coordinates and fiat only: never an amount of CSPR. */
export const double = customType<{ data: number; driverData: number | string }>({
  dataType: () => 'double',
  toDriver: (value) => value,
  fromDriver: Number,
})
