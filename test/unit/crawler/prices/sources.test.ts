import { expect, test } from 'vitest'
import { createCoinGecko } from '../../../../crawler/prices/coingecko.ts'
import { createCryptoCompare } from '../../../../crawler/prices/cryptocompare.ts'
import { getJson } from '../../../../crawler/prices/get-json.ts'
import { SourceError } from '../../../../crawler/prices/source.ts'
import { DAY, HOUR } from '../../../../src/domain/price.ts'
import { createRandom, PRICES_FROM } from '../../../support/builders.ts'
import { fixture, type Given, serve, signal } from './server.ts'

const KEY = 'a-secret-key-of-the-operator'
const clock = { now: () => PRICES_FROM + 4 * HOUR }

async function useCryptoCompare(given: Given | ((path: string) => Given), key: string | null = null) {
  const { url, seen } = await serve(({ url }) => (typeof given === 'function' ? given(url.pathname) : given))
  return { source: createCryptoCompare({ name: 'cryptocompare', url, key, spacing: 0 }), seen }
}

async function useCoinGecko(given: Given, key: string | null = null) {
  const { url, seen } = await serve(() => given)
  return { source: createCoinGecko({ url: `${url}/api/v3`, key, clock }), seen }
}

test('cryptocompare: hours as they are told, an hour without trades among them', async () => {
  const { source, seen } = await useCryptoCompare({ body: fixture('cryptocompare-histohour') })
  const { candles, misshapen } = await source.readHours(PRICES_FROM, PRICES_FROM + 2 * HOUR, signal)
  expect(misshapen).toBe(0)
  // One hour more than was asked for is the source's way; it is left out.
  expect(candles.map(({ hour }) => (hour - PRICES_FROM) / HOUR)).toEqual([0, 1, 2])
  expect(candles[0]).toEqual({
    hour: PRICES_FROM,
    open: 0.004996,
    high: 0.005011,
    low: 0.004979,
    close: 0.004988,
    volumeFrom: 233_901.2,
    volumeTo: 1_168.31,
  })
  expect(candles[1]).toMatchObject({ open: 0.004988, close: 0.004988, volumeFrom: 0, volumeTo: 0 })
  const [{ url }] = seen as [(typeof seen)[0]]
  expect(`${url.pathname}?${url.searchParams}`).toBe(
    `/data/v2/histohour?fsym=CSPR&tsym=USD&limit=2&toTs=${PRICES_FROM / 1_000 + 7_200}`,
  )
})

test('cryptocompare: the price now has no time of its own', async () => {
  const { source, seen } = await useCryptoCompare({ body: fixture('cryptocompare-price') })
  expect(await source.readNow(signal)).toEqual({ usd: 0.005087, at: null })
  expect(seen[0]?.url.search).toBe('?fsym=CSPR&tsyms=USD')
})

test('cryptocompare: zeros before trading began are nothing, and no fault', async () => {
  const zeros = fixture('cryptocompare-histohour').replaceAll(/"(high|low|open|close)":[\d.]+/g, '"$1":0')
  const { source } = await useCryptoCompare({ body: zeros })
  expect(await source.readHours(PRICES_FROM, PRICES_FROM + 2 * HOUR, signal)).toEqual({
    candles: [],
    misshapen: 0,
  })
})

test('cryptocompare: a row that is none is counted and left out, the others stand', async () => {
  const body = JSON.parse(fixture('cryptocompare-histohour'))
  body.Data.Data[1].close = '0.004988'
  delete body.Data.Data[2].open
  const { source } = await useCryptoCompare({ body: JSON.stringify(body) })
  const told = await source.readHours(PRICES_FROM, PRICES_FROM + 2 * HOUR, signal)
  expect([told.misshapen, told.candles.length]).toEqual([2, 1])
})

test.each([
  ['cryptocompare-rate-limit', 200, 'rate-limit', 'over your rate limit'],
  ['cryptocompare-no-market', 200, 'refused', 'does not exist for this coin pair'],
  ['cryptocompare-price', 500, 'refused', 'HTTP 500'],
  ['cryptocompare-price', 429, 'rate-limit', 'HTTP 429'],
])('cryptocompare: %s with status %i is %s', async (name, status, fault, message) => {
  const { source } = await useCryptoCompare({ body: fixture(name), status })
  for (const asked of [source.readNow(signal), source.readHours(PRICES_FROM, PRICES_FROM, signal)]) {
    await expect(asked).rejects.toMatchObject({
      name: 'SourceError',
      fault,
      message: expect.stringContaining(message),
    })
  }
})

test('coingecko: instants become hours, closed by the first price after their end', async () => {
  const { source, seen } = await useCoinGecko({ body: fixture('coingecko-range') })
  const { candles } = await source.readHours(PRICES_FROM, PRICES_FROM + 2 * HOUR, signal)
  expect(candles).toEqual(
    [0, 1, 2].map((index) => {
      const [open, close] = [0.0049961, 0.0049882, 0.0049875, 0.0050901].slice(index) as [number, number]
      return {
        hour: PRICES_FROM + index * HOUR,
        open,
        high: Math.max(open, close),
        low: Math.min(open, close),
        close,
        // Its volumes are of 24 hours.
        volumeFrom: null,
        volumeTo: null,
      }
    }),
  )
  expect(seen[0]?.url.pathname).toBe('/api/v3/coins/casper-network/market_chart/range')
  expect(seen[0]?.url.searchParams.get('vs_currency')).toBe('usd')
  expect(seen[0]?.url.searchParams.get('from')).toBe(`${PRICES_FROM / 1_000}`)
})

test('coingecko: the price now with its time', async () => {
  const { source, seen } = await useCoinGecko({ body: fixture('coingecko-simple-price') })
  expect(await source.readNow(signal)).toEqual({ usd: 0.00508712345678, at: 1_767_232_791_000 })
  expect(seen[0]?.url.searchParams.get('ids')).toBe('casper-network')
})

test('coingecko: what the plan does not reach is nothing, and is not even asked for', async () => {
  const { source, seen } = await useCoinGecko({ body: fixture('coingecko-beyond-plan'), status: 401 })
  const old = PRICES_FROM - 500 * DAY
  expect(await source.readHours(old, old + DAY, signal)).toEqual({ candles: [], misshapen: 0 })
  expect(seen).toEqual([])
  expect(await source.readHours(PRICES_FROM, PRICES_FROM, signal)).toEqual({ candles: [], misshapen: 0 })
  expect(seen.length).toBe(1)
})

test.each([
  ['coingecko-rate-limit', 429, 'rate-limit', 'exceeded the Rate Limit', 119_000],
  ['coingecko-unknown', 404, 'refused', 'coin not found', null],
])('coingecko: %s is %s', async (name, status, fault, message, retryAfter) => {
  const headers = retryAfter === null ? {} : { 'retry-after': '119' }
  const { source } = await useCoinGecko({ body: fixture(name), status, headers })
  await expect(source.readNow(signal)).rejects.toMatchObject({
    fault,
    retryAfter,
    message: expect.stringContaining(message),
  })
})

test('coingecko: a page of its proxy instead of JSON', async () => {
  const { source } = await useCoinGecko({ body: '<html>Just a moment...</html>', status: 429 })
  await expect(source.readNow(signal)).rejects.toMatchObject({ fault: 'rate-limit' })
  const fine = await useCoinGecko({ body: '<html>Just a moment...</html>' })
  await expect(fine.source.readNow(signal)).rejects.toMatchObject({ fault: 'shape' })
})

test('keys travel in a header, and in nothing that is logged', async () => {
  const one = await useCryptoCompare({ body: fixture('cryptocompare-no-market') }, KEY)
  const other = await useCoinGecko({ body: fixture('coingecko-unknown'), status: 404 }, KEY)
  for (const { source } of [one, other]) {
    const error = await source.readNow(signal).catch((error) => error)
    expect(JSON.stringify({ ...error, message: error.message, stack: error.stack })).not.toContain(KEY)
  }
  expect(one.seen[0]?.headers.authorization).toBe(`Apikey ${KEY}`)
  expect(other.seen[0]?.headers['x-cg-demo-api-key']).toBe(KEY)
  for (const { url } of [...one.seen, ...other.seen]) expect(url.href).not.toContain(KEY)
})

test('a server that is away, silent, redirecting or endless is a fault of its own kind', async () => {
  const ask = (url: string, timeout?: number) => getJson('x', new URL(url), {}, signal, timeout)
  await expect(ask('http://127.0.0.1:1/')).rejects.toMatchObject({ fault: 'network' })
  const moved = await serve(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' }))
  await expect(ask(moved.url)).rejects.toMatchObject({ fault: 'network' })
  const endless = await serve(() => ({ body: ' '.repeat(9 * 1024 * 1024) }))
  await expect(ask(endless.url)).rejects.toMatchObject({ fault: 'too-large' })
  const stalled = await serve(() => ({ headers: { 'content-length': '100' }, body: '{' }))
  await expect(ask(stalled.url, 100)).rejects.toMatchObject({
    fault: expect.stringMatching(/timeout|network/),
  })
})

test('whatever is answered is a price, nothing, or a fault of the source', async () => {
  const random = createRandom(11)
  const bodies = [
    'cryptocompare-histohour',
    'cryptocompare-rate-limit',
    'cryptocompare-price',
    'coingecko-range',
    'coingecko-simple-price',
    'coingecko-beyond-plan',
  ].map(fixture)
  const junk = [
    'null',
    '[]',
    '{}',
    '-1',
    '1e999',
    '"x"',
    '0',
    'true',
    '',
    '[[]]',
    '{"Data":1}',
    '99999999999999999',
  ]
  /** The fixture with one value exchanged, or cut somewhere, or something else altogether. */
  const spoil = () => {
    const body = bodies[random(bodies.length)] as string
    const kind = random(4)
    if (kind === 0) return body.slice(0, random(body.length))
    if (kind === 1) return junk[random(junk.length)] as string
    const values = [...body.matchAll(/(?<=[:[,])(-?[\d.]+|"[^"]*")(?=[,\]}])/g)]
    const { index, 0: text } = values[random(values.length)] as RegExpExecArray
    return body.slice(0, index) + junk[random(junk.length)] + body.slice(index + text.length)
  }
  let body = ''
  const { url } = await serve(() => ({ body }))
  const sources = [
    createCryptoCompare({ name: 'cryptocompare', url, key: null, spacing: 0 }),
    createCoinGecko({ url, key: null, clock }),
  ]
  const outcomes = { told: 0, nothing: 0, fault: 0 }
  for (let round = 0; round < 600; round++) {
    body = spoil()
    for (const source of sources) {
      try {
        const { usd } = await source.readNow(signal)
        expect(typeof usd, body).toBe('number')
        const { candles } = await source.readHours(PRICES_FROM, PRICES_FROM + 2 * HOUR, signal)
        outcomes[candles.length > 0 ? 'told' : 'nothing']++
      } catch (error) {
        if (!(error instanceof SourceError)) throw new Error(body, { cause: error })
        outcomes.fault++
      }
      const told = await source.readHours(PRICES_FROM, PRICES_FROM + 2 * HOUR, signal).catch(() => null)
      for (const candle of told?.candles ?? []) {
        outcomes.told++
        for (const value of Object.values(candle))
          expect(value === null || Number.isFinite(value), body).toBe(true)
      }
    }
  }
  expect(outcomes.told).toBeGreaterThan(100)
  expect(outcomes.fault).toBeGreaterThan(100)
})
