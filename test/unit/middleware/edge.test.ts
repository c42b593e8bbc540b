import { describe, expect, test } from 'vitest'
import type { Reply } from '../../../src/lib/reply.ts'
import { createLimiter } from '../../../src/limit/limiter.ts'
import { createEdge } from '../../../src/middleware/edge.ts'
import { toFinished } from '../../../src/middleware/finished.ts'
import { HotAnswers } from '../../../src/middleware/hot.ts'
import { createGate, LOADTEST_HEADER } from '../../../src/middleware/rate-limit.ts'
import { TestBackground, TestClock } from '../cache/helpers.ts'
import { ask, toReply } from './helpers.ts'

const TOKEN = 'a-token-of-the-load-test'
const budgets = {
  cheap: { requests: 4, window: 60 },
  list: { requests: 2, window: 60 },
  search: { requests: 1, window: 60 },
}

function setUp(reply: Partial<Reply> = {}, recheck?: number) {
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
    handle: (request, exchange) => {
      state.handled.push(request.method)
      exchange.finished = toFinished(state.reply, false)
      return new Response()
    },
  })
  return {
    clock,
    hots,
    state,
    get: (path: string, init: RequestInit = {}, address = '192.0.2.1') => fetch(ask(path, init), address),
  }
}

describe('hot answers', () => {
  test('are given at once, without the routes, and say so', async () => {
    const { get, state, clock } = setUp()
    await get('/block?blockHeight=1')
    await get('/block?blockHeight=1')
    clock.pass(3)
    const again = get('/block?blockHeight=1')
    expect(again).toBeInstanceOf(Response)
    const { headers } = again as Response
    expect(headers.get('cache-status')).toBe('casper-metrics; hit; ttl=5; detail=memory')
    expect(headers.get('age')).toBe('3')
    expect(state.handled).toEqual(['GET', 'GET'])
  })

  test('end with the freshness of their reply', async () => {
    const { get, state, clock } = setUp()
    await get('/block')
    await get('/block')
    clock.time += 7_999
    await get('/block')
    expect(state.handled.length).toBe(2)
    clock.time += 1
    await get('/block')
    expect(state.handled.length).toBe(3)
  })

  test('are never made of an outdated reply, a problem or what is never kept', async () => {
    for (const parts of [{ stale: true }, { cacheClass: 'NEVER', status: 404 }] as const) {
      const { get, state } = setUp(parts)
      for (let i = 0; i < 3; i++) await get('/block')
      expect(state.handled.length).toBe(3)
    }
  })

  test('answer HEAD and If-None-Match', async () => {
    const { get, state } = setUp()
    const first = await get('/block')
    await get('/block')
    const head = await get('/block', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const etag = first.headers.get('etag') as string
    expect((await get('/block', { headers: { 'if-none-match': etag } })).status).toBe(304)
    expect(state.handled.length).toBe(2)
  })

  test('are limited like all others', async () => {
    const { get } = setUp()
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
    const { get, hots, state } = setUp()
    await get('/block')
    await get('/block')
    hots.purge(['price'])
    await get('/block')
    expect(state.handled.length).toBe(2)
    hots.purge(['block'])
    await get('/block')
    expect(state.handled.length).toBe(3)

    const keep = (ticket: number) =>
      hots.keep('/late', toFinished(toReply(), false), 'cheap', ticket, toReply().storedAt)
    keep(hots.ticket)
    const { ticket } = hots
    hots.purge(['era'])
    keep(ticket)
    expect(hots.get('/late', toReply().storedAt, ask('/late').headers)).toBeUndefined()
  })

  test('where purges do not arrive, they are looked up again after the recheck', async () => {
    const { get, state, clock } = setUp({ cacheClass: 'PER_ERA' }, 30_000)
    await get('/era')
    await get('/era')
    clock.pass(29)
    await get('/era')
    expect(state.handled.length).toBe(2)
    clock.pass(1)
    await get('/era')
    expect(state.handled.length).toBe(3)
  })

  test('a table is not what the next reader of the URL gets', async () => {
    const { get, state } = setUp({ headers: { Vary: 'Accept' } })
    await get('/block')
    await get('/block')
    await get('/block', { headers: { accept: 'text/csv' } })
    expect(state.handled.length).toBe(3)

    const csv = setUp({ headers: { Vary: 'Accept' }, type: 'text/csv; charset=utf-8' })
    const table = { headers: { accept: 'text/csv' } }
    for (const init of [table, table, {}]) await csv.get('/block', init)
    expect(csv.state.handled.length).toBe(3)
  })

  test('are made of what is asked for again: who walks through the history pushes nobody out', async () => {
    const { get, state } = setUp()
    const lifted = { headers: { [LOADTEST_HEADER]: TOKEN } }
    await get('/block', lifted)
    await get('/block', lifted)
    for (let height = 0; height < 3_000; height++) await get(`/block?blockHeight=${height}`, lifted)
    const handled = state.handled.length
    await get('/block', lifted)
    expect(state.handled.length).toBe(handled)
    await get('/block?blockHeight=2999', lifted)
    await get('/block?blockHeight=2999', lifted)
    expect(state.handled.length).toBe(handled + 1)
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
