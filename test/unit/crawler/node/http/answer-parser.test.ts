import { expect, test } from 'vitest'
import { type Answer, AnswerParser } from '../../../../../crawler/node/http/answer-parser.ts'
import { ProtocolError, TooLargeError } from '../../../../../crawler/node/http/errors.ts'

const MAX = 1_000

function parse(text: string, cut: (left: number) => number = (left) => left, max = MAX): Answer[] {
  const answers: Answer[] = []
  const parser = new AnswerParser(max)
  const bytes = Buffer.from(text, 'utf8')
  for (let at = 0; at < bytes.length; ) {
    const size = Math.max(1, cut(bytes.length - at))
    parser.push(bytes.subarray(at, at + size), (answer) => answers.push(answer))
    at += size
  }
  return answers
}

const plain = (body: string, more = '') =>
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n${more}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
const chunked =
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5;a=b\r\nhello\r\nA\r\n, wörld!!\r\n0\r\nx: y\r\n\r\n'
const LINE = [
  plain('{"a":1}'),
  'HTTP/1.1 100 Continue\r\n\r\n',
  chunked,
  'HTTP/1.1 204 No Content\r\n\r\n',
  'HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\ncontent-length: 0\r\n\r\n',
  plain('ä€', 'Connection: close\r\n'),
].join('')

test('AnswerParser gives the same answers however the bytes are cut', () => {
  const whole = parse(LINE)
  expect(whole.map(({ status, text }) => [status, text])).toEqual([
    [200, '{"a":1}'],
    [200, 'hello, wörld!!'],
    [204, ''],
    [429, ''],
    [200, 'ä€'],
  ])
  expect(whole[3]?.retryAfter).toBe('7')
  expect(whole.map(({ keepsAlive }) => keepsAlive)).toEqual([true, true, false, true, false])
  for (let size = 1; size < 40; size++) expect(parse(LINE, () => size)).toEqual(whole)
  let seed = 7
  const random = (left: number) => (seed = (seed * 48_271) % 2_147_483_647) % Math.min(left, 90)
  for (let round = 0; round < 50; round++) expect(parse(LINE, random)).toEqual(whole)
})

test.each([
  ['another protocol', 'SSH-2.0-OpenSSH_9\r\n\r\n'],
  ['another version', 'HTTP/2 200\r\n\r\n'],
  ['a length that is no number', 'HTTP/1.1 200 OK\r\ncontent-length: 5x\r\n\r\nhello'],
  ['a negative length', 'HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\nhello'],
  ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ncontent-length: 6\r\n\r\nhello'],
  ['a length beside chunks', 'HTTP/1.1 200 OK\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n'],
  [
    'an encoding that was not asked for',
    'HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: 5\r\n\r\n',
  ],
  ['a transfer coding it does not know', 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n'],
  ['a chunk without a size', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nhello\r\n'],
  [
    'a chunk longer than its size',
    'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n',
  ],
  ['a header without a name', 'HTTP/1.1 200 OK\r\n: x\r\n\r\n'],
  ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
])('AnswerParser refuses %s', (_what, text) => {
  expect(() => parse(text)).toThrow(ProtocolError)
})

test.each([
  ['announced', plain('x'.repeat(MAX + 1)).slice(0, 120)],
  [
    'in chunks',
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${'190\r\n'.concat('x'.repeat(400), '\r\n').repeat(3)}`,
  ],
  ['until the end', `HTTP/1.1 200 OK\r\n\r\n${'x'.repeat(MAX + 1)}`],
  ['in headers', `HTTP/1.1 200 OK\r\nx: ${'x'.repeat(20_000)}`],
])('AnswerParser stops at more than its limit %s', (_where, text) => {
  expect(() => parse(text, () => 100)).toThrow(TooLargeError)
})

test('AnswerParser counts what all unfinished answers hold, and gives it back', () => {
  const held = { bytes: 0 }
  const half = Buffer.from(`HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n${'x'.repeat(600)}`)
  const none = () => {}
  const [first, second, third] = [1, 2, 3].map(() => new AnswerParser(MAX, held)) as [
    AnswerParser,
    AnswerParser,
    AnswerParser,
  ]
  first.push(half, none)
  expect(() => second.push(half, none)).toThrow(TooLargeError)
  second.drop()
  const answers: Answer[] = []
  first.push(Buffer.from('y'.repeat(300)), (answer) => answers.push(answer))
  expect(answers).toHaveLength(1)
  third.push(half, none)
  third.drop()
  expect(held.bytes).toBe(0)
})

test('AnswerParser takes a body that the end of the connection delimits, and no other end', () => {
  const answers: Answer[] = []
  const parser = new AnswerParser(MAX)
  parser.push(Buffer.from('HTTP/1.0 200 OK\r\n\r\nall of it'), (answer) => answers.push(answer))
  parser.end((answer) => answers.push(answer))
  expect(answers).toEqual([{ status: 200, retryAfter: null, text: 'all of it', keepsAlive: false }])

  const broken = new AnswerParser(MAX)
  broken.push(Buffer.from('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhalf'), () => {})
  expect(() => broken.end(() => {})).toThrow(ProtocolError)
})

test('AnswerParser neither crashes nor hangs on garbage', () => {
  let seed = 11
  const random = (below: number) => (seed = (seed * 48_271) % 2_147_483_647) % below
  let answered = 0
  for (let round = 0; round < 3_000; round++) {
    const bytes = Buffer.from(LINE)
    for (let flips = 0; flips < 1 + random(3); flips++) bytes[random(bytes.length)] = random(256)
    const parser = new AnswerParser(MAX)
    try {
      for (let at = 0; at < bytes.length; at += 50) parser.push(bytes.subarray(at, at + 50), () => answered++)
    } catch (error) {
      if (!(error instanceof ProtocolError || error instanceof TooLargeError)) throw error
    }
  }
  expect(answered).toBeGreaterThan(3_000)
})
