import { describe, expect, it } from 'vitest'
import { paths } from '../../../site/build/endpoints.ts'
import { ApiError, createClient, type Fetch, toAddress } from '../../../site/client.ts'
import { type EndpointName, endpoints } from '../../../src/api/endpoints.ts'

const table = paths as Readonly<Record<EndpointName, string>>
const answer = (body: string, init: ResponseInit = {}) =>
  new Response(body, { headers: { 'content-type': 'application/json' }, ...init })
const clientOf = (fetch: Fetch, timeout?: number) => createClient(table, fetch, timeout)

/** Settles only when the signal says so, as a host does that accepts and never answers. */
const silence: Fetch = (_url, init) =>
  new Promise((_, reject) => {
    init.signal?.addEventListener('abort', () => reject(init.signal?.reason))
  })

describe('paths', () => {
  it('is the endpoint list', () => {
    expect(Object.keys(paths).sort()).toEqual(Object.keys(endpoints).sort())
    expect(paths['getEra']).toBe(endpoints.getEra.path)
  })
})

describe('toAddress()', () => {
  it('fills the path and queries with the rest', () => {
    expect(toAddress('/v1/eras/:id/transfers', { id: '76', limit: '5', format: undefined })).toBe(
      '/v1/eras/76/transfers?limit=5',
    )
    expect(toAddress('/v1/status', {})).toBe('/v1/status')
  })
  it('encodes what a visitor may type', () => {
    expect(toAddress('/v1/blocks/:id', { id: '../status?x' })).toBe('/v1/blocks/..%2Fstatus%3Fx')
  })
})

describe('ask()', () => {
  it('answers JSON, revalidating only on wish', async () => {
    const asked: (string | undefined)[] = []
    const client = clientOf(async (url, init) => {
      asked.push(`${url} ${init.cache}`)
      return answer('{"id":76}')
    })
    expect(await client.ask('getEra', { id: '76' })).toEqual({ id: 76 })
    await client.ask('getEra', { id: '76' }, { revalidate: true })
    expect(asked).toEqual(['/v1/eras/76 default', '/v1/eras/76 no-cache'])
  })
  it('turns a problem document into its words', async () => {
    const problem = {
      type: '/docs/errors#x',
      title: 'No such era',
      status: 404,
      detail: 'The newest one is 81.',
    }
    const client = clientOf(async () => answer(JSON.stringify(problem), { status: 404 }))
    const error = await client.ask('getEra', { id: '999' }).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({
      status: 404,
      title: 'No such era',
      detail: 'The newest one is 81.',
      retryAfter: null,
    })
  })
  it('keeps how long a refusal asks to wait', async () => {
    const client = clientOf(async () =>
      answer('{"title":"Too many requests","detail":"Slow down."}', {
        status: 429,
        headers: { 'retry-after': '7' },
      }),
    )
    await expect(client.ask('status', {})).rejects.toMatchObject({ status: 429, retryAfter: 7_000 })
  })
  it('names the status when something in between answers', async () => {
    const client = clientOf(async () => new Response('<h1>Bad gateway</h1>', { status: 502 }))
    await expect(client.ask('status', {})).rejects.toMatchObject({ status: 502, title: 'Status 502' })
  })
  it('refuses a cut answer', async () => {
    const client = clientOf(async () => answer('{"data":['))
    await expect(client.ask('status', {})).rejects.toMatchObject({ title: 'Unreadable answer' })
  })
  it('says that nothing was reached', async () => {
    const client = clientOf(() => Promise.reject(new TypeError('fetch failed')))
    await expect(client.ask('status', {})).rejects.toMatchObject({ status: 0, title: 'Not reachable' })
  })
  it('gives up on a host that does not answer', async () => {
    await expect(clientOf(silence, 20).ask('status', {})).rejects.toMatchObject({
      title: 'No answer in time',
    })
  })
  it('gives up on a body that stalls after the headers', async () => {
    const client = clientOf(async (_url, init) => {
      const body = new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"network"'))
          init.signal?.addEventListener('abort', () => controller.error(init.signal?.reason))
        },
      })
      return new Response(body, { headers: { 'content-type': 'application/json' } })
    }, 20)
    await expect(client.ask('status', {})).rejects.toMatchObject({ title: 'No answer in time' })
  })
  it('passes on the caller’s own reason', async () => {
    const caller = new AbortController()
    const asking = clientOf(silence).ask('status', {}, { signal: caller.signal })
    caller.abort(new Error('left the page'))
    await expect(asking).rejects.toThrow('left the page')
  })
})
