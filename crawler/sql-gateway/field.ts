import type { FieldPacket } from 'mysql2'

/** Column types on the wire (MySQL's enum_field_types), with Vitess' names for them. */
const NAMES: Record<number, string> = {
  0: 'DECIMAL',
  1: 'INT8',
  2: 'INT16',
  3: 'INT32',
  4: 'FLOAT32',
  5: 'FLOAT64',
  6: 'NULL',
  7: 'TIMESTAMP',
  8: 'INT64',
  9: 'INT24',
  10: 'DATE',
  11: 'TIME',
  12: 'DATETIME',
  13: 'YEAR',
  15: 'VARCHAR',
  16: 'BIT',
  245: 'JSON',
  246: 'DECIMAL',
  247: 'ENUM',
  248: 'SET',
  249: 'TEXT',
  250: 'TEXT',
  251: 'TEXT',
  252: 'TEXT',
  253: 'VARCHAR',
  254: 'CHAR',
  255: 'GEOMETRY',
}

const BINARY_OF: Record<string, string> = { TEXT: 'BLOB', VARCHAR: 'VARBINARY', CHAR: 'BINARY' }

const UNSIGNED = 32
const ENUM = 256
const SET = 2048
/** The collation "binary": bytes, not text. */
const BINARY_CHARSET = 63

/** What mysql2 reads from a column definition; its own type leaves out half. */
interface Column extends FieldPacket {
  /** MariaDB tells JSON columns from LONGTEXT only here */
  extendedFormat?: string
}

/** @returns a column as PlanetScale describes it; zeros and empty texts are left out, as in its JSON */
export function toField(packet: FieldPacket): Record<string, string | number> {
  const column = packet as Column
  const field: Record<string, string | number> = { name: column.name, type: typeName(column) }
  const flags = Number(column.flags)
  if (column.table) field.table = column.table
  if (column.orgTable) field.orgTable = column.orgTable
  if (column.schema) field.database = column.schema
  if (column.orgName) field.orgName = column.orgName
  if (column.columnLength) field.columnLength = column.columnLength
  if (column.characterSet) field.charset = column.characterSet
  if (flags) field.flags = flags
  if (column.decimals) field.decimals = column.decimals
  return field
}

function typeName(column: Column): string {
  if (column.extendedFormat === 'json') return 'JSON'
  const type = column.columnType ?? column.type ?? 253
  const name = NAMES[type] ?? 'VARCHAR'
  const flags = Number(column.flags)
  if (flags & ENUM) return 'ENUM'
  if (flags & SET) return 'SET'
  if (name.startsWith('INT') && flags & UNSIGNED) return `U${name}`
  if (column.characterSet === BINARY_CHARSET) return BINARY_OF[name] ?? name
  return name
}
