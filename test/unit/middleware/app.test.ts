import { describe, expect, test } from 'vitest'
import { startApp } from './app-helpers.ts'

const toJson = (response: Response): Promise<any> => response.json()

describe('answers', () => {
  test('a past block: from the store, then from memory, without asking again', async () => {
    const { get, store } = startApp()
    const first = await get('/block?blockHeight=3')
    expect(await first.json()).toMatchObject([{ blockHeight: 3 }])
    const asked = store.asked.length
    for (const path of ['/block?blockHeight=3', '/block/?blockHeight=3', '//block?blockHeight=4']) {
      expect((await get(path)).status).toBe(200)
    }
    expect(store.asked.length).toBe(asked)
  })

  test('HEAD works wherever GET does', async () => {
    const { get } = startApp()
    for (const path of ['/health', '/block', '/era/total', '/v1/blocks?limit=2', '/v1/status']) {
      const [head, whole] = [await get(path, { method: 'HEAD' }), await get(path)]
      expect([head.status, await head.text()], path).toEqual([200, ''])
      expect(head.headers.get('content-type')).toBe(whole.headers.get('content-type'))
    }
  })

  test('an unknown path of the API is a problem, whatever the site would say', async () => {
    const { get } = startApp()
    for (const path of ['/block/nosuch', '/v1/nosuch', '/v1', '/internal/nosuch', '/nosuch.js']) {
      const response = await get(path)
      expect(response.status, path).toBe(404)
      expect(response.headers.get('content-type')).toBe('application/problem+json')
      const { error } = await toJson(response)
      expect(error).toEqual({
        statusCode: 404,
        name: 'NotFoundError',
        message: `Endpoint "GET ${path}" not found.`,
      })
    }
  })

  test('other paths are the site', async () => {
    const { get } = startApp()
    expect(await (await get('/')).text()).toBe('<!doctype html>')
    expect(await (await get('/charts/')).text()).toBe('<!doctype html>')
    expect((await get('/', { method: 'POST' })).status).toBe(405)
  })

  test('bad input is 400 and names the parameter', async () => {
    const { get } = startApp()
    const response = await get('/block?blockHeight=abc')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ errors: [{ parameter: 'blockHeight', value: '"abc"' }] })
  })

  test('a fault of ours is 500 without a word of it, and is logged', async () => {
    const { get, store, lines } = startApp()
    store.readTip = () => Promise.reject(new TypeError('secret of the house'))
    const response = await get('/block')
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('secret')
    expect(lines.join('')).toContain('secret of the house')
  })
})

describe('the store goes away', () => {
  test('what was seen is served, marked stale; what never was is 503 with Retry-After', async () => {
    const { get, store, clock, background } = startApp()
    const paths = ['/block', '/block?blockHeight=3', '/era', '/era/circulating', '/v1/blocks/latest']
    for (const path of paths) expect((await get(path)).status, path).toBe(200)
    await background.settle()
    store.isDown = true
    clock.pass(3_600)
    for (const path of paths) {
      const response = await get(path)
      expect(response.status, path).toBe(200)
      expect(response.headers.get('cache-status'), path).toMatch(/^casper-metrics; hit; ttl=/)
    }
    expect((await get('/block')).headers.get('cache-status')).toMatch(/ttl=-\d+/)
    const lost = await get('/v1/transfers?minAmount=1')
    expect(lost.status).toBe(503)
    expect(Number(lost.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(lost.headers.get('cache-control')).toBe('no-store')
  })

  test('a new isolate serves from the tiers, when its chain is configured', async () => {
    const genesis = startApp()
    const tip = await genesis.store.readTip()
    const settings = { NETWORK: 'casper-made', GENESIS: tip?.network.genesisHash ?? '' }
    const { get, again, store, background, edge, kv } = startApp(settings)
    await get('/block?blockHeight=3')
    await get('/block')
    await background.settle()
    store.isDown = true
    edge.entries.clear()
    const other = again()
    const response = await other('/block')
    expect([response.status, response.headers.get('cache-status')]).toEqual([
      200,
      expect.stringMatching(/^casper-metrics; hit;/),
    ])
    expect(kv.calls.some((call) => call.startsWith('get') && call.endsWith('/head'))).toBe(true)
    expect((await other('/block?blockHeight=3')).status).toBe(200)
  })

  test('a store of another chain is noticed: what is cached goes on, the rest is 503', async () => {
    const { get, store, clock, background } = startApp({ NETWORK: 'casper-made' })
    await get('/block?blockHeight=3')
    await background.settle()
    const tip = await store.readTip()
    store.readTip = async () => tip && { ...tip, network: { ...tip.network, name: 'casper-other' } }
    clock.pass(3_600)
    expect((await get('/block?blockHeight=3')).status).toBe(200)
    expect((await get('/v1/transfers?minAmount=1')).status).toBe(503)
  })
})

describe('the purge door', () => {
  test('a new block is answered right after the announcement', async () => {
    const { get, purge, store } = startApp()
    store.tipHeight = 30
    const heightOf = async () => (await toJson(await get('/block')))[0].blockHeight
    expect(await heightOf()).toBe(30)
    store.tipHeight = 31
    expect(await heightOf()).toBe(30)
    const response = await purge({ groups: ['block'] })
    expect([response.status, await response.json()]).toEqual([200, { groups: ['block'], drop: [] }])
    expect(await heightOf()).toBe(31)
  })

  test('headlines are read again before anybody asks', async () => {
    const { get, purge, store, background } = startApp()
    await get('/block')
    await purge({ groups: ['block', 'era'] })
    await background.settle()
    const asked = store.asked.length
    expect((await get('/block')).status).toBe(200)
    expect((await get('/era')).status).toBe(200)
    expect(store.asked.length).toBe(asked)
  })

  test('an operator drops single values', async () => {
    const { get, purge, store, background, edge, kv } = startApp()
    await get('/block')
    await background.settle()
    const held = () => [...edge.entries.keys(), ...kv.entries.keys()].filter((key) => key.endsWith('/head'))
    expect(held().length).toBe(2)
    store.isDown = true
    const response = await purge({ drop: ['head'] })
    expect([response.status, await response.json()]).toEqual([200, { groups: [], drop: ['head'] }])
    expect(held()).toEqual([])
  })

  test.each([
    ['no token', {}],
    ['another token', { authorization: 'Bearer a-token-of-the-crawlex' }],
    ['another scheme', { authorization: 'Basic a-token-of-the-crawler' }],
  ])('%s is 401', async (_name, headers) => {
    const { purge } = startApp()
    const response = await purge({ groups: ['block'] }, headers)
    expect(response.status).toBe(401)
    expect(response.headers.get('www-authenticate')).toBe('Bearer')
    expect(await response.json()).toMatchObject({ status: 401, error: { name: 'UnauthorizedError' } })
  })

  test.each([
    ['no JSON', '{groups'],
    ['no object', '[]'],
    ['an unknown group', { groups: ['blocks'] }],
    ['an unknown member', { groups: ['block'], all: true }],
    ['an id that is none', { drop: ['../secrets'] }],
    ['nothing to do', {}],
    ['more ids than one order may have', { drop: Array(501).fill('blocks/1') }],
  ])('%s is 400 and says what would do', async (_name, body) => {
    const { purge } = startApp()
    const response = await purge(body)
    expect(response.status).toBe(400)
    expect((await toJson(response)).errors[0].allowed).toContain('"groups"')
  })

  test('a body that is too long is 413', async () => {
    const { purge } = startApp()
    expect((await purge('x'.repeat(65_537))).status).toBe(413)
  })

  test('a tier that cannot be purged is 503, so that the announcer tries again', async () => {
    const { get, purge, edge, background } = startApp()
    await get('/block')
    await background.settle()
    edge.fault = 'throws'
    const response = await purge({ groups: ['block'] })
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '1'])
  })

  test('guessing the token is limited; who knows it is not', async () => {
    const { purge } = startApp()
    const statuses: number[] = []
    for (let i = 0; i < 70; i++) statuses.push((await purge({}, { authorization: `Bearer ${i}` })).status)
    expect(statuses.indexOf(429)).toBe(60)
    expect((await purge({ groups: ['block'] })).status).toBe(200)
  })

  test('without a configured token nobody may purge', async () => {
    const { purge } = startApp({ PURGE_TOKEN: '' })
    expect((await purge({ groups: ['block'] })).status).toBe(401)
    expect((await purge({ groups: ['block'] }, { authorization: 'Bearer ' })).status).toBe(401)
  })
})
