import { describe, expect, test } from 'vitest'
import { type ChainBlock, parseBlock } from '../../../../crawler/decode/block.ts'
import { DecodeFault, Field } from '../../../../crawler/decode/field.ts'
import { FinalitySignatures } from '../../../../crawler/decode/signatures.ts'
import type { Shape } from '../../../../crawler/devnet/recording.ts'
import { parseJson } from '../../../../crawler/node/json.ts'
import { countStrangers, isQuorum, verifyFinality } from '../../../../crawler/verify/finality.ts'
import {
  createValidatorSet,
  restoreValidatorSet,
  toValidatorSet,
} from '../../../../crawler/verify/validator-set.ts'
import { VerifyFault } from '../../../../crawler/verify/verify.ts'
import type { ChainName } from '../../../fixtures/recordings/recordings.ts'
import { useRecording } from '../../../support/chain.ts'
import {
  buildSigned,
  createSigner,
  NETWORK_NAME,
  signAll,
  weigh,
  withSignatures,
} from '../../../support/signed-chain.ts'

const faultOf = async (run: () => Promise<unknown>): Promise<VerifyFault> => {
  try {
    await run()
  } catch (error) {
    expect(error).toBeInstanceOf(VerifyFault)
    return error as VerifyFault
  }
  throw new Error('accepted')
}

describe('every signature of the recorded chains is valid, and each block has its two thirds', () => {
  test.each<[ChainName, Shape | undefined, number, number]>([
    ['casper-1x', undefined, 4653, 0.95],
    ['casper-2x', undefined, 2820, 0.99],
    ['casper-upgrade', undefined, 3876, 0.8],
    ['casper-upgrade', 'node-1x', 992, 0.99],
  ])('%s %s: %i signatures', async (name, shape, count, least) => {
    const recording = useRecording(name, shape)
    let set = null
    let checked = 0
    for (let height = recording.firstHeight; height <= recording.lastHeight; height++) {
      const answer = parseJson(recording.block(height)?.answer.toString() ?? '')
      const block = parseBlock(new Field(answer, 'chain_get_block'))
      if (block === null) throw new Error(`no block ${height}`)
      if (set !== null) {
        const finality = await verifyFinality(block, block.signatures.parse(), set, recording.name, {
          all: true,
        })
        expect(finality.strangers).toBe(0)
        expect(Number(finality.weight) / Number(finality.total)).toBeGreaterThan(least)
        checked += finality.signers
      }
      set = toValidatorSet(block) ?? set
    }
    expect(checked).toBe(count)
  })
})

const four = [
  createSigner('a'),
  createSigner('b', 'secp256k1'),
  createSigner('c'),
  createSigner('d', 'secp256k1'),
]
const set = createValidatorSet(7, weigh(four, [10n, 20n, 30n, 40n]))
const block = (generation: 1 | 2 = 2): ChainBlock =>
  buildSigned({ height: 70, parent: null, eraId: 7, generation, signers: four })
const verify = (of: ChainBlock, in_ = set, network = NETWORK_NAME, all = true) =>
  verifyFinality(of, of.signatures.parse(), in_, network, { all })

describe('weight', () => {
  test('stops at the heaviest that suffice, unless all are wanted', async () => {
    expect(await verify(block(), set, NETWORK_NAME, false)).toEqual({
      weight: 70n,
      total: 100n,
      signers: 2,
      strangers: 0,
    })
    expect(await verify(block())).toEqual({ weight: 100n, total: 100n, signers: 4, strangers: 0 })
  })
  test('exactly two thirds are refused, one mote more is accepted', async () => {
    const [a, b] = four.slice(0, 2)
    if (!a || !b) throw new Error()
    const one = buildSigned({ height: 1, parent: null, eraId: 1, signers: [a] })
    const at = createValidatorSet(1, weigh([a, b], [2_000_000_000n, 1_000_000_000n]))
    expect(await faultOf(() => verify(one, at))).toMatchObject({
      code: 'FINALITY',
      height: 1,
      expected: "signatures of more than 2000000000 of era 1's 3000000000 motes",
      got: '2000000000 motes of 1 validators',
    })
    expect(
      (await verify(one, createValidatorSet(1, weigh([a, b], [2_000_000_001n, 1_000_000_000n])))).weight,
    ).toBe(2_000_000_001n)
    expect(isQuorum(0n, 0n)).toBe(false)
  })
  test('a validator that is listed again counts once', async () => {
    const [, , , d] = four
    if (!d) throw new Error()
    const [own] = signAll(block(), [d])
    if (!own) throw new Error()
    expect(await faultOf(() => verify(withSignatures(block(), [own, own, own])))).toMatchObject({
      code: 'FINALITY',
      got: '40 motes of 1 validators',
    })
  })
  test('keys outside the set count for nothing', async () => {
    const outside = [createSigner('x'), createSigner('y', 'secp256k1')]
    const alone = withSignatures(block(), signAll(block(), outside))
    expect(await faultOf(() => verify(alone))).toMatchObject({
      code: 'FINALITY',
      got: '0 motes of 0 validators',
    })
    expect(await countStrangers(alone, alone.signatures.parse(), set, NETWORK_NAME)).toBe(2)
    const mixed = withSignatures(block(), signAll(block(), [...four, ...outside]))
    expect(await verify(mixed)).toMatchObject({ weight: 100n, strangers: 2 })
  })
  test('a set in which a switch block named a validator twice is not heavier than its validators', () => {
    const [a, b] = four.slice(0, 2)
    if (!a || !b) throw new Error()
    expect(createValidatorSet(1, weigh([a, b, a], [1n, 2n, 3n])).total).toBe(5n)
  })
  test('a set comes back from the rows of the store, without those who only were paid', () => {
    const paid = { eraId: 7, validator: '01ff', weight: null }
    const rows = [...set.weights].map(([validator, weight]) => ({ eraId: 7, validator, weight }))
    expect(restoreValidatorSet([...rows, paid])).toEqual(set)
    expect(restoreValidatorSet([paid])).toBeNull()
    expect(restoreValidatorSet([])).toBeNull()
  })
})

describe.each([1, 2] as const)('a signature of generation %i is refused', (generation) => {
  test.each([
    ['ed25519', 2],
    ['secp256k1', 3],
  ])('with one bit flipped: %s', async (_name, index) => {
    for (const bit of [0, 7, 255, 256, 300, 511]) {
      const signatures = signAll(block(generation), four)
      const bytes = Buffer.from(signatures[index]?.signature ?? '', 'hex')
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      const flipped = signatures.map((one, at) =>
        at === index ? { ...one, signature: bytes.toString('hex') } : one,
      )
      expect(await faultOf(() => verify(withSignatures(block(generation), flipped)))).toMatchObject({
        code: 'SIGNATURE',
        height: 70,
        expected: `a valid signature of ${four[index]?.validator}`,
        got: bytes.toString('hex'),
      })
    }
  })
  test('for another era, another block', async () => {
    const of = block(generation)
    expect((await faultOf(() => verify({ ...of, eraId: 8 }))).code).toBe('SIGNATURE')
    expect((await faultOf(() => verify({ ...of, hash: 'ab'.repeat(32) }))).code).toBe('SIGNATURE')
  })
})

describe('of several invalid signatures', () => {
  const broken = (...indexes: number[]) =>
    withSignatures(
      block(),
      signAll(block(), four).map((one, i) =>
        indexes.includes(i) ? { ...one, signature: '11'.repeat(64) } : one,
      ),
    )
  test.each([
    [[0, 1, 2, 3], 3],
    [[0, 1, 2], 2],
    [[0, 1], 1],
    [[0], 0],
  ])('%j: the fault is the heaviest', async (indexes, heaviest) => {
    expect(await faultOf(() => verify(broken(...indexes)))).toMatchObject({
      code: 'SIGNATURE',
      expected: `a valid signature of ${four[heaviest]?.validator}`,
    })
  })
  test('those that are not needed are not looked at', async () => {
    expect(await verify(broken(0, 1), set, NETWORK_NAME, false)).toMatchObject({ weight: 70n, signers: 2 })
    expect(await faultOf(() => verify(broken(0, 1, 2), set, NETWORK_NAME, false))).toMatchObject({
      expected: `a valid signature of ${four[2]?.validator}`,
    })
  })
})

describe('a set of twenty', () => {
  const many = Array.from({ length: 20 }, (_, i) => createSigner(`m${i}`, i % 2 ? 'secp256k1' : 'ed25519'))
  const weights = many.map((_, i) => BigInt(i + 1))
  const large = createValidatorSet(7, weigh(many, weights))
  const signed = buildSigned({ height: 70, parent: null, eraId: 7, signers: many })
  test('all of them count', async () => {
    expect(await verify(signed, large)).toMatchObject({ signers: 20, weight: 210n })
  })
  test.each([0, 7, 19])('an invalid one, the %ith, is found', async (index) => {
    const signatures = signed.signatures.parse()
    const key = many[index]?.validator
    const broken = withSignatures(
      signed,
      signatures.map((one) => (one.validator === key ? { ...one, signature: '11'.repeat(64) } : one)),
    )
    expect(await faultOf(() => verify(broken, large))).toMatchObject({
      code: 'SIGNATURE',
      expected: `a valid signature of ${key}`,
    })
  })
  test('keys that are no points of their curve sign nothing', async () => {
    const strangers = Array.from({ length: 20 }, (_, i) => ({
      validator: `02${`${i + 10}`}${'00'.repeat(32)}`,
      signature: '00'.repeat(64),
    }))
    const of = withSignatures(signed, strangers)
    expect(await countStrangers(of, of.signatures.parse(), set, NETWORK_NAME)).toBe(0)
  })
})

test('a signature of 2.x is of one network and one height, one of 1.x is not', async () => {
  expect((await faultOf(() => verify(block(2), set, 'casper'))).code).toBe('SIGNATURE')
  expect((await faultOf(() => verify({ ...block(2), height: 71 }))).code).toBe('SIGNATURE')
  expect((await verify(block(1), set, 'casper')).signers).toBe(4)
})

describe('signatures that are none', () => {
  const key = four[0]?.validator ?? ''
  const longKey = four[1]?.validator ?? ''
  const s = `01${'ab'.repeat(64)}`
  test.each<[string, unknown, RegExp]>([
    ['no list', {}, /proofs: expected a list/],
    ['no key', [{ signature: s }], /proofs\[0\]: expected a member public_key/],
    ['no signature', [{ public_key: key }], /proofs\[0\]: expected a member signature/],
    ['a short key', [{ public_key: key.slice(2), signature: s }], /public_key: expected a public key/],
    ["the system's key", [{ public_key: '00', signature: s }], /public_key: expected the key of a validator/],
    [
      'a short signature',
      [{ public_key: key, signature: s.slice(0, -2) }],
      /signature: expected a signature/,
    ],
    ['no hex', [{ public_key: key, signature: `01${'xy'.repeat(64)}` }], /signature: expected a signature/],
    ["the other algorithm's", [{ public_key: longKey, signature: s }], /of its key's algorithm/],
  ])('%s is a fault when it is asked for, not before', (_name, proofs, message) => {
    const signatures = new FinalitySignatures(new Field(proofs, 'proofs'))
    expect(() => signatures.parse()).toThrow(DecodeFault)
    expect(() => signatures.parse()).toThrow(message)
  })
  test('an answer without proofs has none, and mixed case is read', () => {
    expect(new FinalitySignatures(null).parse()).toEqual([])
    const upper = [{ public_key: key.toUpperCase(), signature: s.toUpperCase() }]
    expect(new FinalitySignatures(new Field(upper, 'proofs')).parse()).toEqual([
      { validator: key, signature: s.slice(2) },
    ])
  })
  test('keys that are no points of their curve sign nothing', async () => {
    for (const validator of [`02${'00'.repeat(33)}`, `0204${'11'.repeat(32)}`, `0202${'ff'.repeat(32)}`]) {
      const of = withSignatures(block(), [{ validator, signature: '00'.repeat(64) }])
      const own = createValidatorSet(7, [{ validator, weight: 5n }])
      expect((await faultOf(() => verify(of, own))).code).toBe('SIGNATURE')
      expect(await countStrangers(of, of.signatures.parse(), set, NETWORK_NAME)).toBe(0)
    }
  })
  test('made-up keys and signatures never end in anything but a refusal', async () => {
    // Small and repeatable: xorshift32.
    let state = 0x9e3779b9
    const next = () => {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      return state >>> 0
    }
    const hex = (bytes: number) =>
      Array.from({ length: bytes }, () => (next() & 255).toString(16).padStart(2, '0')).join('')
    const odd = [null, 7, '', '0', [], {}, '00', '01', 10n ** 30n]
    const pick = <T>(of: readonly T[]): T => of[next() % of.length] as T
    const whole = block()
    let refused = 0
    for (let round = 0; round < 2_000; round++) {
      const tag = pick(['01', '02', '03', '00', ''])
      const public_key = next() % 8 === 0 ? pick(odd) : tag + hex(tag === '02' ? 33 : 32)
      const signature = next() % 8 === 0 ? pick(odd) : tag + hex(next() % 16 === 0 ? 63 : 64)
      const proofs = next() % 50 === 0 ? pick(odd) : [{ public_key, signature }]
      try {
        const of = { ...whole, signatures: new FinalitySignatures(new Field(proofs, 'proofs')) }
        const signatures = of.signatures.parse()
        const own = createValidatorSet(
          7,
          signatures.map(({ validator }) => ({ validator, weight: 1n })),
        )
        await verifyFinality(of, signatures, own, NETWORK_NAME)
      } catch (error) {
        expect(['DecodeFault', 'VerifyFault']).toContain((error as Error).name)
        refused++
      }
    }
    expect(refused).toBe(2_000)
  })
})
