/** Milliseconds of a unit as Rust's `humantime` writes it: a year has 365.25 days, a month a twelfth of 365.28. */
const UNITS: ReadonlyMap<string, bigint> = new Map([
  ['year', 31_557_600_000n],
  ['month', 2_630_016_000n],
  ['day', 86_400_000n],
  ['h', 3_600_000n],
  ['m', 60_000n],
  ['s', 1_000n],
  ['ms', 1n],
])

/** Characters: all units once, with as many digits as 64 bits have, are fewer. */
const LONGEST = 200

/** One year, two years. */
const PART = /^(\d{1,20})(?:(year|month|day)s?|(h|m|s|ms))$/

/**
 * A time to live as nodes write it: `30m`, `1h 12m`, `2days`.
 * @returns milliseconds
 * @throws {SyntaxError}
 */
export function parseDuration(text: string): bigint {
  if (text.length > LONGEST) throw new SyntaxError('Longer than a duration is')
  let sum = 0n
  for (const part of text.split(' ')) {
    const [, digits = '', long, short = ''] = PART.exec(part) ?? []
    const unit = UNITS.get(long ?? short)
    if (unit === undefined) throw new SyntaxError(`Not a duration: ${JSON.stringify(text)}`)
    sum += BigInt(digits) * unit
  }
  if (sum >= 2n ** 64n) throw new SyntaxError(`Longer than 64 bits hold: ${JSON.stringify(text)}`)
  return sum
}
