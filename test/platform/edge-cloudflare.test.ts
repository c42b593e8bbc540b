import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { BUDGETS, type BudgetName } from '../../src/api/policy.ts'
import type { Entry } from '../../src/cache/cache.ts'
import { SHARED_STRIDE } from '../../src/limit/limiter.ts'
import { API_WORDS } from '../../src/middleware/paths.ts'
import { createEdgeTier } from '../../src/platform/cloudflare/edge-tier.ts'
import { createKvTier } from '../../src/platform/cloudflare/kv-tier.ts'
import { createPurgeZone } from '../../src/platform/cloudflare/purge-zone.ts'
import { createSharedLimiter } from '../../src/platform/cloudflare/shared-limiter.ts'
import { START, TestClock } from '../unit/cache/helpers.ts'

const entry: Entry = {
  bytes: new Uint8Array([1]),
  storedAt: START,
  freshUntil: START + 8_000,
  staleUntil: START + 68_000,
  errorUntil: START + 86_408_000,
  tags: ['block', 'era', 'id:tip'],
}
const forEver = { ...entry, errorUntil: START + 36_865 * 86_400_000 }

describe('purging the zone', () => {
  const options = { zoneId: '0123456789abcdef0123456789abcdef', apiToken: 'token-of-the-zone' }
  const success = '{"success":true,"errors":[],"messages":[],"result":{"id":"0123"}}'

  function record(body: string, status = 200) {
    const requests: { url: string; method: string; headers: Headers; body: unknown }[] = []
    const ask = async (url: unknown, init?: RequestInit) => {
      const { method = '', headers, body: sent } = init ?? {}
      requests.push({
        url: String(url),
        method,
        headers: new Headers(headers),
        body: JSON.parse(String(sent)),
      })
      return new Response(body, { status })
    }
    return { requests, purge: createPurgeZone(options, ask as typeof fetch) }
  }

  test('is the request that the API describes', async () => {
    const { requests, purge } = record(success)
    await purge(['block', 'era'])
    expect(requests.length).toBe(1)
    const [request] = requests
    expect(request?.url).toBe(
      'https://api.cloudflare.com/client/v4/zones/0123456789abcdef0123456789abcdef/purge_cache',
    )
    expect(request?.method).toBe('POST')
    expect(request?.headers.get('authorization')).toBe('Bearer token-of-the-zone')
    expect(request?.headers.get('content-type')).toBe('application/json')
    expect(request?.body).toEqual({ tags: ['block', 'era'] })
  })

  test('takes 30 tags in a call', async () => {
    const { requests, purge } = record(success)
    await purge(Array.from({ length: 70 }, (_, index) => `id:blocks/${index}`))
    expect(requests.map(({ body }) => (body as { tags: string[] }).tags.length)).toEqual([30, 30, 10])
  })

  test.each([
    ['refused', '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}', 403],
    ['answered with 200 and no success', '{"success":false,"errors":[{"message":"no"}]}', 200],
    ['answered with a page', '<html>', 200],
    ['limited', 'slow down', 429],
  ])('that is %s is an error', async (_name, body, status) => {
    await expect(record(body, status).purge(['block'])).rejects.toThrow(`HTTP ${status}`)
  })
})

describe('the Cache API', () => {
  function setUp() {
    const stored = new Map<string, Response>()
    const clock = new TestClock()
    const cache = {
      match: async (url: string) => stored.get(url)?.clone(),
      put: async (url: string, response: Response) => void stored.set(url, response),
      delete: async (url: string) => stored.delete(url),
    }
    return { stored, clock, cache, tier: createEdgeTier({ origin: 'https://casper.example' }, cache, clock) }
  }

  test('is told seconds from now, not an instant', async () => {
    const { tier, stored, clock } = setUp()
    clock.pass(408)
    await tier.put('casper-fe290000/h1/head', entry)
    const url = 'https://casper.example/internal/cache/casper-fe290000/h1/head'
    expect([...stored.keys()]).toEqual([url])
    const headers = stored.get(url)?.headers
    expect(headers?.get('cache-control')).toBe('public, max-age=86000')
    expect(headers?.get('cache-tag')).toBe('block,era,id:tip')
  })

  test('keeps at most a year, and an entry that has ended for a second', async () => {
    const { tier, stored } = setUp()
    const maxAge = async (given: Entry) => {
      await tier.put('key', given)
      return [...stored.values()][0]?.headers.get('cache-control')
    }
    expect(await maxAge(forEver)).toBe('public, max-age=31536000')
    expect(await maxAge({ ...entry, errorUntil: START - 1 })).toBe('public, max-age=1')
  })

  test('a purge asks for no more deletions than a request may make', async () => {
    const { cache, clock } = setUp()
    const deleted: string[] = []
    const counting = { ...cache, delete: async (url: string) => deleted.push(url) > 0 }
    const tier = createEdgeTier({ origin: 'https://casper.example' }, counting, clock)
    await tier.delete(Array.from({ length: 2_000 }, (_, index) => `key-${index}`))
    expect(deleted.length).toBe(500)
  })

  test('tags are purged by the zone where it is configured, and not at all where it is not', () => {
    const { cache, clock, tier } = setUp()
    const purgeZone = async () => {}
    expect(createEdgeTier({ origin: 'https://a.example', purgeZone }, cache, clock).purgeTags).toBe(purgeZone)
    expect('purgeTags' in tier).toBe(false)
  })
})

describe('KV', () => {
  function setUp() {
    const puts: [key: string, options: unknown][] = []
    const clock = new TestClock()
    const kv = {
      get: async () => null,
      put: async (key: string, _value: Uint8Array, options?: { expirationTtl?: number }) => {
        if (options?.expirationTtl !== undefined && options.expirationTtl < 60) {
          throw new Error('KV PUT failed: 400 Invalid expiration_ttl. Expiration TTL must be at least 60.')
        }
        puts.push([key, options])
      },
      delete: async () => {},
    }
    return { puts, clock, tier: createKvTier(kv, clock) }
  }

  test('a TTL is never below the 60 s that KV takes', async () => {
    const { tier, puts } = setUp()
    await tier.put('soon', { ...entry, errorUntil: START + 5_000 })
    await tier.put('gone', { ...entry, errorUntil: START - 5_000 })
    await tier.put('later', entry)
    expect(puts).toEqual([
      ['soon', { expirationTtl: 60 }],
      ['gone', { expirationTtl: 60 }],
      ['later', { expirationTtl: 86_408 }],
    ])
  })

  test('closed history is kept for ever', async () => {
    const { tier, puts } = setUp()
    await tier.put('page', forEver)
    expect(puts).toEqual([['page', {}]])
  })

  test('what changes is written once a minute, and all of that is bounded; pages are not', async () => {
    const { tier, puts, clock } = setUp()
    for (let second = 0; second < 59; second++) {
      await tier.put('head', entry)
      clock.pass(1)
    }
    expect(puts.length).toBe(1)
    clock.pass(1)
    await tier.put('head', entry)
    expect(puts.length).toBe(2)
    for (let i = 0; i < 500; i++) await tier.put(`search-${i}`, entry)
    expect(puts.length).toBe(61)
    for (let i = 0; i < 500; i++) await tier.put(`page-${i}`, forEver)
    expect(puts.length).toBe(561)
  })

  test('only history is fresh there', () => {
    expect(setUp().tier.isLastResort).toBe(true)
  })
})

describe('the shared limiter', () => {
  test('asks the binding of the budget, and is none where nothing is bound', async () => {
    expect(createSharedLimiter({})).toBeUndefined()
    const keys: string[] = []
    const limit = async ({ key }: { key: string }) => ({ success: keys.push(key) < 2 })
    const shared = createSharedLimiter({ LIMIT_SEARCH: { limit } })
    expect(await shared?.take('search', '192.0.2.1')).toBe(true)
    expect(await shared?.take('search', '192.0.2.1')).toBe(false)
    expect(await shared?.take('cheap', '192.0.2.1')).toBe(true)
    expect(keys).toEqual(['192.0.2.1', '192.0.2.1'])
  })
})

describe('wrangler.toml', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'wrangler.toml'), 'utf8')

  test('limits are the budgets, divided by the stride', () => {
    for (const [name, { requests, window }] of Object.entries(BUDGETS)) {
      const binding = `LIMIT_${(name as BudgetName).toUpperCase()}`
      const simple = new RegExp(
        `name = "${binding}"\\n[^[]*simple = \\{ limit = (\\d+), period = (\\d+) \\}`,
      ).exec(text)
      expect([Number(simple?.[1]), Number(simple?.[2])], name).toEqual([requests / SHARED_STRIDE, window])
    }
  })

  test('Cloudflare is believed where it stands in front, and nobody at home', () => {
    expect(text).toMatch(/\[vars\]\nTRUST_PROXY = "cloudflare"\n/)
    const { scripts } = JSON.parse(
      readFileSync(join(import.meta.dirname, '..', '..', 'package.json'), 'utf8'),
    )
    expect(scripts.edge).toContain('TRUST_PROXY=${TRUST_PROXY:-false} ')
  })

  test('the worker comes first for every first word of the API, and for doubled slashes', () => {
    const list = /run_worker_first = \[([^\]]*)\]/.exec(text)?.[1] ?? ''
    const patterns = [...list.matchAll(/"([^"]+)"/g)].map((match) => match[1])
    const wanted = [...API_WORDS].flatMap((word) => [`/${word}`, `/${word}/*`])
    expect(patterns.sort()).toEqual([...wanted, '//*'].sort())
  })
})
