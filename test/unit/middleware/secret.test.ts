import { expect, test } from 'vitest'
import { isSecret, toBearer } from '../../../src/lib/secret.ts'

test('isSecret() is true for the very same text alone', () => {
  expect(isSecret('0123456789abcdef', '0123456789abcdef')).toBe(true)
  for (const given of ['0123456789abcdeF', '0123456789abcde', '0123456789abcdef0', '', null, undefined]) {
    expect(isSecret(given, '0123456789abcdef')).toBe(false)
  }
  // The given text read over and over must not match a secret that is its repetition.
  expect(isSecret('abab', 'ab')).toBe(false)
})

test('without a secret nobody knows it', () => {
  for (const secret of [undefined, '']) {
    for (const given of ['', 'x', null]) expect(isSecret(given, secret)).toBe(false)
  }
})

test('toBearer() reads the scheme in any case', () => {
  expect(toBearer('Bearer abc')).toBe('abc')
  expect(toBearer('bearer  abc')).toBe('abc')
  for (const header of [null, '', 'abc', 'Basic abc', 'Bearer', 'Bearer a b']) {
    expect(toBearer(header)).toBeNull()
  }
})
