import { describe, expect, it } from 'vitest'
import {
  toExactCspr,
  toGrouped,
  toPercent,
  toPercentText,
  toShortCount,
  toShortCspr,
  toSigned,
} from '../../../site/format/figure.ts'

const short = (motes: bigint, locale = 'en') => {
  const { text, scale } = toShortCspr(motes, locale)
  return scale ? `${text} ${scale}` : text
}

describe('toExactCspr()', () => {
  it('keeps every mote above 2^53', () => {
    expect(toExactCspr(9_007_199_254_740_993n, 'en')).toBe('9,007,199.254740993')
    expect(toExactCspr(10_992_290_000_000_000_001n, 'en')).toBe('10,992,290,000.000000001')
    expect(toExactCspr(123_456_789_123_456_789_123n, 'en')).toBe('123,456,789,123.456789123')
  })
  it('drops zeros behind the last digit, and the separator when nothing is left', () => {
    expect(toExactCspr(1_500_000_000n, 'en')).toBe('1.5')
    expect(toExactCspr(2_000_000_000n, 'en')).toBe('2')
    expect(toExactCspr(0n, 'en')).toBe('0')
    expect(toExactCspr(1n, 'en')).toBe('0.000000001')
  })
  it('uses a real minus and the reader’s separators', () => {
    expect(toExactCspr(-1_234_500_000_000n, 'en')).toBe('−1,234.5')
    expect(toExactCspr(1_234_500_000_000n, 'de')).toBe('1.234,5')
  })
})

describe('toShortCspr()', () => {
  it('has four significant digits at most', () => {
    expect(short(12_431_234_567_890_000_000n)).toBe('12.43 B')
    expect(short(1_076_907_778_177_258_710n)).toBe('1.08 B')
    expect(short(3_510_054_828_169n)).toBe('3.51 K')
    expect(short(305_000_000_001n)).toBe('305')
    expect(short(20_300_000_000n)).toBe('20.3')
  })
  it('rounds half up by integers, above 2^53 too', () => {
    expect(short(10_005_000_000_000_000_000n)).toBe('10.01 B')
    expect(short(10_004_999_999_999_999_999n)).toBe('10 B')
    expect(short(-10_005_000_000_000_000_000n)).toBe('−10.01 B')
  })
  it('moves to the next unit when rounding fills it', () => {
    expect(short(999_999_999_999_999n)).toBe('1 M')
    expect(short(999_994_999_999_999n)).toBe('999.99 K')
    expect(short(999_999_999_999n)).toBe('1 K')
  })
  it('keeps three digits of what is below a hundredth', () => {
    expect(short(1_119_157n)).toBe('0.00112')
    expect(short(1n)).toBe('0.000000001')
    expect(short(0n)).toBe('0')
  })
})

describe('toShortCount()', () => {
  it('leaves what is short enough', () => {
    expect(toShortCount(98_765, 'en')).toEqual({ text: '98,765', scale: '' })
    expect(toShortCount(1_234_567, 'en')).toEqual({ text: '1.23', scale: 'M' })
  })
})

describe('toPercent()', () => {
  it('divides by integers', () => {
    expect(toPercent(1_077_113_386_531_125_958n, 10_980_354_933_103_968_471n)).toBe(9.81)
    expect(toPercent(1n, 3n)).toBe(33.33)
    expect(toPercent(0n, 3n)).toBe(0)
    expect(toPercent(3n, 0n)).toBeNull()
  })
  it('is written with two places', () => {
    expect(toPercentText(9.8, 2, 'en')).toBe('9.80 %')
  })
})

describe('toSigned()', () => {
  it('signs once', () => {
    expect(toSigned('3.5', false)).toBe('+3.5')
    expect(toSigned('−3.5', true)).toBe('−3.5')
    expect(toSigned('4', true)).toBe('−4')
  })
})

describe('toGrouped()', () => {
  it('takes integers beyond 2^53', () => {
    expect(toGrouped(18_446_744_073_709_551_615n, 'en')).toBe('18,446,744,073,709,551,615')
  })
})
