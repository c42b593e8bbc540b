import { expect, test } from 'vitest'
import { RequestParser } from '../../../../crawler/devnet/http/request-parser.ts'
import { toRequest } from '../raw-client.ts'

/** What a parser tells of bytes that come in these pieces. Bodies to /refused are not wanted. */
function tell(pieces: readonly Buffer[], isEnd = false): string[] {
  const told: string[] = []
  const parser = new RequestParser({
    onHead: ({ path }) => path !== '/refused' || told.push('refused') === 0,
    onHeldBack: () => told.push('held back'),
    onRequest: ({ method, path, contentType }, body) => told.push(`${method} ${path} ${contentType} ${body}`),
    onEnd: (reply) => told.push(`end ${reply?.status}`),
  })
  for (const piece of pieces) parser.push(piece)
  if (isEnd) parser.finish()
  return told
}
const bytes = (text: string) => Buffer.from(text, 'latin1')

test('requests are the same wherever their bytes are cut', () => {
  const all = bytes(
    `${toRequest('{"é":1}')}\r\n${toRequest('not wanted', '', '/refused')}GET /x?y=1 HTTP/1.1\r\nHost:x\r\n\r\n${toRequest('2', 'connection: close\r\n')}lost`,
  )
  const expected = [
    'POST /rpc application/json {"é":1}',
    'refused',
    'GET /x null ',
    'POST /rpc application/json 2',
    'end undefined',
  ]
  expect(tell([all])).toEqual(expected)
  for (let cut = 1; cut < all.length; cut++) {
    expect(tell([all.subarray(0, cut), all.subarray(cut)]), `cut at ${cut}`).toEqual(expected)
  }
  expect(tell(Array.from(all, (byte) => Buffer.of(byte)))).toEqual(expected)
})

test.each([
  ['no HTTP', '\x16\x03\x01\x02\x00\x01'],
  ['a line without a version', 'POST /rpc\r\n\r\n'],
  ['a version that is none', 'POST /rpc HTTP/2.0\r\n'],
  ['lines without carriage returns', 'POST /rpc HTTP/1.1\nhost: x\n\n'],
  ['a field without a name', 'POST /rpc HTTP/1.1\r\nnothing\r\n\r\n'],
  ['a name that ends in a space', 'POST /rpc HTTP/1.1\r\ncontent-length : 5\r\n\r\nhello'],
  ['a folded field', 'POST /rpc HTTP/1.1\r\nhost: x\r\n y\r\n\r\n'],
  ['a control character', 'POST /rpc HTTP/1.1\r\nhost: \0\r\n\r\n'],
  ['a length with a sign', 'POST /rpc HTTP/1.1\r\ncontent-length: +5\r\n\r\nhello'],
  ['two lengths', 'POST /rpc HTTP/1.1\r\ncontent-length: 5\r\ncontent-length: 5\r\n\r\nhello'],
  [
    'a length beside chunks',
    'POST /rpc HTTP/1.1\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
])('%s is a bad request as soon as it shows, and the last', (_what, text) => {
  expect(tell([bytes(text)])).toEqual(['end 400'])
  expect(tell([bytes(text), bytes(toRequest('{}'))])).toEqual(['end 400'])
})

test.each(['P', 'POST /rpc HTTP/1.1\r\nhost: ', toRequest('{}').slice(0, -1), '\r'])(
  'after %j more may come; a client that says it does not has broken off',
  (text) => {
    expect(tell([bytes(text)])).toEqual([])
    expect(tell([bytes(text)], true)).toEqual(['end 400'])
  },
)

test('a head has a bound, with its end and without', () => {
  const long = `POST /rpc HTTP/1.1\r\nx: ${'y'.repeat(16 * 1024)}`
  expect(tell([bytes(long)])).toEqual(['end 431'])
  expect(tell([bytes(`${long}\r\n\r\n`)])).toEqual(['end 431'])
})

test('a body has a bound; one in chunks is not read at all', () => {
  const head = (field: string) => bytes(`POST /rpc HTTP/1.1\r\n${field}\r\n\r\n`)
  expect(tell([head('content-length: 2621441'), bytes('x')])).toEqual(['end 413'])
  expect(tell([head('transfer-encoding: chunked'), bytes('0\r\n\r\n')])).toEqual(['end 413'])
  const most = Buffer.alloc(2_621_440, 'x')
  expect(tell([head('content-length: 2621440'), most])).toEqual([`POST /rpc null ${most}`])
})

test('a body that is held back is asked for, but not one that is here, refused or too large', () => {
  const expects = 'expect: 100-continue\r\n'
  const held = (text: string) => text.slice(0, text.indexOf('\r\n\r\n') + 4)
  expect(tell([bytes(held(toRequest('{}', expects)))])).toEqual(['held back'])
  expect(tell([bytes(toRequest('{}', expects))])).toEqual(['POST /rpc application/json {}'])
  expect(tell([bytes(held(toRequest('{}', expects, '/refused')))])).toEqual(['refused', 'end undefined'])
  expect(tell([bytes(`POST /rpc HTTP/1.1\r\n${expects}content-length: 9999999\r\n\r\n`)])).toEqual([
    'end 413',
  ])
})
