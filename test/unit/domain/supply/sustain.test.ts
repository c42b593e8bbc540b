import { describe, expect, test } from 'vitest'
import { toSustained } from '../../../../src/domain/supply/sustain.ts'

const QUARTER = { version: '2.2.0', numerator: 2n, denominator: 8n }
const STANDARD = { version: '2.2.0', numerator: 0n, denominator: 1n }
const era = { version: '2.2.0', rewards: 1_003n, amounts: 3, staking: 751n }

describe('the share of the sustain purse', () => {
  test('is the whole part of the ratio of all rewards', () => {
    expect(toSustained(era, QUARTER)).toBe(250n)
    expect(toSustained({ ...era, rewards: 1_003_000_000_000_000_003n }, QUARTER)).toBe(
      250_750_000_000_000_000n,
    )
  })

  test('is nothing before 2.2.0, whatever the chainspec of today says', () => {
    expect(toSustained({ ...era, version: '2.1.1' }, QUARTER)).toBe(0n)
    expect(toSustained({ ...era, version: '1.5.8' }, null)).toBe(0n)
  })

  test('is nothing where stakes got everything, and where the chainspec says standard', () => {
    expect(toSustained({ ...era, staking: 1_003n }, null)).toBe(0n)
    expect(toSustained({ ...era, rewards: 0n, staking: null }, null)).toBe(0n)
    // A validator that left without a trace is not paid: that is no share of the purse.
    expect(toSustained(era, STANDARD)).toBe(0n)
  })

  test("needs no summary in an era of the chainspec's own version", () => {
    expect(toSustained({ ...era, staking: null }, QUARTER)).toBe(250n)
  })

  test('of an era of another version is taken from the chainspec only if it fits what the era shows', () => {
    const later = { ...era, version: '2.3.0' }
    expect(toSustained(later, QUARTER)).toBe(250n)
    // 1,003 − 250 − 749 = 4 motes are lost: more than three amounts can lose to rounding.
    expect(toSustained({ ...later, staking: 749n }, QUARTER)).toBeNull()
    expect(toSustained({ ...later, staking: 754n }, QUARTER)).toBeNull()
    expect(toSustained({ ...later, staking: null }, QUARTER)).toBeNull()
    expect(toSustained(later, STANDARD)).toBeNull()
  })

  test('is not known where no chainspec was read', () => {
    expect(toSustained(era, null)).toBeNull()
  })
})
