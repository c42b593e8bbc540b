import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { Fault } from '../../../crawler/devnet/faults.ts'
import { createRecordedNode, type RecordedNode } from '../../../crawler/devnet/node.ts'
import { byHeight, recorded } from './call.ts'
import { openRaw, toAnswers, toRequest } from './raw-client.ts'

const recording = recorded('casper-1x')
let node: RecordedNode
beforeAll(async () => {
  node = createRecordedNode({ recording })
  await node.listen()
})
afterEach(() => node.faults.clear())
afterAll(() => node.close())

const ask = (id: number) =>
  toRequest(JSON.stringify({ jsonrpc: '2.0', id, method: 'chain_get_block', params: byHeight(id) }))
const bodyOf = (id: number) =>
  `{"jsonrpc":"2.0","id":${id},"result":${recording.block(id)?.answer.toString('latin1')}}`
const wholeOf = (id: number) => {
  const body = bodyOf(id)
  return `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`
}
const halfOf = (id: number) => wholeOf(id).slice(0, wholeOf(id).length - Math.ceil(bodyOf(id).length / 2))

/** Three questions in one write, the second struck. */
async function strike(fault: Fault) {
  node.faults.add({ ...fault, method: 'chain_get_block', height: 2 })
  const client = await openRaw(Number(new URL(node.rpcUrl).port))
  client.socket.write(ask(1) + ask(2) + ask(3))
  return client
}
const [one, two, three] = [wholeOf(1), wholeOf(2), wholeOf(3)]

test('without a fault all are answered, byte for byte as they were recorded', async () => {
  const client = await openRaw(Number(new URL(node.rpcUrl).port))
  client.socket.write(ask(1) + ask(2) + ask(3))
  expect(await client.until((text) => text.length >= (one + two + three).length)).toBe(one + two + three)
})

test('slow: what comes after waits as well', async () => {
  const client = await strike({ kind: 'slow', ms: 50 })
  expect(await client.until((text) => text.length >= one.length)).toBe(one)
  expect(await client.until((text) => text.length >= (one + two + three).length)).toBe(one + two + three)
})

test('gone: the connection ends after what was answered before', async () => {
  expect(await (await strike({ kind: 'gone' })).ended()).toBe(one)
})

test('truncate: half of the body under a head with its whole length, then the end', async () => {
  expect(await (await strike({ kind: 'truncate' })).ended()).toBe(one + halfOf(2))
})

test('stall: the same, but the connection stays and nothing comes any more', async () => {
  const client = await strike({ kind: 'stall', count: 1 })
  expect(await client.until((text) => text.length >= (one + halfOf(2)).length)).toBe(one + halfOf(2))
  client.socket.write(ask(4))
  const other = await openRaw(Number(new URL(node.rpcUrl).port))
  other.socket.write(ask(2))
  expect(await other.until((text) => text.length >= two.length)).toBe(two)
  expect(client.text()).toBe(one + halfOf(2))
  expect(client.socket.readyState).toBe('open')
  client.socket.end()
  expect(await client.ended()).toBe(one + halfOf(2))
})

test.each<[Fault, number, string]>([
  [{ kind: 'malformed' }, 200, bodyOf(2).slice(0, Math.floor(bodyOf(2).length / 2))],
  [{ kind: 'server-error' }, 500, '{"message":"Internal server error: unhandled rejection"}'],
  [{ kind: 'rate-limit', retryAfter: 9 }, 429, '{"message":"Too many requests"}'],
])('%j: a whole answer, and the connection goes on', async (fault, status, body) => {
  const client = await strike(fault)
  const answers = toAnswers(await client.until((text) => text.endsWith(three)))
  expect(answers.map(({ body }) => body)).toEqual([bodyOf(1), body, bodyOf(3)])
  expect(answers[1]).toMatchObject({
    status,
    headers: { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '9' }) },
  })
})
