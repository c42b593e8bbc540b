import { type SQL, sql } from 'drizzle-orm'
import type { Condition, Filter } from '../api/filter.ts'
import { FilterValueError } from './errors.ts'
import type { Field, Fields } from './filter-fields.ts'
import { toComparison, toText } from './filter-values.ts'

const ALL = sql`1 = 1`
const NONE = sql`1 = 0`

/**
 * The condition of a parsed filter. Names are looked up in the table of fields and values are parameters, so that no text
 * of the asker becomes SQL.
 * @throws {FilterValueError} a value that does not fit its field
 */
export function toWhere(condition: Condition | null, fields: Fields): SQL {
  return condition === null ? ALL : toSql(condition, fields)
}

/**
 * The order of a parsed filter, made total by the primary key, so that pages neither repeat nor skip rows. The key follows a
 * time, which grows with it and whose index can then be walked; otherwise it ascends.
 */
export function toOrder(order: Filter['order'], fields: Fields, key: string): SQL[] {
  const last = order.at(-1)
  const follows = last !== undefined && toField(last.field, fields).kind === 'time'
  const tie = { field: key, direction: follows ? last.direction : ('ASC' as const) }
  const keys = order.some(({ field }) => field === key) ? order : [...order, tie]
  return keys.map(({ field, direction }) => {
    const { value } = toField(field, fields)
    return direction === 'DESC' ? sql`${value} desc` : sql`${value} asc`
  })
}

/** Fields that a filter compares or sorts by. */
export function toUsedFields({ where, order }: Filter, fields: Fields): Field[] {
  const names = new Set(order.map(({ field }) => field))
  const visit = (condition: Condition): void => {
    if ('conditions' in condition) condition.conditions.forEach(visit)
    else names.add(condition.field)
  }
  if (where !== null) visit(where)
  return Array.from(names, (name) => toField(name, fields))
}

/** The regular expression in a condition, which only the store's engine can judge. */
export function findRegexp(condition: Condition | null): { field: string; pattern: string } | null {
  if (condition === null) return null
  if (condition.op === 'regexp') return condition
  if (condition.op !== 'and' && condition.op !== 'or') return null
  for (const part of condition.conditions) {
    const found = findRegexp(part)
    if (found !== null) return found
  }
  return null
}

function toField(name: string, fields: Fields): Field {
  const field = Object.hasOwn(fields, name) ? fields[name] : undefined
  // The parser refuses unknown names; one that comes here is a fault of ours.
  if (field === undefined) throw new RangeError(`No such field: ${name}`)
  return field
}

function toSql(condition: Condition, fields: Fields): SQL {
  switch (condition.op) {
    case 'and':
    case 'or':
      return toGroup(condition.op, condition.conditions, fields)
    case 'inq':
    case 'nin':
      return toList(condition, fields)
    default:
  }
  const field = toField(condition.field, fields)
  const { value: column } = field
  switch (condition.op) {
    case 'eq':
      if (condition.value === null) return sql`${column} is null`
      return toComparison(condition.field, field, 'eq', condition.value)
    case 'neq':
      if (condition.value === null) return sql`${column} is not null`
      return toComparison(condition.field, field, 'neq', condition.value)
    case 'gt':
    case 'gte':
    case 'lt':
    case 'lte':
      // As in SQL: nothing is above or below null.
      if (condition.value === null) return NONE
      return toComparison(condition.field, field, condition.op, condition.value)
    case 'between': {
      const low = toComparison(condition.field, field, 'gte', condition.low)
      const high = toComparison(condition.field, field, 'lte', condition.high)
      return sql`(${low} and ${high})`
    }
    case 'exists':
      return condition.value ? sql`${column} is not null` : sql`${column} is null`
    case 'regexp':
      return toRegexp(condition, field)
    default:
      return toLike(condition, field)
  }
}

/** Parenthesised, so that `and` and `or` nest as written. An empty `and` holds, an empty `or` does not. */
function toGroup(op: 'and' | 'or', conditions: readonly Condition[], fields: Fields): SQL {
  if (conditions.length === 0) return op === 'and' ? ALL : NONE
  const parts = conditions.map((part) => toSql(part, fields))
  return sql`(${sql.join(parts, op === 'and' ? sql` and ` : sql` or `)})`
}

/** One of a list: none of an empty one, and everything is outside of an empty one. */
function toList(condition: Extract<Condition, { op: 'inq' | 'nin' }>, fields: Fields): SQL {
  const field = toField(condition.field, fields)
  if (condition.values.length === 0) return condition.op === 'inq' ? NONE : ALL
  const equals = condition.values.map((value) => toComparison(condition.field, field, 'eq', value))
  const any = sql`(${sql.join(equals, sql` or `)})`
  return condition.op === 'inq' ? any : sql`not ${any}`
}

type Like = Extract<Condition, { op: 'like' | 'nlike' | 'ilike' | 'nilike' }>

/** SQL's own patterns: % for any text, _ for any character, a backslash before either for itself. */
function toLike({ op, pattern }: Like, field: Field): SQL {
  const ignoresCase = op === 'ilike' || op === 'nilike'
  const text = ignoresCase ? sql`lower(${toText(field)})` : toText(field)
  // Hashes are lower-case text, however explorers write them.
  const like = ignoresCase || field.kind === 'hash' ? pattern.toLowerCase() : pattern
  return op === 'like' || op === 'ilike' ? sql`${text} like ${like}` : sql`${text} not like ${like}`
}

function toRegexp(
  { field: name, pattern, ignoreCase }: Extract<Condition, { op: 'regexp' }>,
  field: Field,
): SQL {
  try {
    new RegExp(pattern)
  } catch (cause) {
    throw new FilterValueError(name, pattern, 'a regular expression', { cause })
  }
  // Engines go by the collation; the text has the binary one.
  const text = ignoreCase ? sql`(${toText(field)}) collate utf8mb4_general_ci` : toText(field)
  return sql`${text} regexp ${pattern}`
}
