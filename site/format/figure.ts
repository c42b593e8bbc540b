import { MOTES_PER_CSPR } from '../../src/domain/motes.ts'

/** A figure cut for reading: `12.43` and `B`. */
export interface ShortFigure {
  readonly text: string
  /** `K`, `M`, `B`, `T` or nothing. */
  readonly scale: string
}

const SCALES: readonly (readonly [bigint, string])[] = [
  [1_000_000_000_000n, 'T'],
  [1_000_000_000n, 'B'],
  [1_000_000n, 'M'],
  [1_000n, 'K'],
]

const LOCALE = typeof navigator === 'undefined' ? 'en' : navigator.language

function toSeparators(locale: string) {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1234567.5)
  return parts.find((part) => part.type === 'decimal')?.value ?? '.'
}

/** Whole numbers by the reader's locale. */
export function toGrouped(value: number | bigint, locale = LOCALE): string {
  return new Intl.NumberFormat(locale, { useGrouping: true }).format(value)
}

/** All nine decimals that are there, never rounded: `1,234.000000001`. */
export function toExactCspr(motes: bigint, locale = LOCALE): string {
  const size = motes < 0n ? -motes : motes
  const fraction = (size % MOTES_PER_CSPR).toString().padStart(9, '0').replace(/0+$/, '')
  const whole = toGrouped(size / MOTES_PER_CSPR, locale)
  const sign = motes < 0n ? '−' : ''
  return sign + whole + (fraction ? toSeparators(locale) + fraction : '')
}

/**
 * Four significant digits or so: `12.43 B`, `1.5`, `0.000012`. Rounded half up with integers only, so that amounts
 * above 2^53 motes are as right as small ones.
 */
export function toShortCspr(motes: bigint, locale = LOCALE): ShortFigure {
  const size = motes < 0n ? -motes : motes
  const sign = motes < 0n ? '−' : ''
  // The unit below must not read 1,000.00: 999,994 stays K, 999,995 is 1 M.
  const scale = SCALES.find(([unit]) => roundTo(size, (unit / 1_000n) * MOTES_PER_CSPR, 100n) >= 100_000n)
  if (scale) {
    const [unit, name] = scale
    const ratio = roundTo(size, unit * MOTES_PER_CSPR, 100n)
    return { text: sign + decimal(ratio, 2, locale), scale: name }
  }
  if (size >= MOTES_PER_CSPR / 100n || size === 0n) {
    return { text: sign + decimal(roundTo(size, MOTES_PER_CSPR, 100n), 2, locale), scale: '' }
  }
  // Below a hundredth: three significant digits.
  const unit = 10n ** BigInt(Math.max(0, size.toString().length - 3))
  return { text: sign + toExactCspr(roundTo(size, unit, 1n) * unit, locale), scale: '' }
}

/** The same for counts. */
export function toShortCount(count: number, locale = LOCALE): ShortFigure {
  if (Math.abs(count) < 100_000) return { text: toGrouped(count, locale), scale: '' }
  return toShortCspr(BigInt(Math.round(count)) * MOTES_PER_CSPR, locale)
}

/** `part / whole` in percent, by integers: two decimals. Null when there is no whole. */
export function toPercent(part: bigint, whole: bigint): number | null {
  return whole === 0n ? null : Number(roundTo(part, whole, 10_000n)) / 100
}

export function toPercentText(percent: number, digits = 2, locale = LOCALE): string {
  const format = { minimumFractionDigits: digits, maximumFractionDigits: digits }
  return `${new Intl.NumberFormat(locale, format).format(percent)} %`
}

/** Signed with a real minus, for changes: `+1.2 M`. */
export function toSigned(text: string, negative: boolean): string {
  return text.startsWith('−') || negative ? `−${text.replace(/^−/, '')}` : `+${text}`
}

/** Whole CSPR for the pixels of a chart; never shown as a figure. */
export function toPixels(motes: bigint): number {
  return Number(motes) / 1e9
}

function roundTo(value: bigint, unit: bigint, steps: bigint): bigint {
  const doubled = (value * steps * 2n) / unit
  return (doubled + (doubled < 0n ? -1n : 1n)) / 2n
}

/** `1243` with two places is `12.43`; trailing zeros go. */
function decimal(value: bigint, places: number, locale: string): string {
  const power = 10n ** BigInt(places)
  const fraction = (value % power).toString().padStart(places, '0').replace(/0+$/, '')
  const whole = toGrouped(value / power, locale)
  return fraction ? whole + toSeparators(locale) + fraction : whole
}
