import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import sdk from 'casper-js-sdk'
import { describe, expect, test } from 'vitest'
import { DecodeFault, Field } from '../../../../crawler/decode/field.ts'
import { findTransaction } from '../../../../crawler/decode/transaction.ts'
import { Bytes } from '../../../../crawler/verify/bytes.ts'
import { writeClType } from '../../../../crawler/verify/cl-type.ts'
import { toPayloadHash } from '../../../../crawler/verify/payload-hash.ts'
import { verifyTransaction } from '../../../../crawler/verify/transaction-hash.ts'
import { VerifyFault } from '../../../../crawler/verify/verify.ts'
import { readAnswers } from '../../fuzz/recorded.ts'

type Any = Readonly<Record<string, unknown>>

const METHODS = ['info_get_deploy', 'info_get_transaction']
const ALL = Number.MAX_SAFE_INTEGER

function refOf(answer: unknown) {
  const [form, body] = findTransaction(new Field(answer, 'answer'))
  return {
    hash: body.get('hash').hash(),
    format: form === 'Deploy' ? 'deploy' : 'transaction',
    lane: null,
  } as const
}

const verify = (answer: unknown, ref = refOf(answer)) =>
  verifyTransaction(new Field(answer, 'answer'), ref, 77)

const recorded = [
  ...readAnswers('casper-1x', METHODS, ALL),
  ...readAnswers('casper-2x', METHODS, ALL),
  ...readAnswers('casper-upgrade', METHODS, ALL),
  ...readAnswers('casper-upgrade', METHODS, ALL, 'rpc-1x-node.jsonl'),
].map(({ value }) => value)

test('every recorded deploy and transaction has the hash that it is called by', () => {
  expect(recorded.length).toBeGreaterThan(4_000)
  for (const answer of recorded) verify(answer)
})

/** Payment and session, target, entry point and pricing: one recorded answer of each combination that there is. */
function toShape(answer: unknown): string {
  const [form, body] = findTransaction(new Field(answer, 'answer'))
  if (form === 'Deploy') return ['payment', 'session'].map((part) => body.get(part).variant()[0]).join()
  const fields = body.get('payload').get('fields')
  return JSON.stringify([fields.get('entry_point').value, Object.keys(fields.get('target').value as object)])
}
const shapes = new Map(recorded.map((answer) => [toShape(answer), answer]))

type Path = readonly (string | number)[]

/** Every leaf that the hash covers: not who approved, nor the reading that a node offers beside a value's bytes. */
function leavesOf(value: unknown, at: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [at]
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'approvals' || name === 'parsed' || name === 'hash' ? [] : leavesOf(member, [...at, name]),
  )
}

function at(value: unknown, path: Path): unknown {
  return path.reduce((inner, name) => (inner as Any)[name], value)
}

function change(value: unknown, path: Path, to: unknown): unknown {
  const copy = structuredClone(value)
  ;(at(copy, path.slice(0, -1)) as Record<string, unknown>)[path.at(-1) as string] = to
  return copy
}

/** Another value of the same kind. */
function another(old: unknown): unknown {
  if (typeof old === 'boolean') return !old
  if (typeof old === 'number') return old + 1
  if (old === null) return 1
  const text = String(old)
  if (text === '') return '00'
  if (/^\d{4}-/.test(text)) return text.replace(/\d(?=Z)/, (digit) => `${(Number(digit) + 1) % 10}`)
  const last = text.at(-1) === '1' ? '2' : '1'
  return /^[0-9a-f]+$/.test(text) ? text.slice(0, -1) + last : `${text}${last}`
}

describe('what the hash covers', () => {
  test('is of many shapes here', () => expect(shapes.size).toBeGreaterThan(12))

  test.each([...shapes])('%s: each value changed alone is refused', (_, answer) => {
    const [, body] = findTransaction(new Field(answer, 'answer'))
    const where = (answer as Any).deploy
      ? ['deploy']
      : ['transaction', refOf(answer).format === 'deploy' ? 'Deploy' : 'Version1']
    const paths = leavesOf(body.value)
    expect(paths.length).toBeGreaterThan(10)
    for (const path of paths) {
      const changed = change(answer, [...where, ...path], another(at(body.value, path)))
      let fault: unknown
      try {
        verify(changed)
      } catch (error) {
        fault = error
      }
      // A name of a form that there is no more of is a shape that we do not know.
      expect(fault instanceof VerifyFault || fault instanceof DecodeFault, path.join('.')).toBe(true)
      if (fault instanceof VerifyFault) expect(fault).toMatchObject({ code: 'TRANSACTION', height: 77 })
    }
  })

  test.each([...shapes])('%s: approvals and the reading beside a value are not in it', (_, answer) => {
    const text = JSON.stringify(answer, (name, value) =>
      name === 'approvals' ? [] : name === 'parsed' ? 'x' : typeof value === 'bigint' ? Number(value) : value,
    )
    verify(JSON.parse(text))
  })
})

const SOME = recorded.find((answer) => toShape(answer) === 'ModuleBytes,Transfer')

test('another transaction than was asked for is refused, with both hashes', () => {
  const asked = { ...refOf(SOME), hash: 'ab'.repeat(32) }
  expect(() => verify(SOME, asked)).toThrow(
    `Block 77 refused (TRANSACTION): expected ${asked.hash}, the node says ${refOf(SOME).hash}`,
  )
})

test('content under a false name is refused with the hash that it has', () => {
  const text = JSON.stringify(SOME).replaceAll(refOf(SOME).hash, 'ab'.repeat(32))
  expect(() => verify(JSON.parse(text))).toThrow(
    `Block 77 refused (TRANSACTION): expected ${'ab'.repeat(32)}, the node says ${refOf(SOME).hash}`,
  )
})

/** Forms of 2.x that no recording has. */
const payload = (changes: Any = {}, fields: Any = {}) => ({
  initiator_addr: { PublicKey: `01${'11'.repeat(32)}` },
  timestamp: '2025-01-03T09:31:08.653Z',
  ttl: '30m',
  chain_name: 'casper-net-1',
  pricing_mode: { Fixed: { gas_price_tolerance: 3, additional_computation_factor: 2 } },
  fields: {
    args: { Named: [['x', { cl_type: { Option: 'U64' }, bytes: '00', parsed: null }]] },
    entry_point: { Custom: 'do' },
    scheduling: 'Standard',
    target: 'Native',
    ...fields,
  },
  ...changes,
})
const stored = (id: unknown) => payload({}, { target: { Stored: { id, runtime: 'VmCasperV1' } } })
const HASH = '22'.repeat(32)

/** What the SDK makes of the same JSON. Its typings are not ours: see casper-js-sdk.d.ts. */
interface Sdk {
  /** Throws where the hash is another. */
  readonly TransactionV1: { fromJSON(json: unknown): object }
  readonly CLTypeParser: { fromRawJson(json: unknown): { toBytes(): Uint8Array } }
}
const { TransactionV1, CLTypeParser } = sdk as unknown as Sdk

test.each<readonly [string, Any]>([
  ['Fixed', payload()],
  [
    'PaymentLimited',
    payload({
      pricing_mode: {
        PaymentLimited: { payment_amount: 2_500_000_000, gas_price_tolerance: 1, standard_payment: true },
      },
    }),
  ],
  ['Prepaid', payload({ pricing_mode: { Prepaid: { receipt: HASH } } })],
  ['an account', payload({ initiator_addr: { AccountHash: `account-hash-${HASH}` } })],
  ['a name', stored({ ByName: 'garden' })],
  ['a hash', stored({ ByHash: HASH })],
  ['the newest of a package', stored({ ByPackageHash: { addr: HASH, version: null } })],
  ['a version of a package', stored({ ByPackageHash: { addr: HASH, version: 300 } })],
  [
    'a version of a protocol',
    stored({ ByPackageHash: { addr: HASH, version: 3, protocol_version_major: 2 } }),
  ],
  ['a package by name', stored({ ByPackageName: { name: 'p', version: 3, protocol_version_major: 2 } })],
  [
    'an installation',
    payload(
      {},
      {
        entry_point: 'Call',
        target: { Session: { is_install_upgrade: true, module_bytes: '0061736d', runtime: 'VmCasperV1' } },
      },
    ),
  ],
  ...['AddReservations', 'CancelReservations', 'ChangeBidPublicKey', 'Redelegate'].map(
    (entry_point) => [entry_point, payload({}, { entry_point })] as const,
  ),
])('%s: the SDK makes the same hash', (_, given) => {
  const transaction = { hash: HASH, payload: given, approvals: [] }
  const hash = toPayloadHash(new Field(transaction, 'x'))
  expect(TransactionV1.fromJSON({ ...transaction, hash })).toMatchObject({ payload: {} })
  expect(() => TransactionV1.fromJSON(transaction)).toThrow('invalid transaction hash')
})

test('a name is hashed by its bytes in UTF-8', () => {
  const bytes = new Bytes().text('gärten').digest()
  expect(bytes).toBe(new Bytes().blob(Buffer.from('gärten')).digest())
})

const hexOf = (type: unknown) => {
  const bytes = new Bytes()
  writeClType(bytes, new Field(type, 'cl_type'))
  return bytes.digest()
}

test.each([
  ...[
    'Bool',
    'I32',
    'I64',
    'U8',
    'U32',
    'U64',
    'U128',
    'U256',
    'U512',
    'Unit',
    'String',
    'Key',
    'URef',
    'PublicKey',
    'Any',
  ],
  { ByteArray: 70_000 },
  { Option: { List: { Tuple1: ['U8'] } } },
  {
    Map: {
      key: { Tuple2: ['String', 'Key'] },
      value: { Result: { ok: { Tuple3: ['Unit', 'Bool', 'Any'] }, err: { Option: 'U512' } } },
    },
  },
])('the type %j: the SDK makes the same bytes', (type) => {
  expect(hexOf(type)).toBe(bytesToHex(blake2b(CLTypeParser.fromRawJson(type).toBytes(), { dkLen: 32 })))
})

/** Rust prints neither what it does not know nor what it has not; a version after ours may. */
test.each<[string, unknown, string]>([
  [
    'a pricing mode',
    payload({ pricing_mode: { Auction: {} } }),
    'payload.pricing_mode: expected PaymentLimited, Fixed or Prepaid',
  ],
  ['a member of the payload', payload({ nonce: 5 }), 'payload: expected no members but initiator_addr'],
  [
    'a member of a mode',
    payload({ pricing_mode: { Prepaid: { receipt: HASH, until: 5 } } }),
    'no members but receipt, got an object of receipt, until',
  ],
  ['a field', payload({}, { tip: 5 }), 'payload.fields: expected no members but args, target'],
  ['a target', payload({}, { target: 'Evm' }), 'fields.target: expected an object'],
  [
    'an entry point',
    payload({}, { entry_point: 'Mint' }),
    'fields.entry_point: expected a known entry point',
  ],
  ['a time', payload({}, { scheduling: { FutureEra: 5 } }), 'fields.scheduling: expected Standard'],
  [
    'an initiator',
    payload({ initiator_addr: { Evm: '0x' } }),
    'initiator_addr: expected PublicKey or AccountHash',
  ],
  [
    'a type',
    payload({}, { args: { Named: [['x', { cl_type: 'U1024', bytes: '' }]] } }),
    '.cl_type: expected an object',
  ],
  [
    'bytes',
    payload({}, { args: { Named: [['x', { cl_type: 'U8', bytes: '0g' }]] } }),
    '.bytes: expected hex digits, got "0g"',
  ],
  [
    // Its lower byte is that of a 0: Node's writer of hex takes it for one, the decoder of the value does not.
    'a letter that passes for a digit',
    payload({}, { args: { Named: [['x', { cl_type: 'U8', bytes: '\u01301' }]] } }),
    '.bytes: expected hex digits',
  ],
  [
    'half a byte',
    payload({}, { args: { Named: [['x', { cl_type: 'U8', bytes: '012' }]] } }),
    '.bytes: expected hex digits',
  ],
  [
    'half a character',
    payload({}, { entry_point: { Custom: '\ud800' } }),
    'expected a text of whole characters',
  ],
])('%s that we do not know accuses nobody: the fault names the place', (_, given, words) => {
  const answer = { transaction: { Version1: { hash: HASH, payload: given, approvals: [] } } }
  expect(() => verify(answer)).toThrow(DecodeFault)
  expect(() => verify(answer)).toThrow(words)
})

test('a type nested without end is no type', () => {
  let type: unknown = 'U8'
  for (let depth = 0; depth < 100_000; depth++) type = { Option: type }
  expect(() => hexOf(type)).toThrow('a type nested less than 50 deep')
})
