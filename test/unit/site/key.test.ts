import { describe, expect, it } from 'vitest'
import { toDot, toDotShape, toShortKey } from '../../../site/format/key.ts'

const KEY = '01ec490ec905afe02ac542cee4be4f11897652ae6a16c79ccc514cef7191b33aeb'

describe('toShortKey()', () => {
  it('keeps both ends', () => {
    expect(toShortKey(KEY)).toBe('01ec…3aeb')
    expect(toShortKey('00')).toBe('00')
  })
})

describe('toDot()', () => {
  it('is the same for the same key and within the eight colours', () => {
    expect(toDot(KEY)).toBe(toDot(KEY))
    for (let last = 0; last < 256; last++) {
      const key = KEY.slice(0, -2) + last.toString(16).padStart(2, '0')
      expect([1, 2, 3, 4, 5, 6, 7, 8]).toContain(toDot(key))
      expect([0, 1, 2, 3]).toContain(toDotShape(key))
    }
  })
})

it('toShortKey() shows the digits of a purse and an account hash, not what they have in common', () => {
  const digits = `51${'ab'.repeat(29)}6c11`
  expect(toShortKey(`uref-${digits}-007`)).toBe('uref-51ab…6c11')
  expect(toShortKey(`account-hash-${digits}`)).toBe('51ab…6c11')
  expect(toDot(`uref-${digits}-007`)).toBe(toDot(`uref-${digits}-000`))
})
