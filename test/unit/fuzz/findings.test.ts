import { describe, expect, test } from 'vitest'
import { parseArgs } from '../../../crawler/decode/args.ts'
import { parseBlock } from '../../../crawler/decode/block.ts'
import { parseChainspec } from '../../../crawler/decode/chainspec.ts'
import { DecodeFault, Field } from '../../../crawler/decode/field.ts'
import { parseTransaction } from '../../../crawler/decode/transaction.ts'
import { EventFrames } from '../../../crawler/node/event-frames.ts'
import { AnswerParser } from '../../../crawler/node/http/answer-parser.ts'
import { ProtocolError, TooLargeError } from '../../../crawler/node/http/errors.ts'
import { parseJson } from '../../../crawler/node/json.ts'
import { toStakeKind } from '../../../crawler/project/kind.ts'
import { toStakeMovement } from '../../../crawler/project/stake.ts'
import { checkLabels } from '../../../src/domain/label.ts'
import { ByteReader } from '../../../src/read/buffer.ts'
import { hashOf, keyOf } from '../../support/builders.ts'
import { at, withPlace } from '../../support/fuzz.ts'
import { readAnswers } from './recorded.ts'

/* What the other files here found, each in its smallest form. */

const field = (value: unknown) => new Field(value, 'answer')
const deep = () => {
  let value: unknown = 1
  for (let depth = 0; depth < 20_000; depth++) value = [value]
  return value
}

test('a fault tells of a value deeper than the stack, or megabytes long, in a few words', () => {
  expect(field({ a: deep() }).get('a').fault('a text').message).toBe(
    'answer.a: expected a text, got a list of 1',
  )
  expect(field('x'.repeat(9_000_000)).fault('a hash').message.length).toBeLessThan(200)
})

describe('a time', () => {
  test.each(['1969-12-31T23:59:59.999Z', '2026-02-30T00:00:00.000Z', '2026-01-01T24:00:00.000Z'])(
    '%s is none',
    (text) => {
      expect(() => field(text).time()).toThrow(DecodeFault)
    },
  )
  test.each(['2022-11-08T19:08:22.94Z', '2022-11-08T19:08:22.940Z'])('%s is the same', (text) => {
    expect(field(text).time()).toBe(Date.UTC(2022, 10, 8, 19, 8, 22, 940))
  })
})

const [answer] = readAnswers('casper-upgrade', ['chain_get_block'], 1)

test('a version of other letters and the same numbers is not let through by its hash', () => {
  const where = ['block_with_signatures', 'block', 'Version1', 'header', 'protocol_version']
  const version = at(answer?.value, where) as string
  const other = withPlace(answer?.value, where, () => version.replace('.', '.0'))
  expect(() => parseBlock(field(other))).toThrow('protocol_version: expected')
})

const u512 = (bytes: string) => ({ cl_type: 'U512', bytes, parsed: null })
const key = (name: string) => ({ cl_type: 'PublicKey', bytes: keyOf(name), parsed: null })

function deploy(session: unknown, result: unknown) {
  const given = {
    deploy: {
      hash: hashOf(1),
      header: { account: keyOf('a'), timestamp: '2024-01-01T00:00:00.000Z' },
      session,
    },
    execution_results: [{ block_hash: hashOf(2), result }],
  }
  return parseTransaction(field(given), { hash: hashOf(1), format: 'deploy', lane: null }, hashOf(2))
}

const transforms: unknown[] = []
const success = (own: unknown[] = transforms) => ({
  Success: { effect: { transforms: own }, transfers: [], cost: '1' },
})
const failure = { Failure: { effect: { transforms }, transfers: [], cost: '1', error_message: 'no' } }
const place = { height: 1, ordinal: 0, eraId: 1 }
const system = { auction: hashOf('auction'), totalSupply: null }

/** A call of the auction by its hash. */
const call = (args: unknown[]) => ({
  StoredContractByHash: { hash: hashOf('auction'), entry_point: 'delegate', args },
})

describe('what anybody may send into a block stops no crawl', () => {
  test.each<[string, unknown]>([
    ['an amount of 512 bits', u512(`40${'ff'.repeat(64)}`)],
    ['an amount that is a text', { cl_type: 'String', bytes: '0100000061', parsed: 'a' }],
    ['four billion nothings', { cl_type: { List: 'Unit' }, bytes: 'ffffffff', parsed: null }],
  ])('%s, in a call that failed', (_, amount) => {
    const args = [
      ['validator', key('v')],
      ['delegator', key('a')],
      ['amount', amount],
    ]
    const failed = deploy(call(args), failure)
    expect(toStakeKind(failed, system)).toBe('delegate')
    expect(toStakeMovement(failed, 'delegate', place, 0n)).toMatchObject({
      amount: null,
      success: false,
      moved: 0n,
    })
    // Which the auction would never have taken.
    expect(() => toStakeMovement(deploy(call(args), success()), 'delegate', place, 0n)).toThrow(DecodeFault)
  })

  test('a contract that keeps what is no U512 under its own purse', () => {
    const write = { key: `uref-${hashOf('own')}-007`, transform: { WriteCLValue: u512('ff') } }
    expect(() => deploy(call([]), success([write]))).not.toThrow()
  })

  test('a name that begins with a NUL, beside a number of 20 digits', () => {
    const text = '{"entry_point":{"Custom":"\\u000012"},"id":18446744073709551615}'
    expect(parseJson(text)).toEqual({ entry_point: { Custom: '\u000012' }, id: 18446744073709551615n })
  })

  test.each(['constructor', '__proto__', 'toString'])('a session or entry point named %s', (name) => {
    const session = JSON.parse(`{${JSON.stringify(name)}:{"args":[]}}`) as unknown
    expect(() => deploy(session, success())).toThrow(DecodeFault)
  })
})

describe('what a node left out is not made up', () => {
  const result = {
    error_message: null,
    limit: '1',
    consumed: '1',
    cost: '1',
    refund: '0',
    current_price: 1,
    transfers: [],
    effects: [],
  }
  const read = (given: object) =>
    parseTransaction(
      field({
        deploy: {
          hash: hashOf(1),
          header: { account: keyOf('a'), timestamp: '2024-01-01T00:00:00.000Z' },
          session: call([]),
        },
        execution_info: { block_hash: hashOf(2), execution_result: { Version2: given } },
      }),
      { hash: hashOf(1), format: 'deploy', lane: null },
      hashOf(2),
    )

  test('an error, without which a failure would be a success', () => {
    const { error_message: _, ...rest } = result
    expect(read(result).execution.success).toBe(true)
    expect(() => read(rest)).toThrow('expected a member error_message')
  })
  test('a refund, where the node is one that tells refunds', () => {
    const { refund: _, ...rest } = result
    expect(() => read(rest)).toThrow('expected a member refund')
  })
  test('a transform of a name that we do not know, which might be a write that we count', () => {
    expect(() => deploy(call([]), success([{ key: 'bid-00', transform: { WriteBid2: {} } }]))).toThrow(
      'a known transform',
    )
  })
  test('a kind of bid that we do not know, which might be an unbonding', () => {
    const write = { key: 'bid-addr-00', kind: { Write: { BidKind: { Unbond2: {} } } } }
    expect(() => read({ ...result, effects: [write] })).toThrow('a known kind of bid')
  })
  test('a number of eras that is none, or two', () => {
    const spec = (text: string) =>
      parseChainspec(field({ chainspec_bytes: { chainspec_bytes: Buffer.from(text).toString('hex') } }))
    expect(spec('unbonding_delay = 7\n').unbondingDelay).toBe(7)
    expect(() => spec('unbonding_delay = x\n')).toThrow(DecodeFault)
    expect(() => spec('unbonding_delay = 7\nunbonding_delay = 8\n')).toThrow(DecodeFault)
  })
})

describe('a connection', () => {
  const parse = (text: string) => new AnswerParser(1 << 24).push(Buffer.from(text), () => {})
  test('whose length has a space before its colon is not read to the end of the connection', () => {
    expect(() => parse('HTTP/1.1 200 OK\r\ncontent-length : 5\r\n\r\nabcde')).toThrow(ProtocolError)
  })
  test('that gives a byte at a time is cut off before it fills the memory', () => {
    const head = 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n'
    expect(() => parse(head + '1\r\nx\r\n'.repeat(300_000))).toThrow(TooLargeError)
  })
})

test('JSON deeper than the stack, with a long number in it, is read or refused as JSON', () => {
  const text = (inner: string) => '['.repeat(20_000) + inner + ']'.repeat(20_000)
  expect(() => parseJson(text('12345678901234567890'))).not.toThrow()
  expect(() => parseJson(text('"\\u0000",12345678901234567890'))).toThrow(SyntaxError)
})

test.each([
  ['U8', '0c', '0cff'],
  ['U32', '0c000000', '0c00000000'],
  ['U64', '0c00000000000000', '0c000000000000'],
])('a %s of more or fewer bytes than it has is none', (cl_type, bytes, other) => {
  const read = (given: string) =>
    parseArgs(field([['delegation_rate', { cl_type, bytes: given, parsed: 12 }]])).byte('delegation_rate')
  expect(read(bytes)).toBe(12)
  for (const wrong of [other, '', 'ab'.repeat(32)]) expect(() => read(wrong), wrong).toThrow(DecodeFault)
})

test.each(['https:/host/x', 'https:x//host/x', 'https:\\\\host', 'http://host/x'])(
  'a label whose source is %s, which a parser of URLs mends, is refused',
  (source) => {
    const file = { network: 'casper', labels: [{ key: keyOf('a'), name: 'A', kind: 'other', source }] }
    expect(checkLabels(file, 'casper').faults).toEqual([expect.stringMatching(/^labels\.0\.source: ./)])
  },
)

test('an event tells no height below zero', () => {
  const heights: (number | null)[] = []
  const frames = new EventFrames(({ height }) => heights.push(height))
  frames.feed('data:{"BlockAdded":{"block":{"header":{"height":-5}}}}\n\n')
  expect(heights).toEqual([null])
})

test('a page with more words than bytes does not fill the memory', () => {
  const reader = new ByteReader(Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f))
  expect(() => reader.skipWords()).toThrow(RangeError)
})
