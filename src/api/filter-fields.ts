import type { ZodObject, ZodType } from 'zod'
import { parseTime, toIso } from '../domain/time.ts'
import type { FilterValue } from './filter.ts'
import { invalidFilter } from './filter-error.ts'

export type FieldKind = 'number' | 'boolean' | 'text' | 'time'

/** Fields of an answer by name, in the order of the answer: what a filter of it may name. */
export type FilterFields = ReadonlyMap<string, FieldKind>

export function toFilterFields(schema: ZodObject): FilterFields {
  return new Map(Object.entries(schema.shape).map(([name, type]) => [name, toKind(type as ZodType)]))
}

function toKind(type: ZodType): FieldKind {
  const definition = type.def as { type: string; innerType?: ZodType }
  if (definition.innerType) return toKind(definition.innerType)
  if (definition.type === 'number' || definition.type === 'boolean') return definition.type
  return type.meta()?.format === 'date-time' ? 'time' : 'text'
}

const KIND_NAMES: Readonly<Record<FieldKind, string>> = {
  number: 'a number',
  boolean: 'true or false',
  text: 'text',
  time: 'an RFC 3339 time such as 2026-01-31T12:00:00Z, or a date',
}

const DATE = /^\d{4}-\d{2}-\d{2}$/
/** Longest text that is compared with. */
const MAX_TEXT = 256

/** A value in the field's type: brackets give only text, and JSON is written by hand. @throws {ProblemError} */
export function parseFilterValue(field: string, kind: FieldKind, value: unknown): FilterValue {
  const parsed = toTyped(kind, value)
  if (parsed === null) {
    throw invalidFilter(`${field} cannot be compared with what was given.`, KIND_NAMES[kind], value)
  }
  return parsed
}

function toTyped(kind: FieldKind, value: unknown): FilterValue | null {
  if (kind === 'number') return toNumber(value)
  if (kind === 'boolean') return toFlag(value)
  if (kind === 'time') return typeof value === 'string' ? toTime(value) : null
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value.length <= MAX_TEXT ? value : null
}

function toNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : null
}

export function toFlag(value: unknown): boolean | null {
  if (value === true || value === 'true' || value === 1 || value === '1') return true
  if (value === false || value === 'false' || value === 0 || value === '0') return false
  return null
}

/** A date alone is its midnight UTC, as it was for clients of the compatible API. */
function toTime(text: string): string | null {
  try {
    return toIso(parseTime(DATE.test(text) ? `${text}T00:00:00Z` : text))
  } catch {
    return null
  }
}
