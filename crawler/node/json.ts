/**
 * JSON of a Casper node without loss: an integer beyond 2^53 (a transfer's id reaches 2^64 - 1, 1.x consensus scores
 * and payment amounts are bare numbers too) becomes a bigint, everything else is as usual.
 *
 * Such integers are put between quotes behind a NUL, parsed as texts and made bigints: a third of the time of a reviver
 * that sees its source. A text of a NUL and digits alone, which no node has a use for, would be read as a number.
 * @throws {SyntaxError}
 */
export function parseJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text)
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(LONG_INTEGERS, '$1"\\u0000$2"'))
  } catch {
    // Broken, or a match inside a text: there the quote ends the text and the backslash after it is no JSON, always.
    return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
  }
  return unmark(parsed)
}

/** An integer of 16 digits or more, as it seems: after what may stand before a value, before what may stand after one. */
const LONG_INTEGER = /[:[,]\s*-?[1-9]\d{15,}\s*[,}\]]/
const LONG_INTEGERS = /([:[,]\s*)(-?[1-9]\d{15,})(?=\s*[,}\]])/g
const MARKED = /^\0-?\d+$/
const INTEGER = /^-?\d+$/

function unmark(value: unknown): unknown {
  if (typeof value === 'string') return MARKED.test(value) ? toExact(value.slice(1)) : value
  if (typeof value !== 'object' || value === null) return value
  const parent = value as Record<string, unknown>
  for (const name in parent) {
    const member = parent[name]
    const plain = unmark(member)
    if (plain !== member) parent[name] = plain
  }
  return parent
}

function toExact(digits: string): number | bigint {
  const number = Number(digits)
  return Number.isSafeInteger(number) ? number : BigInt(digits)
}

/** Reviver with source text access (V8 11.4 and later). */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source
  return typeof value === 'number' && source !== undefined && INTEGER.test(source) ? toExact(source) : value
}
