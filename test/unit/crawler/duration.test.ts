import { expect, test } from 'vitest'
import { parseDuration } from '../../../crawler/decode/duration.ts'

test.each<[string, bigint]>([
  ['30m', 1_800_000n],
  ['1h 12m', 4_320_000n],
  ['16m 40s', 1_000_000n],
  ['1day', 86_400_000n],
  ['2days 3h 1s 5ms', 183_601_005n],
  ['1month 1day', 2_716_416_000n],
  // The longest whole years that 64 bits of milliseconds hold.
  ['584542046years', 584_542_046n * 31_557_600_000n],
  ['0s', 0n],
])('parseDuration(%j) as nodes write it', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test.each([
  '',
  '30',
  'm',
  '30 m',
  '1h12m',
  '-1s',
  '1.5h',
  '30M',
  '1hs',
  '5us',
  '30m ',
  '99999999999999999999s',
])('parseDuration(%j) is refused', (text) => expect(() => parseDuration(text)).toThrow(SyntaxError))

test('parseDuration takes no text that only fills the memory', () =>
  expect(() => parseDuration(Array(1_000).fill('0ms').join(' '))).toThrow(SyntaxError))
