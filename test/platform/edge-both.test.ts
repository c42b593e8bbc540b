import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createSqlGateway } from '../../crawler/sql-gateway/gateway.ts'
import { LOADTEST_HEADER } from '../../src/middleware/rate-limit.ts'
import { createPriceWriter } from '../../src/store/price-writer.ts'
import { buildChain } from '../contract/store-chain.ts'
import { toChange } from '../contract/store-changes.ts'
import { useStore } from '../contract/store-suite.ts'
import { buildPrice } from '../support/builders.ts'
import {
  LOADTEST_TOKEN,
  PURGE_TOKEN,
  type RunningEdge,
  type StartEdge,
  startDeno,
  startWorkerd,
} from './edge-runtimes.ts'

/* The same app in both runtimes, from a real store through the gateway: what only the runtime itself can show. */

const USER = 'edge'
const PASSWORD = 'a.long~enough_test-password'
const chain = buildChain({ heights: 60, blocksPerEra: 10 })

/** The path as it stands: `fetch` reads it as a URL's before it sends it. */
async function getRaw(url: string, path: string): Promise<{ status: number | undefined; body: string }> {
  const { hostname: host, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const asking = request({ host, port, path, agent: false }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (text) => {
        body += text
      })
      response.on('end', () => resolve({ status: response.statusCode, body }))
    })
    asking.on('error', reject).end()
  })
}

const runtimes: readonly [name: string, start: StartEdge, client: string | null][] = [
  // As it is deployed; a local workerd lets anybody set this header, which on Cloudflare only Cloudflare can.
  ['workerd', startWorkerd, 'cf-connecting-ip'],
  ['deno', startDeno, null],
]

describe.each(runtimes)('%s', async (name, start, clientHeader) => {
  const store = await useStore()
  let gateway: ReturnType<typeof createSqlGateway>
  let edge: RunningEdge

  beforeAll(async () => {
    await store.writer.commit(toChange(chain.slice(0, 50)))
    gateway = createSqlGateway({
      databaseUrl: store.readerUrl,
      user: USER,
      password: PASSWORD,
      log: () => {},
    })
    await gateway.listen(0)
    edge = await start(gateway.url.replace('//', `//${USER}:${PASSWORD}@`))
  }, 90_000)
  afterAll(async () => {
    await edge?.stop()
    await gateway?.close()
  })

  const get = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
    fetch(edge.url + path, { method, headers })
  const heightOf = async (path: string) =>
    ((await (await get(path)).json()) as { blockHeight: number }[])[0]?.blockHeight

  test('health answers', async () => {
    const response = await get('/health')
    expect([response.status, await response.text()]).toEqual([200, "I'm fine!"])
    expect(response.headers.get('content-type')).toBe('text/plain')
  })

  test('a block comes from the store once, then from memory', async () => {
    const first = await get('/block?blockHeight=7')
    expect(first.status).toBe(200)
    expect(await first.json()).toMatchObject([{ blockHeight: 7, blockHash: chain[7]?.block.hash }])
    const again = await get('/block?blockHeight=7')
    expect(again.headers.get('cache-status')).toMatch(/^casper-metrics; hit; ttl=\d+; detail=memory$/)
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'))
  })

  test('304, HEAD, CORS, OPTIONS and 405 on the wire', async () => {
    const whole = await get('/block?blockHeight=7', { origin: 'https://wallet.example' })
    const body = await whole.text()
    expect(whole.headers.get('access-control-allow-origin')).toBe('*')
    expect(whole.headers.get('access-control-expose-headers')).toContain('ETag')
    const etag = whole.headers.get('etag') as string

    const known = await get('/block?blockHeight=7', { 'if-none-match': etag })
    expect([known.status, await known.text()]).toEqual([304, ''])

    const head = await get('/block?blockHeight=7', {}, 'HEAD')
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(body.length)])

    const preflight = await get('/block', { origin: 'https://wallet.example' }, 'OPTIONS')
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([
      204,
      'GET, HEAD, OPTIONS',
    ])
    const wrong = await get('/block', {}, 'DELETE')
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  test('HEAD has the headers of GET', async () => {
    const paths = [
      '/health',
      '/block?blockHeight=7',
      '/v1/blocks?limit=50',
      '/v1/nosuch',
      '/block?x',
      '/v1/status',
    ]
    const files = name === 'deno' ? ['/', '/eras/3', '/assets/app-12345.js'] : []
    const encodings = name === 'deno' ? ['identity', 'gzip'] : ['identity']
    for (const path of [...paths, ...files]) {
      for (const encoding of encodings) {
        const asked = { 'accept-encoding': encoding, 'x-loadtest-token': LOADTEST_TOKEN }
        // Twice: what a tier answers is told in the headers.
        for (let i = 0; i < 2; i++) await (await get(path, asked)).text()
        const whole = await get(path, asked)
        const length = (await whole.arrayBuffer()).byteLength
        const head = await get(path, asked, 'HEAD')
        const told = (response: Response) => {
          const { 'x-padding': _, date: __, connection: ___, ...rest } = Object.fromEntries(response.headers)
          return { status: response.status, ...rest }
        }
        expect(told(head), path).toEqual(told(whole))
        expect(head.headers.has('content-length'), path).toBe(true)
        if (encoding === 'identity') expect(head.headers.get('content-length'), path).toBe(String(length))
      }
    }
  })

  test('paths are read as a URL is, whichever the runtime leaves to us', async () => {
    const problem = (path: string) =>
      expect.stringContaining(`"detail":"Endpoint \\"GET ${path}\\" not found."`)
    const cases: [path: string, status: number, body: unknown][] = [
      ['/x/../health', 200, "I'm fine!"],
      ['/%2e%2e/health', 200, "I'm fine!"],
      ['/health/%2E', 200, "I'm fine!"],
      ['/\\health', 200, "I'm fine!"],
      ['//health//', 200, "I'm fine!"],
      ['/v1/../v1/./nosuch', 404, problem('/v1/nosuch')],
      ['/v1/{x}"', 404, problem('/v1/%7Bx%7D%22')],
      // An encoded slash parts nothing, and what is encoded without need stays so.
      ['/v1%2fstatus', 404, problem('/v1%2fstatus')],
      ['/v1/..%2fhealth', 404, problem('/v1/..%2fhealth')],
      ['/v1/%73tatus', 404, problem('/v1/%73tatus')],
      ['/v1/%zz', 404, problem('/v1/%zz')],
      ['/v1/%', 404, problem('/v1/%')],
      ['//evil.example/x', 404, problem('/evil.example/x')],
    ]
    for (const [path, status, body] of cases) {
      expect(await getRaw(edge.url, path), path).toEqual({ status, body })
    }
  })

  test('slashes too many are forgiven, as old clients need', async () => {
    for (const path of ['//transfersByEraId?eraId=1', '/block/?blockHeight=7', '/era//total?eraId=1']) {
      expect((await get(path)).status, path).toBe(200)
    }
  })

  test('prices: absent with a reason, then the very bytes of the store', async () => {
    const absent = await get('/v1/price')
    expect([absent.status, await absent.json()]).toEqual([
      404,
      expect.objectContaining({ title: 'No price is known' }),
    ])
    const at = Date.now() - 60_000
    const prices = createPriceWriter(store.writerUrl)
    const told = {
      open: 0.01,
      high: 0.02,
      low: 0.005,
      close: 0.0123456789,
      volumeFrom: 1e6 / 3,
      volumeTo: 12,
    }
    await prices.writePrices([
      buildPrice(0, { ...told, source: 'sample' }),
      buildPrice(1, { ...told, close: 1e-7, volumeFrom: null, volumeTo: null }),
    ])
    await prices.writeCurrent({ usd: 1 / 3, at, source: 'sample' })
    await prices.close()
    await fetch(`${edge.url}/internal/purge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PURGE_TOKEN}` },
      body: JSON.stringify({ groups: ['price'] }),
    })
    const bodyOf = async (path: string) => {
      const response = await get(path)
      expect(response.headers.get('cache-control'), path).toContain('max-age=60')
      expect(response.headers.get('cache-tag'), path).toContain('price')
      return response.text()
    }
    expect(await bodyOf('/price')).toBe('0.3333333333333333')
    expect(await bodyOf('/v1/price')).toBe(
      `{"usd":0.3333333333333333,"time":"${new Date(at).toISOString()}","source":"sample prices"}`,
    )
    expect(await bodyOf('/prices')).toBe(
      '[{"id":41673,"date":"2026-01-01T00:00:00.000Z","open":0.01,"close":0.0123456789,"high":0.02,"low":0.005,"volumeFrom":333333.3333333333,"volumeTo":12},' +
        '{"id":41674,"date":"2026-01-01T01:00:00.000Z","open":0.01,"close":1e-7,"high":0.02,"low":0.005,"volumeFrom":0,"volumeTo":0}]',
    )
    expect(await bodyOf('/v1/prices?resolution=day&format=csv')).toBe(
      'time,open,high,low,close,volumeFrom,volumeTo,hours,complete,source\r\n' +
        '2026-01-01T00:00:00.000Z,0.01,0.02,0.005,1e-7,,,2,false,"sample prices, CryptoCompare"\r\n',
    )
  })

  test('unknown paths of the API are problems, others are the site', async () => {
    const response = await get('/v1/nosuch')
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/problem+json'])
  })

  test('the load test token lifts the limits, without it every answer counts down', async () => {
    const lifted = await get('/health', { [LOADTEST_HEADER]: LOADTEST_TOKEN })
    expect(lifted.headers.get('ratelimit')).toBeNull()
    const left = async () =>
      Number(/r=(\d+)/.exec((await get('/health')).headers.get('ratelimit') ?? '')?.[1])
    const before = await left()
    expect(await left()).toBe(before - 1)
  })

  test('a client beyond its budget is refused with a time to come back', async () => {
    // Each runtime tells clients apart by what only it can know.
    const headers: Record<string, string> = clientHeader ? { [clientHeader]: '203.0.113.9' } : {}
    const statuses: number[] = []
    for (let i = 0; i < 70; i++) statuses.push((await get('/era?filter={"where":{"id":1}}', headers)).status)
    expect(statuses.slice(0, 50).every((status) => status === 200)).toBe(true)
    expect(statuses.at(-1)).toBe(429)
    const refused = await get('/era?filter={"where":{"id":1}}', headers)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await refused.json()).toMatchObject({ status: 429 })
  })

  test('an announced block is served at once, to many readers with few questions', async () => {
    expect(await heightOf('/block')).toBe(49)
    await store.writer.commit(toChange(chain.slice(50, 52)))
    const purge = await fetch(`${edge.url}/internal/purge`, {
      method: 'POST',
      headers: { authorization: `Bearer ${PURGE_TOKEN}` },
      body: JSON.stringify({ groups: ['block', 'era'] }),
    })
    expect([purge.status, await purge.json()]).toEqual([200, { groups: ['block', 'era'], drop: [] }])
    expect(await heightOf('/block')).toBe(51)
  })

  test('many readers at once of what no tier holds are all answered', async () => {
    const responses = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        get(`/v1/transfers?minAmount=${index % 3}`, { [LOADTEST_HEADER]: LOADTEST_TOKEN }),
      ),
    )
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  })

  if (name === 'workerd') {
    test('what was read is written to KV behind the answer, under the chain and the encoding', async () => {
      await expect
        .poll(() => edge.readKvKeys?.(), { timeout: 15_000 })
        .toContainEqual(expect.stringMatching(/\/head$/))
      const { network } = toChange(chain.slice(0, 1))
      const prefix = `${network.name}-${network.genesisHash.slice(0, 8)}/`
      for (const key of (await edge.readKvKeys?.()) ?? []) expect(key.startsWith(prefix), key).toBe(true)
    })

    test('a bad setting stops the start with its name', async () => {
      await expect(
        startWorkerd('http://edge:nobody@127.0.0.1:1', { GENESIS: 'xyz' }).then((started) => started.stop()),
      ).rejects.toThrow()
    })
  }

  if (name === 'deno') {
    test('site files: page for any path, assets for ever, nothing outside the folder', async () => {
      const page = await get('/eras/3')
      expect(await page.text()).toContain('<div id="app">')
      expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
      expect(page.headers.get('cache-control')).toBe('public, max-age=0, must-revalidate')
      const etag = page.headers.get('etag') as string
      expect((await get('/', { 'if-none-match': etag })).status).toBe(304)

      const asset = await get('/assets/app-12345.js')
      expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
      expect(asset.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
      await asset.text()
      for (const path of ['/../secret.txt', '/%2e%2e/secret.txt', '/assets/..%2f..%2fsecret.txt', '/no.js']) {
        const response = await get(path)
        expect(await response.text(), path).not.toBe('secret')
      }
      expect((await get('/no.js')).status).toBe(404)
      for (const path of ['/assets/%61pp-12345.js', '/assets%2fapp-12345.js']) {
        const other = await fetch(edge.url + path, { redirect: 'manual' })
        expect([other.status, other.headers.get('location')]).toEqual([307, '/assets/app-12345.js'])
      }
    })

    test('long answers are compressed for who accepts it', async () => {
      const response = await get('/v1/blocks?limit=50', { 'accept-encoding': 'gzip' })
      expect(response.headers.get('content-encoding')).toBe('gzip')
      expect(response.headers.get('vary')).toContain('Accept-Encoding')
      expect(((await response.json()) as { data: unknown[] }).data.length).toBe(50)
    })

    test('X-Forwarded-For is a claim like any other, unless a proxy of ours is trusted', async () => {
      const left = async (address: string) =>
        (await get('/health', { 'x-forwarded-for': address })).headers.get('ratelimit')
      const first = await left('203.0.113.1')
      expect(await left('203.0.113.2')).not.toBe(first)
    })
  }

  test('when the store goes away, what was seen is served, after a restart too', async () => {
    await get('/block')
    await get('/era/circulating')
    await gateway.close()
    for (const path of ['/block', '/block?blockHeight=7', '/era/circulating']) {
      expect((await get(path)).status, path).toBe(200)
    }
    const lost = await get('/v1/transfers?minAmount=12345')
    expect([lost.status, lost.headers.get('cache-control')]).toEqual([503, 'no-store'])
    expect(Number(lost.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await get('/v1/status')).status).toBe(200)
  })
})

describe('workerd alone', () => {
  test('where no Cloudflare stands before it, a made-up address brings no new budget', async () => {
    const edge = await startWorkerd('http://edge:nobody@127.0.0.1:1', { TRUST_PROXY: 'false' })
    try {
      const left = async (address: string) =>
        (
          await fetch(`${edge.url}/health`, {
            headers: { 'cf-connecting-ip': address, 'x-forwarded-for': address },
          })
        ).headers.get('ratelimit')
      expect(await left('203.0.113.1')).toContain('r=1199;')
      expect(await left('203.0.113.2')).toContain('r=1198;')
    } finally {
      await edge.stop()
    }
  })
})

describe('deno alone', async () => {
  const store = await useStore()
  let gateway: ReturnType<typeof createSqlGateway>
  beforeAll(async () => {
    await store.writer.commit(toChange(chain.slice(0, 40)))
    gateway = createSqlGateway({
      databaseUrl: store.readerUrl,
      user: USER,
      password: PASSWORD,
      log: () => {},
    })
    await gateway.listen(0)
  })
  afterAll(() => gateway?.close())

  test('durable tiers outlive the process: the next one serves while the store is down', async () => {
    const { network } = toChange(chain.slice(0, 1))
    const edge = await startDeno(gateway.url.replace('//', `//${USER}:${PASSWORD}@`), {
      NETWORK: network.name,
      GENESIS: network.genesisHash,
    })
    expect((await fetch(`${edge.url}/block`)).status).toBe(200)
    expect((await fetch(`${edge.url}/block?blockHeight=7`)).status).toBe(200)
    await gateway.close()
    const next = await edge.restart()
    try {
      const response = await fetch(`${next.url}/block`)
      expect(response.status).toBe(200)
      expect(response.headers.get('cache-status')).toMatch(/^casper-metrics; hit;/)
      expect((await fetch(`${next.url}/block?blockHeight=7`)).status).toBe(200)
    } finally {
      await next.stop()
    }
  })

  test('behind a proxy of ours the last forwarded address is the client', async () => {
    const edge = await startDeno('http://edge:nobody@127.0.0.1:1', { TRUST_PROXY: '1' })
    try {
      const left = async (forwarded: string) =>
        (await fetch(`${edge.url}/health`, { headers: { 'x-forwarded-for': forwarded } })).headers.get(
          'ratelimit',
        )
      expect(await left('10.0.0.1, 203.0.113.1')).toContain('r=1199;')
      expect(await left('10.9.9.9, 203.0.113.1')).toContain('r=1198;')
      expect(await left('203.0.113.1, 203.0.113.2')).toContain('r=1199;')
    } finally {
      await edge.stop()
    }
  })

  test('SIGTERM ends it cleanly, a bad setting stops the start with its name', async () => {
    const edge = await startDeno('http://edge:nobody@127.0.0.1:1')
    expect(await edge.stop()).not.toBe(1)
    await expect(startDeno('http://edge:nobody@127.0.0.1:1', { GENESIS: 'xyz' })).rejects.toThrow(
      'GENESIS: must be 8 to 64 hex digits',
    )
  })
})
