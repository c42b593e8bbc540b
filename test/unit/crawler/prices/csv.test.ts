import { expect, test } from 'vitest'
import { CSV_HEADER, parsePriceCsv } from '../../../../crawler/prices/csv.ts'
import { HOUR } from '../../../../src/domain/price.ts'
import { createRandom, PRICES_FROM } from '../../../support/builders.ts'

const now = PRICES_FROM + 100 * HOUR
const parse = (...lines: string[]) => parsePriceCsv([CSV_HEADER, ...lines], now)

test('hours as text, in seconds and in milliseconds; volumes may be unknown', async () => {
  const { prices, bad } = await parse(
    '2026-01-01T00:00:00Z,0.01,0.02,0.005,0.015,1000,15.5',
    '1767229200,1e-2,2E-2,0.005,0.015,0,0',
    '1767232800000,0.01,0.02,0.005,0.015,,',
  )
  expect(bad).toEqual([])
  expect(prices.map(({ hour }) => (hour - PRICES_FROM) / HOUR)).toEqual([0, 1, 2])
  expect(prices[0]).toEqual({
    hour: PRICES_FROM,
    open: 0.01,
    high: 0.02,
    low: 0.005,
    close: 0.015,
    volumeFrom: 1_000,
    volumeTo: 15.5,
    source: 'import',
    askedAt: now,
  })
  expect(prices[2]).toMatchObject({ volumeFrom: null, volumeTo: null })
})

test('each bad line is named with its number and reason, the good ones are kept apart', async () => {
  const good = '2026-01-01T05:00:00Z,0.01,0.02,0.005,0.015,1,1'
  const { prices, bad } = await parse(
    good,
    '',
    '2026-01-01T01:00:00Z,0.01,0.02,0.005,0.015,1',
    '2026-01-01,0.01,0.02,0.005,0.015,1,1',
    '2026-01-01T01:30:00Z,0.01,0.02,0.005,0.015,1,1',
    '2026-01-01T01:00:00Z,0.01,0.02,0.005,-0.015,1,1',
    '2026-01-01T01:00:00Z,0.01,0.02,0.005,0,1,1',
    '2026-01-01T01:00:00Z,0.01,0.02,0.005,,1,1',
    '2026-01-01T01:00:00Z,0.01,0.005,0.02,0.015,1,1',
    '2026-01-01T01:00:00Z,"0.01",0.02,0.005,0.015,1,1',
    '2026-01-01T05:00:00Z,0.01,0.02,0.005,0.015,1,1',
    '2026-01-05T04:00:00Z,0.01,0.02,0.005,0.015,1,1',
    '2020-01-01T00:00:00Z,0.01,0.02,0.005,0.015,1,1',
    '2026-01-01T01:00:00Z,1e999,1e999,0.005,0.015,1,1',
  )
  expect(prices.length).toBe(1)
  expect(bad).toEqual([
    { line: 3, reason: 'has 1 fields, not 7' },
    { line: 4, reason: 'has 6 fields, not 7' },
    { line: 5, reason: '"2026-01-01" is no time: RFC 3339, or seconds or milliseconds since 1970' },
    { line: 6, reason: 'no full hour' },
    { line: 7, reason: 'close "-0.015" is no number' },
    { line: 8, reason: 'close "0" is not within 1e-9 and 1000000 dollars' },
    { line: 9, reason: 'close "" is no number' },
    { line: 10, reason: 'high and low contradict' },
    { line: 11, reason: 'open "\\"0.01\\"" is no number' },
    { line: 12, reason: 'the hour of line 2 again' },
    { line: 13, reason: 'the hour is not over' },
    { line: 14, reason: 'before CSPR was traded' },
    { line: 15, reason: 'open "1e999" is not within 1e-9 and 1000000 dollars' },
  ])
})

test.each([
  ['1e300,1e300,0.005,0.015,1,1', 'open "1e300" is not within 1e-9 and 1000000 dollars'],
  ['0.01,1000001,0.005,0.015,1,1', 'high "1000001" is not within 1e-9 and 1000000 dollars'],
  ['0.01,0.02,1e-10,0.015,1,1', 'low "1e-10" is not within 1e-9 and 1000000 dollars'],
  ['0.01,0.02,0.005,0.015,1e16,1', 'volumeFrom "1e16" is above 1000000000000000'],
  ['0.01,0.02,0.005,0.015,1,1e308', 'volumeTo "1e308" is above 1000000000000000'],
])('%s is more or less than any market had', async (numbers, reason) => {
  expect((await parse(`1767229200,${numbers}`)).bad).toEqual([{ line: 2, reason }])
  const { prices } = await parse('1767229200,1000000,1000000,1e-9,1e-9,1e15,1e15')
  expect(prices).toHaveLength(1)
})

test('another header, or none, is refused as a whole', async () => {
  for (const header of ['', 'hour;open', 'Hour,Open,High,Low,Close,VolumeFrom,VolumeTo', `${CSV_HEADER} `]) {
    expect(await parsePriceCsv([header, '1767229200,1,1,1,1,1,1'], now)).toEqual({
      prices: [],
      bad: [{ line: 1, reason: expect.stringContaining(CSV_HEADER) }],
    })
  }
})

test('a byte order mark is read', async () => {
  expect(await parsePriceCsv([`\uFEFF${CSV_HEADER}`, '1767229200,1,1,1,1,1,1'], now)).toMatchObject({
    prices: [{ open: 1 }],
    bad: [],
  })
})

test('whatever is in the file, each line is a price or is named', async () => {
  const random = createRandom(8)
  const parts = [...'0123456789.,,,,,,-eETZ:" \t', '2026-01-01T00:00:00Z', '1767229200', '0.01']
  for (let round = 0; round < 300; round++) {
    const lines = Array.from({ length: random(8) }, () =>
      Array.from({ length: random(20) }, () => parts[random(parts.length)]).join(''),
    )
    const { prices, bad } = await parse(...lines, 'end')
    expect(prices.length + bad.length).toBe(lines.length + 1)
  }
})
