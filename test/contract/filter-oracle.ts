import type { Condition, Filter, FilterValue } from '../../src/api/filter.ts'
import { parseTime } from '../../src/domain/time.ts'

/* The filter's meaning said in another way than the store's SQL: over the answers themselves, in JavaScript. */

/** An answer of `/block` or `/era`. */
export type Row = Readonly<Record<string, FilterValue | null>>

/** The value as it is compared: instants as numbers, digits as numbers, other texts as they are. */
function toComparable(value: FilterValue): number | string {
  if (typeof value === 'boolean') return Number(value)
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return parseTime(value)
  return typeof value === 'string' && /^ ?\d{1,20} ?$/.test(value) ? Number(value) : value
}

/** SQL's LIKE and REGEXP over the wire's text. */
function matches(text: string, pattern: string, ignoresCase: boolean): boolean {
  const source = pattern.replace(/\\?[^]/g, (part) => {
    if (part === '%') return '[^]*'
    if (part === '_') return '[^]'
    return (part.length > 1 ? part.slice(1) : part).replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  })
  return new RegExp(`^${source}$`, ignoresCase ? 'i' : '').test(text)
}

/** The same filter, judged in another way than the store's SQL: true, false, or null where SQL does not know. */
function holds(condition: Condition, row: Row): boolean | null {
  switch (condition.op) {
    case 'and': {
      const parts = condition.conditions.map((part) => holds(part, row))
      return parts.includes(false) ? false : parts.includes(null) ? null : true
    }
    case 'or': {
      const parts = condition.conditions.map((part) => holds(part, row))
      return parts.includes(true) ? true : parts.includes(null) ? null : false
    }
    default:
  }
  const found = row[condition.field]
  if (found === undefined) throw new Error(condition.field)
  if (condition.op === 'exists') return (found !== null) === condition.value
  if (condition.op === 'eq' && condition.value === null) return found === null
  if (condition.op === 'neq' && condition.value === null) return found !== null
  if (condition.op === 'inq' && condition.values.length === 0) return false
  if (condition.op === 'nin' && condition.values.length === 0) return true
  if (found === null) return null
  const value = toComparable(found)
  switch (condition.op) {
    case 'eq':
      return value === toComparable(condition.value as FilterValue)
    case 'neq':
      return value !== toComparable(condition.value as FilterValue)
    case 'gt':
      return condition.value !== null && value > toComparable(condition.value)
    case 'gte':
      return condition.value !== null && value >= toComparable(condition.value)
    case 'lt':
      return condition.value !== null && value < toComparable(condition.value)
    case 'lte':
      return condition.value !== null && value <= toComparable(condition.value)
    case 'inq':
      return condition.values.some((one) => value === toComparable(one))
    case 'nin':
      return !condition.values.some((one) => value === toComparable(one))
    case 'between':
      return value >= toComparable(condition.low) && value <= toComparable(condition.high)
    case 'like':
    case 'ilike':
      return matches(String(found), condition.pattern, condition.op === 'ilike')
    case 'nlike':
    case 'nilike':
      return !matches(String(found), condition.pattern, condition.op === 'nilike')
    case 'regexp':
      return new RegExp(condition.pattern, condition.ignoreCase ? 'i' : '').test(String(found))
    default:
      throw new Error('no such operator')
  }
}

/** The rows of a filter's answer, whole. `key` is the primary key. */
export function select(rows: readonly Row[], filter: Filter, key: string): Row[] {
  const order = [...filter.order, { field: key, direction: 'ASC' as const }]
  return rows
    .filter((row) => filter.where === null || holds(filter.where, row) === true)
    .toSorted((a, b) => {
      for (const { field, direction } of order) {
        const [left, right] = [a[field] ?? null, b[field] ?? null].map((value) =>
          value === null ? Number.NEGATIVE_INFINITY : toComparable(value),
        ) as [number, number]
        if (left !== right) return left < right === (direction === 'ASC') ? -1 : 1
      }
      return 0
    })
    .slice(filter.skip, filter.skip + filter.limit)
}

/** Any filter: fields, operators and groups of every kind, with values that are there, near, or odd. */
export function randomFilter(rows: readonly Row[], random: (below: number) => number): Filter {
  const names = Object.keys(rows[0] ?? {})
  const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T
  const valueOf = (field: string): FilterValue => {
    const value = pick(rows)[field] ?? pick(rows)[field] ?? 7
    if (typeof value === 'number')
      return pick([value, value + 1, value - 0.5, String(value), ` ${value} `, -1])
    return value
  }
  const condition = (depth: number): Condition => {
    const field = pick(names)
    const value = valueOf(field)
    const text = String(value).trim()
    switch (random(depth > 2 ? 8 : 11)) {
      case 0:
        return { op: pick(['eq', 'neq']), field, value: random(5) === 0 ? null : value }
      case 1:
        return {
          op: pick(['inq', 'nin']),
          field,
          values: Array.from({ length: random(4) }, () => valueOf(field)),
        }
      case 2:
        return { op: 'between', field, low: value, high: valueOf(field) }
      case 3:
        return {
          op: pick(['like', 'nlike', 'ilike', 'nilike']),
          field,
          pattern: pick([`${text.slice(0, 2)}%`, `%${text.slice(-3)}`, '%1_%', text, '%T_0%', '%\\_%']),
        }
      case 4:
        return { op: 'exists', field, value: random(2) === 0 }
      case 5:
        return {
          op: 'regexp',
          field,
          pattern: pick([`^${text.slice(0, 3)}`, '[02468]$', '^[A-F]', 'T', '^t']),
          ignoreCase: random(2) === 0,
        }
      case 6:
      case 7:
        return { op: pick(['gt', 'gte', 'lt', 'lte']), field, value }
      default:
        return {
          op: pick(['and', 'or']),
          conditions: Array.from({ length: 1 + random(3) }, () => condition(depth + 1)),
        }
    }
  }
  return {
    where: random(20) === 0 ? null : condition(0),
    order: Array.from({ length: random(3) }, () => ({
      field: pick(names),
      direction: pick(['ASC', 'DESC'] as const),
    })),
    fields: null,
    limit: pick([1, 5, 1_000]),
    skip: pick([0, 0, 1, 20]),
  }
}
