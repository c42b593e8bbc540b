/**
 * JSON of a Casper node without loss: an integer beyond 2^53 (a transfer's id reaches 2^64 - 1, 1.x consensus scores
 * and payment amounts are bare numbers too) becomes a bigint, everything else is as usual.
 * @throws {SyntaxError}
 */
export function parseJson(text: string): unknown {
  return UNSAFE_NUMBER.test(text)
    ? JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown)
    : JSON.parse(text)
}

/**
 * A number of 16 digits or more outside quotes. It may also match inside a string, which costs time (the reviver
 * makes parsing about five times slower), never truth.
 */
const UNSAFE_NUMBER = /[:[,]\s*-?\d{16}/

const INTEGER = /^-?\d+$/

/** Reviver with source text access (V8 11.4 and later). */
function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  const source = context?.source
  return source !== undefined && INTEGER.test(source) ? BigInt(source) : value
}
