import { type SQL, sql } from 'drizzle-orm'
import type { FilterValue } from '../api/filter.ts'
import { isHash } from '../domain/hash.ts'
import { parseTime } from '../domain/time.ts'
import { FilterValueError } from './errors.ts'
import type { Field, FieldKind } from './filter-fields.ts'
import { blocks } from './schema/chain.ts'

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i
const INTEGER = /^[+-]?\d{1,38}$/

/** What each kind accepts, for messages. */
const EXPECTED: Readonly<Record<FieldKind, string>> = {
  number: 'a number',
  boolean: 'true or false',
  time: 'a time like 2021-03-31T00:00:00.000Z',
  hash: 'a text',
}

/**
 * A filter's value as the field's column holds it. Texts are read by the kind of the field, since a query string has only
 * texts: "7" is 7, "true" is true, an ISO time is its instant.
 * @returns for a hash its lower-case text
 * @throws {FilterValueError} a text that does not fit
 */
export function toColumnValue(name: string, kind: FieldKind, value: FilterValue): number | bigint | string {
  const converted = CONVERSIONS[kind](value)
  if (converted === undefined) throw new FilterValueError(name, value, EXPECTED[kind])
  return converted
}

const CONVERSIONS: Readonly<Record<FieldKind, (value: FilterValue) => number | bigint | string | undefined>> =
  {
    number(value) {
      if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
      if (typeof value !== 'string') return undefined
      const text = value.trim()
      // Digits past 2^53 stay exact.
      if (INTEGER.test(text)) return BigInt(text.replace('+', ''))
      return DECIMAL.test(text) && Number.isFinite(Number(text)) ? Number(text) : undefined
    },
    boolean(value) {
      if (value === true || value === 1 || value === 'true' || value === '1') return 1
      if (value === false || value === 0 || value === 'false' || value === '0') return 0
      return undefined
    },
    time(value) {
      if (typeof value === 'number') return Number.isFinite(value) ? value : undefined
      if (typeof value !== 'string') return undefined
      try {
        return parseTime(value)
      } catch {
        return undefined
      }
    },
    hash: (value) => String(value).toLowerCase(),
  }

export type Comparison = 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte'

const SIGNS: Readonly<Record<Comparison, SQL>> = {
  eq: sql`=`,
  neq: sql`<>`,
  gt: sql`>`,
  gte: sql`>=`,
  lt: sql`<`,
  lte: sql`<=`,
}

/** `field sign value`, every value a parameter. */
export function toComparison(name: string, field: Field, op: Comparison, value: FilterValue): SQL {
  const converted = toColumnValue(name, field.kind, value)
  if (field.kind === 'hash') return compareHash(field.value, op, String(converted))
  return sql`${field.value} ${SIGNS[op]} ${converted}`
}

/** Whole hashes are compared as bytes, by the index; anything else cannot be equal and is ordered among the hex texts. */
function compareHash(column: SQL, op: Comparison, text: string): SQL {
  if (isHash(text)) return sql`${column} ${SIGNS[op]} ${sql.param(text, blocks.hash)}`
  if (op === 'eq') return sql`1 = 0`
  if (op === 'neq') return sql`${column} is not null`
  return sql`${toText({ kind: 'hash', value: column })} ${SIGNS[op]} ${text}`
}

/**
 * A field as its answer writes it, for patterns: digits, `true`, lower-case hex, ISO 8601. Binary collation: case counts.
 * Times are computed from the milliseconds, since FROM_UNIXTIME would depend on the session's zone.
 */
export function toText({ kind, value }: Field): SQL {
  return sql`convert(${TEXTS[kind](value)} using utf8mb4) collate utf8mb4_bin`
}

const TEXTS: Readonly<Record<FieldKind, (value: SQL) => SQL>> = {
  number: (value) => sql`cast(${value} as char)`,
  boolean: (value) => sql`if(${value} = 1, 'true', 'false')`,
  hash: (value) => sql`lower(hex(${value}))`,
  time(value) {
    const second = sql`date_add('1970-01-01 00:00:00', interval (${value} div 1000) second)`
    return sql`concat(date_format(${second}, '%Y-%m-%dT%H:%i:%s.'), lpad(${value} mod 1000, 3, '0'), 'Z')`
  },
}
