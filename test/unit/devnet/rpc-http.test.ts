import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRecordedNode, type RecordedNode } from '../../../crawler/devnet/node.ts'
import { blockOf, byHash, byHeight, call, type Json, post, recorded } from './call.ts'

const recording = recorded('casper-2x')
let node: RecordedNode
beforeAll(async () => {
  node = createRecordedNode({ recording })
  await node.listen()
})
afterAll(() => node.close())

const request = (members: object) =>
  JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'info_get_peers', ...members })

describe('an answer', () => {
  test.each(['7', '"seven"', '"sieben ä ж"', 'null', '18446744073709551615'])(
    'echoes the id %s',
    async (id) => {
      const response = await post(node.rpcUrl, `{"jsonrpc":"2.0","id":${id},"method":"info_get_peers"}`)
      expect(response.headers.get('content-type')).toBe('application/json')
      expect(await response.text()).toMatch(new RegExp(`^{"jsonrpc":"2.0","id":${id},"result":{`))
    },
  )

  test('keeps the digits of numbers above 2^53', async () => {
    const texts: string[] = []
    for (let height = 0; height <= node.tip(); height++) {
      const text = await (
        await post(node.rpcUrl, request({ method: 'chain_get_block_transfers', params: byHeight(height) }))
      ).text()
      if (text.includes('"id":18446744073709551615')) texts.push(text)
    }
    expect(texts.length).toBeGreaterThan(0)
  })

  test('is the same by height, by hash and, at the tip, without either', async () => {
    const answer = await call(node.rpcUrl, 'chain_get_block', byHeight(705))
    expect(await call(node.rpcUrl, 'chain_get_block', byHash(blockOf(answer).hash))).toEqual(answer)
    expect(await call(node.rpcUrl, 'chain_get_block')).toEqual(answer)
    expect(await call(node.rpcUrl, 'chain_get_block', [{ Height: 705 }])).toEqual(answer)
  })
})

describe('what is no request', () => {
  test.each([
    ['{"jsonrpc":"2.0"', -32700, 'null'],
    [`[${request({})}]`, -32700, 'null'],
    [request({ jsonrpc: '1.0' }), -32600, '1'],
    [request({ method: 5 }), -32600, '1'],
    [request({ params: 'all' }), -32600, '1'],
    [request({ id: 1.5 }), -32600, 'null'],
    [request({ extra: 1 }), -32600, '1'],
    [request({ method: 'eth_blockNumber' }), -32601, '1'],
    [request({ params: { unexpected: 1 } }), -32602, '1'],
    [request({ method: 'chain_get_block', params: { block_identifier: null } }), -32602, '1'],
    [request({ method: 'chain_get_block', params: { block_identifier: { Height: 1.5 } } }), -32602, '1'],
  ])('%s gets error %i', async (body, code, id) => {
    const response = await post(node.rpcUrl, body)
    expect(response.status).toBe(200)
    const text = await response.text()
    expect(JSON.parse(text).error.code).toBe(code)
    expect(text).toContain(`"id":${id},`)
  })

  test('a batch is refused as a whole, in words that name it', async () => {
    const answer = (await (await post(node.rpcUrl, '[]')).json()) as Json
    expect(answer.error.data).toBe('invalid type: sequence, expected a map at line 1 column 0')
  })

  test('a notification gets HTTP 400', async () => {
    const response = await post(node.rpcUrl, '{"jsonrpc":"2.0","method":"info_get_peers"}')
    expect([response.status, await response.json()]).toEqual([
      400,
      { message: "The request is missing the 'id' field" },
    ])
  })
})

describe('the HTTP layer', () => {
  const statusOf = async (response: Promise<Response>) => (await response).status
  test('knows one path and one verb', async () => {
    expect(await statusOf(post(node.rpcUrl.replace('/rpc', '/'), request({})))).toBe(404)
    expect(await statusOf(fetch(node.rpcUrl))).toBe(405)
  })
  test('wants the content type application/json and nothing more', async () => {
    expect(await statusOf(post(node.rpcUrl, request({}), { 'content-type': 'text/plain' }))).toBe(415)
    const withCharset = { 'content-type': 'application/json; charset=utf-8' }
    expect(await statusOf(post(node.rpcUrl, request({}), withCharset))).toBe(415)
  })
})

test('a client that used up its burst gets 429, which is not JSON-RPC, and when to come back', async () => {
  const limited = createRecordedNode({ recording, rateLimit: { burst: 3 } })
  await limited.listen()
  const responses = []
  for (let i = 0; i < 5; i++) responses.push(await post(limited.rpcUrl, request({})))
  expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429])
  expect(responses[4]?.headers.get('retry-after')).toBe('1')
  expect(await responses[4]?.json()).toEqual({ message: 'Too many requests' })
  await limited.close()
})
