import { expect, test } from 'vitest'
import { parsePriceConfig } from '../../../../crawler/prices/config.ts'
import { createSources } from '../../../../crawler/prices/open.ts'
import { LISTED_AT } from '../../../../src/domain/price.ts'

const clock = { now: () => 0 }
const namesOf = (env: Record<string, string>) =>
  createSources(parsePriceConfig(env), clock).map(({ name }) => name)

test('nobody is asked unless PRICE_SOURCES says so', () => {
  expect(parsePriceConfig({})).toMatchObject({
    PRICE_SOURCES: [],
    PRICE_SINCE: LISTED_AT,
    PRICE_POLL_MS: 60_000,
  })
  expect(namesOf({ PRICE_SOURCES: '' })).toEqual([])
})

test('the order of the sources is that of the list', () => {
  expect(namesOf({ PRICE_SOURCES: 'coingecko, cryptocompare' })).toEqual(['coingecko', 'cryptocompare'])
  expect(namesOf({ PRICE_SOURCES: 'sample', SAMPLE_PRICES_URL: 'http://127.0.0.1:1' })).toEqual(['sample'])
})

test.each([
  ['PRICE_SOURCES', 'binance', 'must be a list out of cryptocompare, coingecko, sample'],
  ['PRICE_SOURCES', 'coingecko,coingecko', 'must name each source once'],
  ['PRICE_SINCE', '2026-01-01', 'must be a time such as'],
  ['PRICE_POLL_MS', '5', ''],
  ['COINGECKO_URL', 'ftp://x', 'must be a URL'],
  ['COINGECKO_URL', 'https://user:secret@x', 'must hold no user and password'],
  ['CRYPTOCOMPARE_KEY', 'two words', 'must be a key without spaces'],
])('%s = %s is refused in one sentence that names it', (name, value, message) => {
  const parse = () => parsePriceConfig({ [name]: value })
  expect(parse).toThrow(name)
  expect(parse).toThrow(message)
  if (name.endsWith('KEY')) expect(parse).not.toThrow(value)
})

test('the sample feed must be named with its place', () => {
  expect(() => parsePriceConfig({ PRICE_SOURCES: 'sample' })).toThrow('SAMPLE_PRICES_URL is not set')
})
