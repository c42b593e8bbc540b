import type { Filter } from './filter.ts'
import { invalidFilter } from './filter-error.ts'
import { type FilterFields, toFlag } from './filter-fields.ts'
import { isObject, toNames, WhereParser } from './filter-where.ts'
import { ProblemError, toEcho, toProblem } from './problem.ts'

/** Most rows of a compatible list: also what 0, nothing and more mean. */
export const MAX_ROWS = 1_000
const MAX_SKIP = 4_294_967_295

/**
 * A compatible filter from its JSON text (brackets were rewritten as JSON). Every operator of an object counts, and
 * each name is one of the endpoint's fields. Top-level names that are not known are ignored, as they always were,
 * but for `include`: no relation can be included.
 * @throws {ProblemError} naming what cannot be understood, and what can
 */
export function parseFilter(fields: FilterFields, text: string): Filter {
  const filter = parseObject(text)
  if (filter.include !== undefined) {
    throw invalidFilter('"include" is not known here.', 'where, fields, order, limit, skip, offset')
  }
  return {
    where: filter.where == null ? null : new WhereParser(fields).parse(filter.where),
    order: parseOrder(fields, filter.order),
    fields: parseFields(fields, filter.fields),
    limit: parseLimit(filter.limit),
    skip: parseSkip(filter.skip ?? filter.offset),
  }
}

function parseObject(text: string): Record<string, unknown> {
  let value: unknown
  let syntaxError: string | undefined
  try {
    value = JSON.parse(text)
  } catch (error) {
    syntaxError = error instanceof Error ? error.message : String(error)
  }
  if (isObject(value)) return value
  const shown = toEcho(text)
  const message = `Invalid data ${shown} for parameter "filter".`
  const allowed = 'an object with where, fields, order, limit, skip'
  throw new ProblemError(
    toProblem('invalid-filter', `${message} ${syntaxError ?? `Allowed: ${allowed}`}.`, {
      message,
      ...(syntaxError !== undefined && { details: { syntaxError } }),
      errors: [{ parameter: 'filter', message: `must be ${allowed}`, allowed, value: shown }],
    }),
  )
}

/** A list, one name, or names with true and false; null for all. */
function parseFields(known: FilterFields, value: unknown): readonly string[] | null {
  if (value == null) return null
  if (isObject(value)) return parseFieldFlags(known, value)
  const names = typeof value === 'string' ? [value] : value
  if (!Array.isArray(names)) throw invalidFilter('fields is no list of names.', toNames(known), value)
  return inOrder(known, new Set(names.map((name) => parseName(known, name, 'fields'))))
}

/** Those with true, or all but those with false. */
function parseFieldFlags(
  known: FilterFields,
  flags: Readonly<Record<string, unknown>>,
): readonly string[] | null {
  const shown = new Set<string>()
  const hidden = new Set<string>()
  for (const [name, value] of Object.entries(flags)) {
    const flag = toFlag(value)
    if (flag === null) throw invalidFilter(`fields.${name.slice(0, 100)} is no flag.`, 'true or false', value)
    if (flag) shown.add(parseName(known, name, 'fields'))
    else hidden.add(parseName(known, name, 'fields'))
  }
  if (shown.size > 0) return inOrder(known, shown)
  return hidden.size === 0 ? null : [...known.keys()].filter((name) => !hidden.has(name))
}

/** In the order in which an answer has always had them. None asked for: all. */
function inOrder(known: FilterFields, names: ReadonlySet<string>): readonly string[] | null {
  return names.size === 0 ? null : [...known.keys()].filter((name) => names.has(name))
}

const ORDER = /^\s*(\S+)(?:\s+(ASC|DESC))?\s*$/i

/** `id`, `id ASC`, `id DESC`, or a list of them. @throws {ProblemError} */
export function parseOrder(known: FilterFields, value: unknown): Filter['order'] {
  if (value == null || value === '') return []
  const parts = typeof value === 'string' ? [value] : value
  if (!Array.isArray(parts))
    throw invalidFilter('order is no list.', '"<field> ASC" or "<field> DESC"', value)
  const order = new Map<string, 'ASC' | 'DESC'>()
  for (const part of parts) {
    const match = typeof part === 'string' ? ORDER.exec(part) : null
    if (!match) throw invalidFilter('An order cannot be read.', '"<field> ASC" or "<field> DESC"', part)
    const field = parseName(known, match[1], 'order')
    // The first mention of a field decides: a second could change nothing.
    if (!order.has(field)) order.set(field, match[2]?.toUpperCase() === 'DESC' ? 'DESC' : 'ASC')
  }
  return [...order].map(([field, direction]) => ({ field, direction }))
}

function parseName(known: FilterFields, name: unknown, where: string): string {
  if (typeof name === 'string' && known.has(name)) return name
  throw invalidFilter(`Unknown field ${toEcho(name)} in ${where}.`, toNames(known), name)
}

function parseLimit(value: unknown): number {
  const limit = parseWhole('limit', value, Number.MAX_SAFE_INTEGER)
  return limit === 0 || limit > MAX_ROWS ? MAX_ROWS : limit
}

function parseSkip(value: unknown): number {
  return parseWhole('skip', value, MAX_SKIP)
}

/** Also as text; 0 when absent. */
function parseWhole(name: string, value: unknown, max: number): number {
  if (value == null || value === '') return 0
  const number = typeof value === 'string' ? Number(value) : value
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > max) {
    throw invalidFilter(`${name} is no whole number.`, `an integer from 0 to ${max}`, value)
  }
  return number
}
