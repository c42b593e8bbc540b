import type { FieldPacket, ResultSetHeader } from 'mysql2'
import type { Cancel } from './cancel.ts'
import type { Caps } from './caps.ts'
import type { StoreConnection } from './connection.ts'
import { Fault } from './fault.ts'
import { toField } from './field.ts'

/** A bare row of mysql2 with typeCast off: the value's bytes as the text protocol has them, null for NULL. */
type RawRow = (Buffer | null)[]

/** Values of one row are gathered here before base64; longer rows get a buffer of their own. */
let scratch = Buffer.allocUnsafe(64 * 1024)
const SCRATCH_MOST = 1024 * 1024

/**
 * Runs one statement.
 *
 * @returns PlanetScale's `result` as JSON text: rows go into it as they come, and no row becomes an object
 * @throws Fault when a cap was passed or the client left (the connection is then marked to be killed), or
 *   whatever mysql2 says
 */
export function runStatement(
  connection: StoreConnection,
  sql: string,
  caps: Pick<Caps, 'rows' | 'bytes' | 'statementMs'>,
  cancel: Cancel,
): Promise<string> {
  return new Promise((done, fail) => {
    let fields: FieldPacket[] | undefined
    let header: ResultSetHeader | undefined
    let rows = ''
    let count = 0
    let bytes = 0
    let settled = false

    const settle = () => {
      settled = true
      clearTimeout(timer)
      connection.onLost = undefined
      cancel.onCancel = undefined
      connection.used++
    }
    const end = (error: unknown) => {
      if (settled) return
      settle()
      fail(error)
    }
    /** The statement goes on in the server: only ending the connection stops it. */
    const abandon = (fault: Fault) => {
      if (settled) return
      connection.ended = 'kill'
      end(fault)
    }
    const timer = setTimeout(
      () => abandon(new Fault('DEADLINE_EXCEEDED', `the statement ran longer than ${caps.statementMs} ms`)),
      caps.statementMs,
    )
    cancel.onCancel = () => abandon(new Fault('CANCELLED', 'the client hung up'))
    connection.onLost = end
    if (cancel.cancelled) return end(new Fault('CANCELLED', 'the client hung up'))

    const query = connection.raw.query(sql)
    query.on('error', end)
    query.on('fields', (found: FieldPacket[] | undefined) => {
      fields = found
    })
    query.on('result', (result: RawRow | ResultSetHeader) => {
      if (settled) return
      if (!Array.isArray(result)) {
        header = result
        return
      }
      count++
      bytes += sizeOf(result)
      if (count > caps.rows) return abandon(tooLarge(`${caps.rows} rows`))
      if (bytes > caps.bytes) return abandon(tooLarge(`${caps.bytes} bytes`))
      rows += count === 1 ? rowText(result) : `,${rowText(result)}`
    })
    query.on('end', () => {
      if (settled) return
      settle()
      done(fields === undefined ? headerText(header) : `{"fields":${fieldsText(fields)},"rows":[${rows}]}`)
    })
  })
}

function tooLarge(cap: string): Fault {
  return new Fault('RESOURCE_EXHAUSTED', `the answer is larger than ${cap}: ask for less`)
}

function sizeOf(row: RawRow): number {
  let size = 0
  for (const value of row) size += value?.length ?? 0
  return size
}

/** `{"lengths":["3","-1"],"values":"MTIz"}`: all values in one base64 text, -1 for NULL */
function rowText(row: RawRow): string {
  let lengths = ''
  let size = 0
  for (const value of row) {
    const length = value === null ? -1 : value.length
    lengths += lengths === '' ? `"${length}"` : `,"${length}"`
    if (length > 0) size += length
  }
  const target = size <= scratch.length ? scratch : grow(size)
  let at = 0
  for (const value of row) {
    if (value === null) continue
    target.set(value, at)
    at += value.length
  }
  return `{"lengths":[${lengths}],"values":"${target.toString('base64', 0, size)}"}`
}

function grow(size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size)
  if (size <= SCRATCH_MOST) scratch = buffer
  return buffer
}

function fieldsText(fields: FieldPacket[]): string {
  return JSON.stringify(fields.map(toField))
}

/** Zeros are left out, as PlanetScale does. mysql2 reads the id as signed; the column may be unsigned. */
function headerText(header: ResultSetHeader | undefined): string {
  const result: { rowsAffected?: string; insertId?: string } = {}
  if (header?.affectedRows) result.rowsAffected = String(header.affectedRows)
  if (header?.insertId) result.insertId = String(BigInt.asUintN(64, BigInt(header.insertId)))
  return JSON.stringify(result)
}
