import { getTableColumns } from 'drizzle-orm'
import { getTableConfig, type MySqlTable } from 'drizzle-orm/mysql-core'
import mysql from 'mysql2/promise'

/**
 * A statement is closed when its text has grown to this many characters: far below every engine's packet limit
 * (4 MB in old MySQL, 16 MB in MariaDB and Vitess), and long enough that round trips do not count.
 */
const STATEMENT_LENGTH = 512 * 1024

type Literal = (value: unknown) => string

interface Plan {
  readonly insert: string
  readonly update: string
  readonly names: readonly string[]
  readonly literals: readonly Literal[]
}

const plans = new WeakMap<MySqlTable, Plan>()

/**
 * Multi-row `INSERT … ON DUPLICATE KEY UPDATE` statements: rows keep their primary key, every other column takes the
 * new value. Written as literals, in a third of the time that the query builder takes for 15,000 rows of an era.
 */
export function toUpserts<T extends MySqlTable>(
  table: T,
  rows: readonly T['$inferSelect'][],
  update = plan(table).update,
): string[] {
  return statements(plan(table), rows, ` ON DUPLICATE KEY UPDATE ${update}`)
}

/** Multi-row INSERT: a key that is there already fails the statement. */
export function toInserts<T extends MySqlTable>(table: T, rows: readonly T['$inferSelect'][]): string[] {
  return statements(plan(table), rows, '')
}

function statements(plan: Plan, rows: readonly object[], ending: string): string[] {
  const { insert, names, literals } = plan
  const done: string[] = []
  let text = ''
  for (const row of rows) {
    let values = ''
    for (let index = 0; index < names.length; index++) {
      const value = (row as Record<string, unknown>)[names[index] as string]
      values += (index === 0 ? '(' : ',') + (literals[index] as Literal)(value)
    }
    text = text === '' ? `${insert}${values})` : `${text},${values})`
    if (text.length >= STATEMENT_LENGTH) {
      done.push(text + ending)
      text = ''
    }
  }
  if (text !== '') done.push(text + ending)
  return done
}

function plan(table: MySqlTable): Plan {
  const known = plans.get(table)
  if (known !== undefined) return known
  const config = getTableConfig(table)
  const columns = Object.entries(getTableColumns(table))
  const keys = new Set(config.primaryKeys.flatMap((key) => key.columns.map((column) => column.name)))
  const set = columns.filter(([, column]) => !column.primary && !keys.has(column.name))
  const made: Plan = {
    insert: `INSERT INTO \`${config.name}\` (${columns.map(([, column]) => `\`${column.name}\``).join(',')}) VALUES `,
    update: set.map(([, column]) => `\`${column.name}\`=VALUES(\`${column.name}\`)`).join(','),
    names: columns.map(([name]) => name),
    literals: columns.map(([, column]) => literalOf(column.getSQLType())),
  }
  plans.set(table, made)
  return made
}

function literalOf(type: string): Literal {
  if (type === 'double') return toDoubleLiteral
  return type.includes('binary') ? toHexLiteral : toLiteral
}

/** With an exponent it is read as a double by every engine; without one it would be a DECIMAL first. */
export const toDoubleLiteral: Literal = (value) => {
  if (value === null) return 'NULL'
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw new RangeError(`Not a number: ${String(value)}`)
  return value.toExponential()
}

const HEX = /^[0-9a-f]+$/

/** Hex text in code, bytes in the store. */
export const toHexLiteral: Literal = (value) => {
  if (value === null) return 'NULL'
  if (typeof value !== 'string' || !HEX.test(value)) throw new RangeError(`Not hex: ${String(value)}`)
  return `x'${value}'`
}

const toLiteral: Literal = (value) => {
  switch (typeof value) {
    case 'bigint':
      return value.toString()
    case 'number':
      if (!Number.isSafeInteger(value)) throw new RangeError(`Not a safe integer: ${value}`)
      return value.toString()
    case 'boolean':
      return value ? '1' : '0'
    case 'string':
      return mysql.escape(value)
    default:
      if (value === null) return 'NULL'
      throw new RangeError(`A row lacks a value: ${String(value)}`)
  }
}
