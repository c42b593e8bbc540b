import type { ZodObject } from 'zod'
import { toCsv } from '../api/csv.ts'
import type { CacheClass } from '../api/policy.ts'
import { createView, parseFields, pick, toColumns, toRow, type View } from '../api/view.ts'
import type { AsOf } from '../api/wire/v1.ts'
import type { Reply } from '../lib/reply.ts'
import { prefersCsv } from '../middleware/accept.ts'
import type { Source } from '../read/ports.ts'
import { toJson } from './replies.ts'

/** One kind of item that /v1 lists or shows. */
export interface Shape {
  readonly view: View
  /** Of the file that a table is saved as: `blocks`. */
  readonly name: string
}

export function createShape(name: string, schema: ZodObject): Shape {
  return { name, view: createView(schema) }
}

/** Parameters that change how an answer looks, not what it says. */
interface Look {
  readonly fields?: string | undefined
  readonly format?: 'json' | 'csv' | undefined
}

export interface List {
  readonly items: readonly object[]
  readonly asOf: AsOf
  /** null on the last page. */
  readonly next: string | null
  readonly source: Source
  readonly cacheClass: CacheClass
}

/** `{data, next, asOf}`, or a table of the same rows. */
export function toListReply(shape: Shape, look: Look, list: List, request: Request): Reply {
  const { view, name } = shape
  const fields = parseFields(view, look.fields)
  const { items, asOf, next, source, cacheClass } = list
  const isTable = isCsvWanted(look.format, request)
  const headers = {
    // A format that the URL names is the same for everybody.
    ...(look.format === undefined && { Vary: 'Accept' }),
    ...(next !== null && { Link: `<${toNextUrl(request.url, next)}>; rel="next"` }),
    ...(isTable && { 'Content-Disposition': `attachment; filename="casper-${name}-${asOf.height}.csv"` }),
  }
  if (!isTable) {
    const data = items.map((item) => pick(item as Record<string, unknown>, fields))
    return { ...toJson({ data, next, asOf }, source, cacheClass), headers }
  }
  const columns = toColumns(view, fields)
  const rows = items.map((item) => toRow(item as Record<string, unknown>, columns))
  return {
    ...toJson(null, source, cacheClass),
    type: 'text/csv; charset=utf-8',
    body: toCsv(columns, rows),
    headers,
  }
}

/** One item alone. */
export function toItemReply(
  { view }: Shape,
  look: Look,
  item: object,
  source: Source,
  cacheClass: CacheClass,
): Reply {
  return toJson(pick(item as Record<string, unknown>, parseFields(view, look.fields)), source, cacheClass)
}

function isCsvWanted(format: Look['format'], request: Request): boolean {
  return format === undefined ? prefersCsv(request.headers.get('accept')) : format === 'csv'
}

/** The same question, going on: path and query alone, since what is before us may have changed the host. */
function toNextUrl(url: string, cursor: string): string {
  const { pathname, searchParams } = new URL(url)
  searchParams.set('cursor', cursor)
  return `${pathname}?${searchParams}`
}
