import type { Condition, FilterValue } from './filter.ts'
import { MAX_DEPTH } from './filter-brackets.ts'
import { invalidFilter } from './filter-error.ts'
import { type FieldKind, type FilterFields, parseFilterValue, toFlag } from './filter-fields.ts'

/** Most comparisons in one filter, and most values in one list: together they bound the statement's length. */
const MAX_CONDITIONS = 100
const MAX_VALUES = 1_000
const MAX_PATTERN = 128

const OPERATORS = 'eq, neq, gt, gte, lt, lte, inq, nin, between, like, nlike, ilike, nilike, regexp, exists'

/** Checks every name and value of a `where`, and counts. */
export class WhereParser {
  readonly #fields: FilterFields
  #conditions = 0

  constructor(fields: FilterFields) {
    this.#fields = fields
  }

  /** null for one that asks for nothing. @throws {ProblemError} */
  parse(where: unknown, depth = 0): Condition | null {
    if (!isObject(where)) throw invalidFilter('A where is not an object.', 'an object of fields', where)
    if (depth > MAX_DEPTH) throw invalidFilter(`The filter is nested deeper than ${MAX_DEPTH}.`)
    const conditions: Condition[] = []
    for (const [name, value] of Object.entries(where)) {
      if (name === 'and' || name === 'or') conditions.push(this.#group(name, value, depth))
      else conditions.push(...this.#field(name, value))
    }
    return toGroup('and', conditions)
  }

  #group(op: 'and' | 'or', value: unknown, depth: number): Condition {
    if (!Array.isArray(value) || value.length === 0) {
      throw invalidFilter(`"${op}" is not a list.`, 'a list of at least one where', value)
    }
    const conditions = value.map((where) => this.parse(where, depth + 1))
    const group = toGroup(
      op,
      conditions.filter((condition) => condition !== null),
    )
    if (group === null || conditions.includes(null)) {
      throw invalidFilter(`A where in "${op}" asks for nothing.`, 'objects of at least one field', value)
    }
    return group
  }

  #field(name: string, value: unknown): Condition[] {
    const kind = this.#fields.get(name)
    if (kind === undefined) {
      throw invalidFilter(
        `Unknown field ${JSON.stringify(name.slice(0, 100))} in where.`,
        toNames(this.#fields),
      )
    }
    if (value === null) return [this.#count({ op: 'eq', field: name, value: null })]
    if (!isObject(value)) {
      return [this.#count({ op: 'eq', field: name, value: parseFilterValue(name, kind, value) })]
    }
    const operators = Object.entries(value)
    if (operators.length === 0) throw invalidFilter(`${name} has no operator.`, OPERATORS)
    return operators.map(([op, operand]) => this.#count(toComparison(name, kind, op, operand)))
  }

  #count(condition: Condition): Condition {
    this.#conditions += 1
    if (this.#conditions > MAX_CONDITIONS) {
      throw invalidFilter(`The filter has more than ${MAX_CONDITIONS} comparisons.`)
    }
    return condition
  }
}

function toComparison(field: string, kind: FieldKind, op: string, operand: unknown): Condition {
  const parse = (value: unknown): FilterValue => parseFilterValue(field, kind, value)
  switch (op) {
    case 'eq':
    case 'neq':
      return { op, field, value: operand === null ? null : parse(operand) }
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      return { op, field, value: parse(operand) }
    case 'inq':
    case 'nin':
      return { op, field, values: toList(field, op, operand).map(parse) }
    case 'between': {
      const [low, high, ...more] = toList(field, op, operand)
      if (low === undefined || high === undefined || more.length > 0) {
        throw invalidFilter(
          `${field}.between needs two values.`,
          'a list of the lowest and the highest',
          operand,
        )
      }
      return { op, field, low: parse(low), high: parse(high) }
    }
    case 'like':
    case 'nlike':
    case 'ilike':
    case 'nilike':
      return { op, field, pattern: toPattern(field, op, operand) }
    case 'regexp':
      return toRegexp(field, toPattern(field, op, operand))
    case 'exists': {
      const value = toFlag(operand)
      if (value === null) throw invalidFilter(`${field}.exists is not a flag.`, 'true or false', operand)
      return { op, field, value }
    }
    default:
      throw invalidFilter(`Unknown operator ${JSON.stringify(op.slice(0, 100))} on ${field}.`, OPERATORS)
  }
}

/** A single value stands for a list of one: brackets cannot tell them apart. */
function toList(field: string, op: string, operand: unknown): unknown[] {
  const values = Array.isArray(operand) ? operand : [operand]
  if (values.length > MAX_VALUES) throw invalidFilter(`${field}.${op} has more than ${MAX_VALUES} values.`)
  return values
}

function toPattern(field: string, op: string, operand: unknown): string {
  const pattern = typeof operand === 'number' ? String(operand) : operand
  if (typeof pattern !== 'string' || pattern.length > MAX_PATTERN) {
    throw invalidFilter(
      `${field}.${op} is not a pattern.`,
      `text of at most ${MAX_PATTERN} characters`,
      operand,
    )
  }
  return pattern
}

const SLASHED = /^\/(.*)\/([a-z]*)$/s
/**
 * What every engine reads alike and none backtracks over for long: no groups that look around or count, no
 * references, and no repetition of a repetition.
 */
const UNSAFE = /\(\?|\\[0-9kKpPQEGZzAXRCb]|\[\[|[*+?}][*+]|\)[*+{]/

/**
 * Repetitions without a bound: n of them make an engine try a text's length to the n-th. Choices of a length: n of them, two to
 * the n-th.
 */
const REPEATS = /[*+]|\{\d+,\}/g
const MOST_REPEATS = 2
const CHOICES = /[*+?]|\{\d+,\d*\}/g
const MOST_CHOICES = 4

const countOf = (pattern: string, what: RegExp) => pattern.match(what)?.length ?? 0

/** `^ab` or `/^AB/i`. */
function toRegexp(field: string, text: string): Condition {
  const slashed = SLASHED.exec(text)
  const pattern = slashed?.[1] ?? text
  const flags = slashed?.[2] ?? ''
  const allowed = `an expression such as ^ab or /^AB/i, without groups that repeat, look around or refer back, with ${MOST_REPEATS} of * and + and ${MOST_CHOICES} of * + ? at most`
  const isLong = countOf(pattern, REPEATS) > MOST_REPEATS || countOf(pattern, CHOICES) > MOST_CHOICES
  if ((flags !== '' && flags !== 'i') || UNSAFE.test(pattern) || pattern === '' || isLong) {
    throw invalidFilter(`${field}.regexp cannot be used.`, allowed, text)
  }
  try {
    new RegExp(pattern, 'u')
  } catch {
    throw invalidFilter(`${field}.regexp is not a regular expression.`, allowed, text)
  }
  return { op: 'regexp', field, pattern, ignoreCase: flags === 'i' }
}

function toGroup(op: 'and' | 'or', conditions: readonly Condition[]): Condition | null {
  const [only, ...more] = conditions
  if (only === undefined) return null
  return more.length === 0 ? only : { op, conditions }
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** All that may be named. */
export function toNames(fields: FilterFields): string {
  return [...fields.keys()].join(', ')
}
