import http from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EventFrames, NoEventsError, type Told } from '../../../crawler/node/event-frames.ts'
import { type Answer, AnswerParser } from '../../../crawler/node/http/answer-parser.ts'
import { ProtocolError, TooLargeError } from '../../../crawler/node/http/errors.ts'
import { parseJson } from '../../../crawler/node/json.ts'
import { createRpc, NodeUnavailableError, RpcError } from '../../../crawler/node/rpc.ts'
import { fuzz, mutate, mutateBytes, mutateText, pick, type Random, toJson } from '../../support/fuzz.ts'
import { readAnswers } from './recorded.ts'

const texts = [
  ...readAnswers('casper-upgrade', ['chain_get_block', 'info_get_transaction'], 8).map(({ text }) => text),
  '{"ids":[18446744073709551615,9007199254740993, -9007199254740993,1],"t":"spent:12345678901234567890,"}',
  '[[12345678901234567890,{"a":"\\u000012345678901234567"}]]',
]

/** The engine's own parser, with each number's source. */
function parseExact(text: string): unknown {
  const keep = (_: string, value: unknown, context?: { source?: string }) => {
    const source = context?.source ?? ''
    if (typeof value !== 'number' || !/^-?\d+$/.test(source)) return value
    return Number.isSafeInteger(value) ? value : BigInt(source)
  }
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown)
}

test('JSON is read as the engine reads it, every digit kept, or refused', async () => {
  await fuzz(3_000, (random) => {
    const text = mutateText(mutateText(pick(texts, random), random), random)
    let value: unknown
    try {
      value = parseJson(text)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      expect(() => parseExact(text)).toThrow(SyntaxError)
      return
    }
    expect(value).toEqual(parseExact(text))
  })
})

const body = '{"jsonrpc":"2.0","id":1,"result":{"height":7}}'
const streams = [
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n10\r\n${body.slice(0, 16)}\r\n${(body.length - 16).toString(16)};x=y\r\n${body.slice(16)}\r\n0\r\nend: yes\r\n\r\n`,
  `HTTP/1.0 200 OK\r\nretry-after: 3\r\n\r\n${body}`,
  `HTTP/1.1 429 Too Many\r\nconnection: close\r\ncontent-length: 0\r\n\r\nHTTP/1.1 204 None\r\n\r\n`,
].map((text) => Buffer.from(text))

/** Every answer of a connection that ends after these bytes, and what ended it. */
function readStream(bytes: Buffer, cut: (left: number) => number): { answers: Answer[]; error: unknown } {
  const parser = new AnswerParser(1_000)
  const answers: Answer[] = []
  try {
    for (let at = 0; at < bytes.length; ) {
      const size = cut(bytes.length - at)
      parser.push(bytes.subarray(at, at + size), (answer) => answers.push(answer))
      at += size
    }
    parser.end((answer) => answers.push(answer))
    return { answers, error: null }
  } catch (error) {
    if (!(error instanceof ProtocolError || error instanceof TooLargeError)) throw error
    return { answers, error: error.name }
  }
}

test('bytes of a connection are the same answers, or the same fault, however they come', async () => {
  await fuzz(6_000, (random) => {
    const bytes = mutateBytes(Buffer.concat([pick(streams, random), pick(streams, random)]), random)
    const whole = readStream(bytes, (left) => left)
    expect(readStream(bytes, (left) => 1 + random(Math.min(left, 40)))).toEqual(whole)
    for (const { text } of whole.answers) expect(text.length).toBeLessThanOrEqual(1_000)
  })
})

const events = [
  'data:{"ApiVersion":"2.0.0"}\n\n',
  'data:{"BlockAdded":{"block_hash":"ab","block":{"Version2":{"hash":"ab","header":{"height":77,"era_id":3}}}}}\nid:12\n\n',
  'data: {"BlockAdded":{"block":{"hash":"ab","header":{"height":78}}}}\r\nid: 13\r\n\r\n',
  ':\n\n:\n\n',
  'data:{"FinalitySignature":{"V1":{"block_hash":"ab"}}}\nid:14\n\n',
]

test('an event stream gives events or is refused as none, however it comes', async () => {
  const read = (text: string, random: Random | null) => {
    const told: Told[] = []
    const frames = new EventFrames((one) => told.push(one))
    try {
      for (let at = 0; at < text.length; ) {
        const size = random === null ? text.length : 1 + random(30)
        frames.feed(text.slice(at, at + size))
        at += size
      }
    } catch (error) {
      if (!(error instanceof NoEventsError)) throw error
      return [...told, error.name]
    }
    return told
  }
  await fuzz(6_000, (random) => {
    const given = Array.from({ length: 4 }, () => pick(events, random)).join('')
    const text = mutateText(mutateText(given, random), random)
    const told = read(text, null)
    expect(read(text, random)).toEqual(told)
    for (const one of told) {
      if (typeof one === 'string') continue
      if (one.height !== null) expect(one.height).toBeGreaterThanOrEqual(0)
      if (one.height !== null) expect(Number.isSafeInteger(one.height)).toBe(true)
    }
  })
})

let answer = ''
let url = ''
const server = http.createServer((_, response) => response.end(answer))
beforeAll(async () => {
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`
})
afterAll(() => server.close())

test('an answer over HTTP is its result, the error that it tells, or none of a node', async () => {
  const rpc = createRpc({ url, connections: 1, pipeline: 1, timeoutMs: 5_000, maxBytes: 1_000_000 })
  const envelopes = [
    { jsonrpc: '2.0', id: 1, result: { api_version: '2.0.0', height: 2n ** 64n - 1n } },
    { jsonrpc: '2.0', id: 1, error: { code: -32001, message: 'No such block', data: { low: 0 } } },
    { jsonrpc: '2.0', id: 1, result: null, error: { code: -32601, message: 'Method not found', data: null } },
  ]
  let isDeep = false
  await fuzz(1_500, async (random) => {
    const envelope = pick(envelopes, random)
    const { value } = mutate(envelope, random)
    try {
      isDeep = false
      answer = random(3) === 0 ? mutateText(toJson(envelope), random) : toJson(value)
    } catch {
      // Deeper than the engine's own writer goes, and than a comparison does.
      isDeep = true
      answer = `{"result":${'['.repeat(20_000)}12345678901234567890${']'.repeat(20_000)}}`
    }
    try {
      const result = await rpc.call('info_get_status')
      if (!isDeep) expect(result).toEqual((parseJson(answer.toWellFormed()) as { result: unknown }).result)
    } catch (error) {
      if (!(error instanceof RpcError || error instanceof NodeUnavailableError)) throw error
      if (error instanceof RpcError) expect(Number.isSafeInteger(error.code)).toBe(true)
      expect(error.message.length).toBeLessThan(1_000)
    }
  })
  rpc.close()
})
