/** RFC 4180: lines end in CRLF, a field with a comma, a quote or a line break is quoted, a quote is doubled. */

const NEEDS_QUOTES = /[",\r\n]/
/** A spreadsheet would run a text that begins so: text from the chain (an error, a name) may be anybody's. */
const FORMULA = /^[=+\-@\t\r]/
const NUMBER = /^-?\d+(\.\d+)?$/

/** A header row and one row an item. null is an empty field. */
export function toCsv(columns: readonly string[], rows: readonly (readonly unknown[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(toField).join(',')}\r\n`).join('')
}

function toField(value: unknown): string {
  if (value === null || value === undefined) return ''
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
