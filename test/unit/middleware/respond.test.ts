import { gunzipSync, gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { Reply } from '../../../src/lib/reply.ts'
import { toFinished } from '../../../src/middleware/finished.ts'
import { type Compress, createRespond } from '../../../src/middleware/respond.ts'
import { START } from '../cache/helpers.ts'
import { ask, toReply } from './helpers.ts'

const quota = { isAllowed: true, remaining: 41, resetAfter: 17 }
const compress: Compress = async (body) => new Uint8Array(gzipSync(body))

interface Given {
  readonly now?: number
  readonly isHot?: boolean
  readonly isLifted?: boolean
  readonly compress?: Compress
}

function send(reply: Partial<Reply>, request = ask('/block'), given: Given = {}) {
  const { now = START, isHot = false } = given
  const respond = createRespond({ compress: given.compress })
  return respond(toFinished(toReply(reply), given.compress !== undefined), request, {
    now,
    isHot,
    budget: 'cheap',
    quota: given.isLifted ? null : quota,
  }) as Response
}

describe('Cache-Control', () => {
  test.each([
    ['PER_BLOCK', 'public, max-age=8, stale-while-revalidate=60, stale-if-error=86400'],
    ['PER_ERA', 'public, max-age=600, stale-while-revalidate=600, stale-if-error=86400'],
    ['PER_MINUTE', 'public, max-age=60, stale-while-revalidate=600, stale-if-error=86400'],
    ['IMMUTABLE', 'public, max-age=31536000, immutable'],
    ['NEVER', 'no-store'],
  ] as const)('of %s is seconds from now, never an instant: %s', (cacheClass, header) => {
    expect(send({ cacheClass }).headers.get('cache-control')).toBe(header)
  })
})

describe('Age and Cache-Status', () => {
  const status = (reply: Partial<Reply>, given: Given = {}) => {
    const { headers } = send(reply, undefined, given)
    return [headers.get('age'), headers.get('cache-status')]
  }
  test('a miss came from the store', () => {
    expect(status({})).toEqual(['0', 'casper-metrics; fwd=miss; stored; ttl=8; detail=store'])
  })
  test('a hit names its tier and how long it is still fresh', () => {
    const now = START + 3_900
    expect(status({ tier: 'kv' }, { now })).toEqual(['3', 'casper-metrics; hit; ttl=5; detail=kv'])
    expect(status({ tier: 'edge' }, { now })).toEqual(['3', 'casper-metrics; hit; ttl=5; detail=edge'])
  })
  test('an outdated answer shows by how much', () => {
    expect(status({ tier: 'memory', stale: true }, { now: START + 100_000 })).toEqual([
      '100',
      'casper-metrics; hit; ttl=-92; detail=memory',
    ])
  })
  test('a repeated answer is a hit in memory, wherever it came from at first', () => {
    expect(status({}, { isHot: true, now: START + 1_000 })).toEqual([
      '1',
      'casper-metrics; hit; ttl=7; detail=memory',
    ])
  })
  test('a clock that was set back makes no negative age', () => {
    expect(status({}, { now: START - 5_000 })[0]).toBe('0')
  })
  test('what is never kept has no age and no tag', () => {
    const { headers } = send({ cacheClass: 'NEVER' })
    expect([headers.get('age'), headers.get('etag'), headers.get('cache-tag')]).toEqual([null, null, null])
    expect(headers.get('cache-status')).toBe('casper-metrics; fwd=bypass')
  })
})

describe('ETag', () => {
  const etagOf = (body: string) => send({ body }).headers.get('etag') as string

  test('is strong, the same for the same body and another for one that differs by a character', () => {
    const etag = etagOf('{"height":1}')
    expect(etag).toMatch(/^"[0-9a-z]+-c"$/)
    expect(etagOf('{"height":1}')).toBe(etag)
    const tags = new Set<string>()
    for (let height = 0; height < 20_000; height++) tags.add(etagOf(`{"height":${height}}`))
    expect(tags.size).toBe(20_000)
    expect(etagOf('ab')).not.toBe(etagOf('ba'))
    // A short body after a long one, and a long one whose last character alone differs.
    const long = 'x'.repeat(20_000)
    expect(etagOf(`${long}a`)).not.toBe(etagOf(`${long}b`))
    const [before, _long, after] = [etagOf('abc'), etagOf('abcdefghijklmnop'), etagOf('abc')]
    expect(after).toBe(before)
    expect(etagOf('ü1')).not.toBe(etagOf('ü2'))
    expect(etagOf('')).toMatch(/^"/)
  })

  test.each([
    ['itself', (etag: string) => etag],
    ['the weak form that a compressing proxy makes', (etag: string) => `W/${etag}`],
    ['the tag of our gzip variant', (etag: string) => etag.replace(/"$/, '-gz"')],
    ['one of a list', (etag: string) => `"other", W/${etag}`],
    ['a star', () => '*'],
  ])('304 when If-None-Match is %s', async (_name, toHeader) => {
    const headers = { 'if-none-match': toHeader(etagOf('{"height":1}')) }
    const response = send({}, ask('/block', { headers }))
    expect(response.status).toBe(304)
    expect(await response.text()).toBe('')
    expect(response.headers.get('etag')).toBe(etagOf('{"height":1}'))
    expect(response.headers.get('cache-control')).toContain('max-age=8')
    expect(response.headers.get('ratelimit')).toBe('"cheap";r=41;t=17')
  })

  test('200 when it is another', () => {
    const headers = { 'if-none-match': '"other"' }
    expect(send({}, ask('/block', { headers })).status).toBe(200)
  })
})

describe('headers of every answer', () => {
  test('CORS for everybody, no sniffing, what is left of the budget', () => {
    const { headers } = send({})
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('ratelimit-policy')).toBe('"cheap";q=1200;w=60')
    expect(headers.get('ratelimit')).toBe('"cheap";r=41;t=17')
    expect(headers.get('vary')).toBeNull()
    expect(headers.get('cache-tag')).toBe('block,era')
  })

  test('scripts of other origins may read ours', () => {
    const headers = { origin: 'https://wallet.example' }
    const exposed = send({}, ask('/block', { headers })).headers.get('access-control-expose-headers')
    for (const name of ['ETag', 'RateLimit', 'Cache-Status', 'Link']) expect(exposed).toContain(name)
  })

  test('lifted limits have no quota to tell of', () => {
    const { headers } = send({}, undefined, { isLifted: true })
    expect([headers.get('ratelimit'), headers.get('ratelimit-policy')]).toEqual([null, null])
  })

  test('own headers of a reply are kept', () => {
    const { headers } = send({ headers: { Link: '</v1/blocks?cursor=a>; rel="next"', Vary: 'Accept' } })
    expect(headers.get('link')).toBe('</v1/blocks?cursor=a>; rel="next"')
    expect(headers.get('vary')).toBe('Accept')
  })

  test('the status and type of a problem', () => {
    const response = send({ status: 404, type: 'application/problem+json', cacheClass: 'NEVER' })
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })
})

test('HEAD has the headers of GET, its length in bytes, and no body', async () => {
  const body = '{"name":"Zürich"}'
  const response = send({ body }, ask('/block', { method: 'HEAD' }))
  expect(response.status).toBe(200)
  expect(response.headers.get('content-length')).toBe('18')
  expect(response.headers.get('etag')).toBe(send({ body }).headers.get('etag'))
  expect(await response.text()).toBe('')
})

describe('compression', () => {
  const body = JSON.stringify(Array.from({ length: 100 }, (_, height) => ({ height })))
  const gzip = ask('/block', { headers: { 'accept-encoding': 'br, gzip;q=0.8' } })

  test('of a long body for who accepts it, under an ETag of its own', async () => {
    const response = await send({ body }, gzip, { compress })
    expect(response.headers.get('content-encoding')).toBe('gzip')
    expect(response.headers.get('vary')).toBe('Accept-Encoding')
    expect(response.headers.get('etag')).toMatch(/-gz"$/)
    expect(gunzipSync(new Uint8Array(await response.arrayBuffer())).toString()).toBe(body)
  })

  test('Vary stands on the plain variant too, beside the reply own', async () => {
    const response = send({ body, headers: { Vary: 'Accept' } }, ask('/block'), { compress })
    expect(response.headers.get('vary')).toBe('Accept-Encoding, Accept')
    expect(response.headers.get('content-encoding')).toBeNull()
  })

  test.each(['gzip;q=0', 'gzip; q=0.0', 'br', 'identity'])('none for Accept-Encoding: %s', (value) => {
    const request = ask('/block', { headers: { 'accept-encoding': value } })
    expect(send({ body }, request, { compress }).headers.get('content-encoding')).toBeNull()
  })

  test('none of a short body, and no Vary for it', () => {
    const { headers } = send({}, gzip, { compress })
    expect([headers.get('content-encoding'), headers.get('vary')]).toEqual([null, null])
  })

  test('none where the platform does it', () => {
    const { headers } = send({ body }, gzip)
    expect([headers.get('content-encoding'), headers.get('vary')]).toEqual([null, null])
  })

  test('one body is compressed once, however many ask', async () => {
    let count = 0
    const counting: Compress = (text) => {
      count++
      return compress(text)
    }
    const finished = toFinished(toReply({ body }), true)
    const respond = createRespond({ compress: counting })
    const circumstances = { now: START, isHot: false, budget: 'cheap', quota } as const
    await Promise.all([1, 2, 3].map(() => respond(finished, gzip, circumstances)))
    expect(count).toBe(1)
  })
})

describe('cloned answers', () => {
  const respond = createRespond({ canClone: true })
  const finished = toFinished(toReply(), false)
  const at = (now: number, given = quota) =>
    respond(finished, ask('/block'), { now, isHot: true, budget: 'cheap', quota: given }) as Response

  test('have a body of their own each, and the quota of their own request', async () => {
    const [first, second] = [at(START), at(START, { ...quota, remaining: 40 })]
    expect([await first.text(), await second.text()]).toEqual(['{"height":1}', '{"height":1}'])
    expect(first.headers.get('ratelimit')).toBe('"cheap";r=41;t=17')
    expect(second.headers.get('ratelimit')).toBe('"cheap";r=40;t=17')
    const lifted = respond(finished, ask('/block'), { now: START, isHot: true, budget: 'cheap', quota: null })
    expect((lifted as Response).headers.get('ratelimit')).toBeNull()
  })

  test('tell their age by the second', () => {
    const ages = [0, 999, 1_000, 1_999, 7_500].map((passed) => at(START + passed).headers.get('age'))
    expect(ages).toEqual(['0', '0', '1', '1', '7'])
    expect(at(START + 7_500).headers.get('cache-status')).toBe('casper-metrics; hit; ttl=1; detail=memory')
  })
})
