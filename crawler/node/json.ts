/**
 * JSON of a Casper node without loss: an integer beyond 2^53 (a transfer's id reaches 2^64 - 1, 1.x consensus scores
 * and payment amounts are bare numbers too) becomes a bigint, everything else is as usual.
 *
 * Such integers are put between quotes behind a NUL, parsed as texts and made bigints: a third of the time of a reviver
 * that sees its source. Where the answer has a NUL of its own, which anybody may send in a name, the reviver reads it.
 * @throws {SyntaxError} also for what is nested deeper than the stack is
 */
export function parseJson(text: string): unknown {
  if (!LONG_INTEGER.test(text)) return JSON.parse(text)
  if (text.includes('\\u0000')) return parseSlowly(text)
  let parsed: unknown
  try {
    parsed = JSON.parse(text.replace(LONG_INTEGERS, '$1"\\u0000$2"'))
  } catch {
    // Broken, or a match inside a text: there the quote ends the text and the backslash after it is no JSON, always.
    return parseSlowly(text)
  }
  return unmark(parsed)
}

function parseSlowly(text: string): unknown {
  try {
    return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
  } catch (cause) {
    if (cause instanceof RangeError) throw new SyntaxError('nested too deep', { cause })
    throw cause
  }
}

/** An integer of 16 digits or more, as it seems: after what may stand before a value, before what may stand after one. */
const LONG_INTEGER = /[:[,]\s*-?[1-9]\d{15,}\s*[,}\]]/
const LONG_INTEGERS = /([:[,]\s*)(-?[1-9]\d{15,})(?=\s*[,}\]])/g
const MARKED = /^\0-?\d+$/
const INTEGER = /^-?\d+$/

/** Without recursion: the parser itself goes deeper than the stack. */
function unmark(value: unknown): unknown {
  const left = [value as Record<string, unknown>]
  for (let parent = left.pop(); parent !== undefined; parent = left.pop()) {
    for (const name in parent) {
      const member = parent[name]
      if (typeof member === 'string') {
        if (MARKED.test(member)) parent[name] = toExact(member.slice(1))
      } else if (typeof member === 'object' && member !== null) left.push(member as Record<string, unknown>)
    }
  }
  return value
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
