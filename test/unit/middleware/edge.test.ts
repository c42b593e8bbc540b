import { describe, expect, test } from 'vitest'
import type { Reply } from '../../../src/lib/reply.ts'
import { createLimiter } from '../../../src/limit/limiter.ts'
import { createEdge } from '../../../src/middleware/edge.ts'
import { toFinished } from '../../../src/middleware/finished.ts'
import { ASKS_TO_KEEP, HotAnswers } from '../../../src/middleware/hot.ts'
import { createGate, LOADTEST_HEADER } from '../../../src/middleware/rate-limit.ts'
import { createRandom } from '../../support/builders.ts'
import { TestBackground, TestClock } from '../cache/helpers.ts'
import { ask, toReply } from './helpers.ts'

const TOKEN = 'a-token-of-the-load-test'
const budgets = {
  cheap: { requests: 4, window: 60 },
  list: { requests: 2, window: 60 },
  search: { requests: 1, window: 60 },
}

function setUp(reply: Partial<Reply> = {}, recheck?: number, ofPages: Record<string, Reply> = {}) {
  const clock = new TestClock()
  const limiter = createLimiter({ budgets }, { clock, background: new TestBackground() })
  const gate = createGate<string>(limiter, (_headers, address) => address, { loadtest: TOKEN })
  const hots = new HotAnswers(1_000_000, recheck)
  const state = { handled: [] as string[], reply: toReply({ storedAt: clock.time, ...reply }) }
  const fetch = createEdge<string>({
    clock,
    gate,
    hots,
    means: { canClone: true },
    watch: () => undefined,
    answerFromPages: (key) => (ofPages[key] ? { reply: ofPages[key], budget: 'cheap' } : null),
    handle: (request, exchange) => {
      state.handled.push(request.method)
      exchange.finished = toFinished(state.reply, false)
      return new Response()
    },
  })
  const get = (path: string, init: RequestInit = {}, address = '192.0.2.1') => fetch(ask(path, init), address)
  return {
    clock,
    hots,
    state,
    fetch,
    get,
    /** Asks as often as it takes to be kept, and forgets that the routes were asked. */
    heat: async (path: string) => {
      const headers = { [LOADTEST_HEADER]: TOKEN }
      for (let i = 0; i < ASKS_TO_KEEP; i++) await get(path, { headers })
      state.handled.length = 0
    },
  }
}

describe('hot answers', () => {
  test('are given at once, without the routes, and say so', async () => {
    const { get, heat, state, clock } = setUp()
    await heat('/block?blockHeight=1')
    clock.pass(3)
    const again = get('/block?blockHeight=1')
    expect(again).toBeInstanceOf(Response)
    const { headers } = again as Response
    expect(headers.get('cache-status')).toBe('casper-metrics; hit; ttl=5; detail=memory')
    expect(headers.get('age')).toBe('3')
    expect(state.handled).toEqual([])
  })

  test('end with the freshness of their reply', async () => {
    const { get, heat, state, clock } = setUp()
    await heat('/block')
    clock.time += 7_999
    await get('/block')
    expect(state.handled.length).toBe(0)
    clock.time += 1
    await get('/block')
    expect(state.handled.length).toBe(1)
  })

  test('are never made of an outdated reply, a problem or what is never kept', async () => {
    for (const parts of [{ stale: true }, { cacheClass: 'NEVER', status: 404 }] as const) {
      const { get, heat, state } = setUp(parts)
      await heat('/block')
      await get('/block')
      expect(state.handled.length).toBe(1)
    }
  })

  test('answer HEAD and If-None-Match', async () => {
    const { get, heat, state } = setUp()
    const first = await get('/block')
    await heat('/block')
    const head = await get('/block', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const etag = first.headers.get('etag') as string
    expect((await get('/block', { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect(state.handled.length).toBe(0)
  })

  test('are limited like all others', async () => {
    const { get, heat } = setUp()
    await heat('/block')
    for (let i = 0; i < 4; i++) expect((await get('/block')).status).toBe(200)
    const refused = await get('/block')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect((await get('/block', {}, '192.0.2.2')).status).toBe(200)
  })

  test('one URL is one answer: another query is another', async () => {
    const { get, state } = setUp()
    await get('/block?blockHeight=1')
    await get('/block?blockHeight=2')
    expect(state.handled.length).toBe(2)
  })

  test('a purge drops those of its classes, and what was on its way when it came', async () => {
    const { get, heat, hots, state } = setUp()
    await heat('/block')
    hots.purge(['price'])
    await get('/block')
    expect(state.handled.length).toBe(0)
    hots.purge(['block'])
    await get('/block')
    expect(state.handled.length).toBe(1)

    const keep = (ticket: number) => {
      for (let i = 0; i < ASKS_TO_KEEP; i++)
        hots.keep('/late', toFinished(toReply(), false), 'cheap', ticket, toReply().storedAt)
    }
    keep(hots.ticket)
    const { ticket } = hots
    hots.purge(['era'])
    keep(ticket)
    expect(hots.get('/late', toReply().storedAt, ask('/late').headers)).toBeUndefined()
  })

  test('where purges do not arrive, they are looked up again after the recheck', async () => {
    const { get, heat, state, clock } = setUp({ cacheClass: 'PER_ERA' }, 30_000)
    await heat('/era')
    clock.pass(29)
    await get('/era')
    expect(state.handled.length).toBe(0)
    clock.pass(1)
    await get('/era')
    expect(state.handled.length).toBe(1)
  })

  test('a table is not what the next reader of the URL gets', async () => {
    const { get, heat, state } = setUp({ headers: { Vary: 'Accept' } })
    await heat('/block')
    await get('/block', { headers: { accept: 'text/csv' } })
    expect(state.handled.length).toBe(1)

    const csv = setUp({ headers: { Vary: 'Accept' }, type: 'text/csv; charset=utf-8' })
    await csv.heat('/block')
    await csv.get('/block')
    expect(csv.state.handled.length).toBe(1)
  })

  test('are made of what is asked for again: who walks through the history pushes nobody out', async () => {
    const { get, heat, state } = setUp()
    const lifted = { headers: { [LOADTEST_HEADER]: TOKEN } }
    await heat('/block')
    for (let height = 0; height < 3_000; height++) await get(`/block?blockHeight=${height}`, lifted)
    const handled = state.handled.length
    await get('/block', lifted)
    expect(state.handled.length).toBe(handled)
    await heat('/block?blockHeight=2999')
    await get('/block?blockHeight=2999', lifted)
    expect(state.handled.length).toBe(0)
  })

  test('a crowd that asks for all of a long history at random pushes nobody out either', async () => {
    const { get, heat, hots, state } = setUp()
    const lifted = { headers: { [LOADTEST_HEADER]: TOKEN } }
    await heat('/block')
    const random = createRandom(7)
    for (let i = 0; i < 20_000; i++) await get(`/block?blockHeight=${random(20_000)}`, lifted)
    const handled = state.handled.length
    // Within the one second of this clock: each height once, a few of them five times.
    expect(handled).toBeGreaterThan(19_900)
    await get('/block', lifted)
    expect(state.handled.length).toBe(handled)
    expect(hots.get('/block', toReply().storedAt, ask('/').headers)).toBeDefined()
  })
})

describe('answers from pages in memory', () => {
  const pages = { '/block?blockHeight=7': toReply({ body: '[{"blockHeight":7}]', cacheClass: 'IMMUTABLE' }) }

  test('ask no route, and are limited, headed and not modified like all others', async () => {
    const { get, state } = setUp({}, undefined, pages)
    const answer = await get('/block?blockHeight=7')
    expect([answer.status, await answer.text()]).toEqual([200, '[{"blockHeight":7}]'])
    expect(answer.headers.get('ratelimit')).toBe('"cheap";r=3;t=60')
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
    const known = { headers: { 'if-none-match': answer.headers.get('etag') as string } }
    expect((await get('/block?blockHeight=7', known)).status).toBe(304)
    const head = await get('/block?blockHeight=7', { method: 'HEAD' })
    expect([await head.text(), head.headers.get('content-length')]).toEqual(['', '19'])
    expect((await get('/block?blockHeight=7', { method: 'POST' })).status).toBe(405)
    expect((await get('/block?blockHeight=7')).status).toBe(429)
    expect(state.handled).toEqual([])
  })

  test('all else goes to the routes', async () => {
    const { get, state } = setUp({}, undefined, pages)
    await get('/block?blockHeight=8')
    await get('/block')
    expect(state.handled.length).toBe(2)
  })
})

describe('limits', () => {
  test('every answer tells what is left', async () => {
    const { get } = setUp()
    expect((await get('/block')).headers.get('ratelimit')).toBe('"cheap";r=3;t=60')
    expect((await get('/v1/blocks')).headers.get('ratelimit')).toBe('"list";r=1;t=60')
    expect((await get('/nosuch/../v1/nosuch')).headers.get('ratelimit')).toBe('"cheap";r=2;t=60')
  })

  test('a filter costs more, however it is written', async () => {
    for (const query of ['filter={}', 'filter[where][id]=3', 'f%69lter=%7B%7D']) {
      const { get } = setUp({ cacheClass: 'NEVER' })
      expect((await get(`/block?${query}`)).headers.get('ratelimit')).toBe('"search";r=0;t=60')
      expect((await get(`/era?${query}`)).status).toBe(429)
    }
  })

  test('429 is a problem that says when to come back, and asks nothing of the routes', async () => {
    const { get, state } = setUp({ cacheClass: 'NEVER' })
    await get('/v1/blocks')
    await get('/v1/blocks')
    const refused = await get('/v1/blocks')
    expect(refused.status).toBe(429)
    expect(refused.headers.get('content-type')).toBe('application/problem+json')
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(refused.headers.get('cache-control')).toBe('no-store')
    expect(await refused.json()).toMatchObject({ status: 429, error: { statusCode: 429 } })
    expect(state.handled.length).toBe(2)
  })

  test('the token of load tests lifts them, another does not', async () => {
    const { get } = setUp()
    for (let i = 0; i < 20; i++) {
      const response = await get('/block', { headers: { [LOADTEST_HEADER]: TOKEN } })
      expect([response.status, response.headers.get('ratelimit')]).toEqual([200, null])
    }
    const wrong = await get('/block', { headers: { [LOADTEST_HEADER]: `${TOKEN}x` } })
    expect(wrong.headers.get('ratelimit')).toBe('"cheap";r=3;t=60')
  })

  test('the site files are not counted', async () => {
    const { get } = setUp({ cacheClass: 'NEVER' })
    for (let i = 0; i < 10; i++) expect((await get('/assets/app.js')).status).toBe(200)
  })
})

describe('methods', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH'])('%s is 405 with Allow', async (method) => {
    const { get, state } = setUp()
    const response = await get('/block', { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect(await response.json()).toMatchObject({ status: 405, error: { name: 'MethodNotAllowedError' } })
    expect(state.handled).toEqual([])
  })

  test('GET of the purge path is 405 with the one method that it takes', async () => {
    const { get } = setUp()
    const response = await get('/internal/purge')
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS'])
  })

  test('OPTIONS answers a preflight', async () => {
    const { get, state } = setUp()
    const response = await get('/block', {
      method: 'OPTIONS',
      headers: { origin: 'https://wallet.example', 'access-control-request-method': 'GET' },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('access-control-allow-methods')).toBe('GET, HEAD, OPTIONS')
    expect(response.headers.get('access-control-allow-headers')).toBe('*')
    expect(state.handled).toEqual([])
  })
})

test("a Host that makes no URL is the asker's fault", async () => {
  const { fetch, state } = setUp()
  const request = Object.defineProperty(ask('/block'), 'url', {
    get: () => {
      throw new TypeError('Invalid URL')
    },
  })
  const response = await fetch(request, '192.0.2.1')
  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({ detail: expect.stringContaining('Host') })
  expect(state.handled).toEqual([])
})
