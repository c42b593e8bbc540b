/** An exact amount: 1 CSPR = 10^9 motes. No float ever holds one. */
export type Motes = bigint

export const MOTES_PER_CSPR = 1_000_000_000n

const DIGITS = /^\d{1,38}$/

/**
 * Reads an amount as nodes and the store write it: decimal digits, no sign, at most 38 (the width of the
 * store's DECIMAL(38,0); the chain's own U512 has never come near it).
 * @throws {SyntaxError} for anything else
 */
export function parseMotes(text: string): Motes {
  if (!DIGITS.test(text)) throw new SyntaxError(`Not an amount in motes: ${JSON.stringify(text)}`)
  return BigInt(text)
}

/** Exact CSPR text without trailing zeros: 1500000000n becomes "1.5". */
export function toCspr(motes: Motes): string {
  const sign = motes < 0n ? '-' : ''
  const digits = (motes < 0n ? -motes : motes).toString().padStart(10, '0')
  const fraction = digits.slice(-9).replace(/0+$/, '')
  return sign + digits.slice(0, -9) + (fraction ? `.${fraction}` : '')
}

/**
 * Whole CSPR, rounded towards zero, as the compatible endpoints give it: one exact division at the last step.
 * A number is safe here: 2^53 CSPR is a million times the supply.
 */
export function toWholeCspr(motes: Motes): number {
  return Number(motes / MOTES_PER_CSPR)
}

export function sumMotes(amounts: Iterable<Motes>): Motes {
  let sum = 0n
  for (const amount of amounts) sum += amount
  return sum
}
