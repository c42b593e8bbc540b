import { expect, test } from 'vitest'
import { toIso } from '../../../src/api/wire/iso.ts'
import { DAY, HOUR, HOURS_PER_RUN } from '../../../src/domain/price.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { buildPrice, PRICES_FROM } from '../../support/builders.ts'
import { makeChain } from '../../support/made-chain.ts'
import { mountRoutes, type RoutesUnderTest } from '../../support/routes.ts'

const chain = makeChain({ eras: [1, 20, 7] })
/** Three whole runs, of which one lacks an hour, and a part of a fourth. */
const MISSING = 1_500
const HOURS = 3_300
const now = PRICES_FROM + HOURS * HOUR - 20 * 60_000
const prices = Array.from({ length: HOURS }, (_, hour) => buildPrice(hour))
  .filter((_, hour) => hour !== MISSING)
  .map((price) => (price.hour + HOUR > now ? { ...price, askedAt: now } : price))

function setUp() {
  const store = createArrayStore(chain, now)
  store.prices = prices
  store.currentPrice = { usd: 0.0123456, at: now - 60_000, source: 'coingecko' }
  return { store, routes: mountRoutes(store, now) }
}

const at = (hour: number) => toIso(PRICES_FROM + hour * HOUR)

/** Follows `next` to the end. */
async function readAll({ ask }: RoutesUnderTest, path: string): Promise<any[]> {
  const all: any[] = []
  let cursor = ''
  do {
    const { status, json } = await ask(path + cursor)
    expect(status, path).toBe(200)
    all.push(...json().data)
    cursor = json().next === null ? '' : `&cursor=${json().next}`
  } while (cursor !== '')
  return all
}

test('/price is a bare number', async () => {
  const { routes } = setUp()
  const { status, body, reply } = await routes.ask('/price')
  expect([status, body]).toEqual([200, '0.0123456'])
  expect(reply).toMatchObject({ type: 'application/json', cacheClass: 'PER_MINUTE' })
})

test('/price is 0 when there is none, or none of the last day', async () => {
  const { store, routes } = setUp()
  routes.now = now + DAY
  expect((await routes.ask('/price')).body).toBe('0')
  store.currentPrice = null
  const empty = await mountRoutes(store, now).ask('/price')
  expect([empty.status, empty.body]).toEqual([200, '0'])
})

test('/v1/price tells time and source, however old it is', async () => {
  const { routes } = setUp()
  routes.now = now + 3 * DAY
  expect((await routes.ask('/v1/price')).json()).toEqual({
    usd: 0.0123456,
    time: toIso(now - 60_000),
    source: 'CoinGecko',
  })
  expect((await routes.ask('/v1/price?fields=usd')).body).toBe('{"usd":0.0123456}')
  expect((await routes.ask('/v1/price?currency=eur')).status).toBe(400)
})

test('made-up prices are called so', async () => {
  const { store, routes } = setUp()
  store.currentPrice = { usd: 1, at: now, source: 'sample' }
  store.prices = prices.map((price) => ({ ...price, source: 'sample' }))
  expect((await routes.ask('/v1/price')).json().source).toBe('sample prices')
  expect((await routes.ask('/v1/prices?limit=1')).json().data[0].source).toBe('sample prices')
})

test('without any price /v1 is 404 and says why, the compatible list is empty', async () => {
  const { store, routes } = setUp()
  store.prices = []
  store.currentPrice = null
  for (const path of ['/v1/price', '/v1/prices', '/v1/prices?format=csv']) {
    const { status, json } = await routes.ask(path)
    expect([status, json().detail], path).toEqual([
      404,
      expect.stringContaining('no price source is configured'),
    ])
    expect(json().error).toMatchObject({ statusCode: 404, code: 'PRICE_UNKNOWN' })
  }
  expect((await routes.ask('/prices')).body).toBe('[]')
})

test('/prices: members, order and ids that clients know', async () => {
  const { routes } = setUp()
  const rows = (await routes.ask('/prices')).json()
  expect(rows.length).toBe(HOURS - 1)
  expect(Object.keys(rows[0])).toEqual([
    'id',
    'date',
    'open',
    'close',
    'high',
    'low',
    'volumeFrom',
    'volumeTo',
  ])
  expect(rows[0]).toMatchObject({ date: '2026-01-01T00:00:00.000Z', volumeFrom: 1_000 })
  // Row by row, the first API's id 1 was mainnet's second hour.
  expect(rows[0].id).toBe((Date.parse('2026-01-01T00:00:00Z') - Date.parse('2021-03-31T15:00:00Z')) / HOUR)
  expect(rows.map(({ date }: { date: string }) => date)).toEqual(prices.map(({ hour }) => toIso(hour)))
})

test('/prices takes any range', async () => {
  const { routes } = setUp()
  const dates = async (query: string) =>
    (await routes.ask(`/prices?${query}`)).json().map(({ date }: { date: string }) => date)
  expect(await dates(`from=${at(MISSING - 1)}&to=${at(MISSING + 1)}`)).toEqual([
    at(MISSING - 1),
    at(MISSING + 1),
  ])
  expect(await dates(`from=${at(HOURS - 2)}`)).toEqual([at(HOURS - 2), at(HOURS - 1)])
  expect(await dates(`to=${at(1)}`)).toEqual([at(0), at(1)])
  expect(await dates(`from=${at(5)}&to=${at(4)}`)).toEqual([])
  expect((await routes.ask('/prices?from=yesterday')).status).toBe(400)
})

test('a volume that nobody tells is null in /v1 and 0 in the compatible shape', async () => {
  const { store, routes } = setUp()
  store.prices = prices.map((price) => ({ ...price, volumeFrom: null, volumeTo: null }))
  expect((await routes.ask('/prices')).json()[0]).toMatchObject({ volumeFrom: 0, volumeTo: 0 })
  for (const resolution of ['hour', 'day']) {
    const [first] = (await routes.ask(`/v1/prices?limit=1&resolution=${resolution}`)).json().data
    expect(first).toMatchObject({ volumeFrom: null, volumeTo: null })
  }
})

test('/v1/prices goes through all hours once, in both orders, whatever the page', async () => {
  const { routes } = setUp()
  const times = (rows: any[]) => rows.map(({ time }) => time)
  const all = prices.map(({ hour }) => toIso(hour))
  expect(times(await readAll(routes, '/v1/prices?order=asc&limit=1000'))).toEqual(all)
  expect(times(await readAll(routes, '/v1/prices?limit=777'))).toEqual(all.toReversed())
  const range = `fromTime=${at(1_490)}&toTime=${at(1_510)}`
  expect(times(await readAll(routes, `/v1/prices?limit=7&${range}`))).toEqual(
    all.slice(1_490, 1_510).toReversed(),
  )
  // Hours that begin within the bounds: the one that was running at the first is left out.
  const odd = `fromTime=${toIso(PRICES_FROM + 1)}&toTime=${toIso(PRICES_FROM + 2 * HOUR + 1)}`
  expect(times(await readAll(routes, `/v1/prices?${odd}`))).toEqual([at(2), at(1)])
})

test('/v1/prices by day: opened by the first hour, closed by the last', async () => {
  const { routes } = setUp()
  const days = await readAll(routes, '/v1/prices?resolution=day&order=asc&limit=50')
  expect(days.length).toBe(Math.ceil(HOURS / 24))
  const hours = prices.slice(24, 48)
  expect(days[1]).toEqual({
    time: at(24),
    open: hours[0]!.open,
    high: Math.max(...hours.map(({ high }) => high)),
    low: Math.min(...hours.map(({ low }) => low)),
    close: hours[23]!.close,
    volumeFrom: hours.reduce((sum, { volumeFrom }) => sum + volumeFrom!, 0),
    volumeTo: hours.reduce((sum, { volumeTo }) => sum + volumeTo!, 0),
    hours: 24,
    complete: true,
    source: 'CryptoCompare',
  })
  // The day with the gap, and the day that is not over.
  expect(days[Math.floor(MISSING / 24)]).toMatchObject({ hours: 23, complete: false })
  expect(days.at(-1)).toMatchObject({ hours: HOURS % 24, complete: false })
  const down = await readAll(routes, '/v1/prices?resolution=day&limit=13')
  expect(down).toEqual(days.toReversed())
  const within = `fromTime=${at(25)}&toTime=${at(71)}`
  expect(await readAll(routes, `/v1/prices?resolution=day&${within}`)).toEqual([days[2]])
})

test('/v1/prices: the hour that is not over is not complete', async () => {
  const { routes } = setUp()
  const [newest, before] = (await routes.ask('/v1/prices?limit=2')).json().data
  expect([newest.complete, before.complete]).toEqual([false, true])
})

test('/v1/prices as CSV, with fields', async () => {
  const { routes } = setUp()
  const { body, headers } = await routes.ask('/v1/prices?format=csv&order=asc&limit=2&fields=time,close')
  expect(headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('Content-Disposition')).toContain('casper-prices-')
  expect(body).toBe(
    `time,close\r\n${prices
      .slice(0, 2)
      .map(({ hour, close }) => `${toIso(hour)},${close}\r\n`)
      .join('')}`,
  )
  expect((await routes.ask('/v1/prices?resolution=minute')).status).toBe(400)
})

test('a cursor belongs to its resolution and order', async () => {
  const { routes } = setUp()
  const { next } = (await routes.ask('/v1/prices?limit=5')).json()
  expect((await routes.ask(`/v1/prices?limit=5&resolution=day&cursor=${next}`)).status).toBe(400)
  expect((await routes.ask(`/v1/prices?limit=5&order=asc&cursor=${next}`)).status).toBe(400)
})

test('a whole run is read from the store once; one with a gap, and the newest, again when they are old', async () => {
  const { store, routes } = setUp()
  const ask = async () => {
    store.asked.length = 0
    expect((await routes.ask('/prices')).json().length).toBe(HOURS - 1)
    return store.asked.filter((question) => question.startsWith('prices')).length
  }
  const runs = [...Map.groupBy(prices, ({ hour }) => Math.floor(hour / HOUR / HOURS_PER_RUN)).values()]
  const open = runs.filter(({ length }) => length < HOURS_PER_RUN).length
  expect([runs.length, open]).toEqual([4, 2])
  expect(await ask()).toBe(runs.length)
  expect(await ask()).toBe(0)
  routes.now += 12 * 60_000
  expect(await ask()).toBe(open)
  // A day of trouble is bridged from what is held.
  store.isDown = true
  routes.now += 20 * HOUR
  await ask()
})
