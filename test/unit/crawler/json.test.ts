import { expect, test } from 'vitest'
import { parseJson } from '../../../crawler/node/json.ts'

test('parseJson() keeps every digit of an integer beyond 2^53', () => {
  expect(parseJson('{"id":18446744073709551615}')).toEqual({ id: 18446744073709551615n })
  expect(parseJson('[9007199254740993]')).toEqual([9007199254740993n])
  expect(parseJson('{"a": -9007199254740993}')).toEqual({ a: -9007199254740993n })
})

test('parseJson() leaves numbers that are safe, fractions and texts as they are', () => {
  expect(
    parseJson('{"a":9007199254740991,"b":1.5,"c":1e3,"d":"18446744073709551615","e":1.1234567890123456789}'),
  ).toEqual({
    a: 9007199254740991,
    b: 1.5,
    c: 1000,
    d: '18446744073709551615',
    e: 1.1234567890123457,
  })
})

test('parseJson() is not misled by what looks like a number inside a text', () => {
  const text = JSON.stringify({ error: 'spent:12345678901234567890, left [99999999999999999999]' })
  expect(parseJson(text)).toEqual(JSON.parse(text))
})

test('parseJson() keeps digits beside a text that looks like a number, and in lists of them', () => {
  const text =
    '{"error":"left [99999999999999999999, 12345678901234567]","ids":[18446744073709551615,18446744073709551614, 1]}'
  expect(parseJson(text)).toEqual({
    error: 'left [99999999999999999999, 12345678901234567]',
    ids: [18446744073709551615n, 18446744073709551614n, 1],
  })
})

test('parseJson() refuses what is not JSON', () => {
  expect(() => parseJson('{"id":18446744073709551615')).toThrow(SyntaxError)
})
