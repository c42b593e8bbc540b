import type { ZodObject, ZodType } from 'zod'
import { invalidParameter } from './problem.ts'

/**
 * What `fields` may name of an answer: members, and members of members with a dot (`supply.total`). Also the columns
 * of its table, so that an empty list has a header too.
 */
export interface View {
  readonly names: ReadonlySet<string>
  readonly columns: readonly string[]
}

export function createView(schema: ZodObject): View {
  const columns: string[] = []
  const names = new Set<string>()
  collect(schema, '', names, columns)
  return { names, columns }
}

function collect(schema: ZodObject, prefix: string, names: Set<string>, columns: string[]): void {
  for (const [name, member] of Object.entries(schema.shape)) {
    const path = prefix + name
    names.add(path)
    if (isObject(member as ZodType)) collect(member as ZodObject, `${path}.`, names, columns)
    else columns.push(path)
  }
}

function isObject(schema: ZodType): boolean {
  return (schema.def as { type: string }).type === 'object'
}

/** null: all. @throws {ProblemError} naming what is not known, and all that is */
export function parseFields(view: View, fields: string | undefined): readonly string[] | null {
  if (fields === undefined) return null
  const names = [...new Set(fields.split(','))]
  const unknown = names.find((name) => !view.names.has(name))
  if (unknown !== undefined) throw invalidParameter('fields', unknown, [...view.names].join(', '))
  return names
}

type Tree = Readonly<Record<string, unknown>>

/** Only the named members, in their own order; a member of a member keeps its place. */
export function pick(value: Tree, fields: readonly string[] | null): Tree {
  if (fields === null) return value
  const picked: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(value)) {
    if (fields.includes(name)) picked[name] = member
    else {
      const inner = fields
        .filter((field) => field.startsWith(`${name}.`))
        .map((field) => field.slice(name.length + 1))
      if (inner.length > 0) picked[name] = pick(member as Tree, inner)
    }
  }
  return picked
}

/** Columns of a table that shows only `fields`. */
export function toColumns(view: View, fields: readonly string[] | null): readonly string[] {
  if (fields === null) return view.columns
  return view.columns.filter((column) =>
    fields.some((field) => column === field || column.startsWith(`${field}.`)),
  )
}

/** The values of one row, in the order of the columns. */
export function toRow(value: Tree, columns: readonly string[]): unknown[] {
  return columns.map((column) =>
    column.split('.').reduce<unknown>((member, name) => (member as Tree | null)?.[name] ?? null, value),
  )
}
