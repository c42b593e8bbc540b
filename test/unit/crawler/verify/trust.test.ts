import { describe, expect, test } from 'vitest'
import { type KnownChain, parseChain } from '../../../../crawler/chains/chains.ts'
import { type ChainBlock, parseBlock } from '../../../../crawler/decode/block.ts'
import { Field } from '../../../../crawler/decode/field.ts'
import { parseJson } from '../../../../crawler/node/json.ts'
import {
  createTrust,
  isSettled,
  type Trust,
  type TrustOptions,
  UndeclaredValidatorsError,
} from '../../../../crawler/verify/trust.ts'
import { createValidatorSet, toValidatorSet } from '../../../../crawler/verify/validator-set.ts'
import type { VerifyFault } from '../../../../crawler/verify/verify.ts'
import { useRecording } from '../../../support/chain.ts'
import {
  buildSigned,
  createSigner,
  NETWORK_NAME,
  type SignedBlock,
  type Signer,
  signAll,
  weigh,
  withSignatures,
} from '../../../support/signed-chain.ts'

const old = ['a', 'b', 'c'].map((name) => createSigner(name))
const young = ['d', 'e', 'f'].map((name) => createSigner(name, 'secp256k1'))
const weights = (signers: readonly Signer[]) => weigh(signers, [30n, 30n, 30n])
const asSet = (eraId: number, signers: readonly Signer[]) => createValidatorSet(eraId, weights(signers))
const FREE = { isTip: false }
const TIP = { isTip: true }

const known = (given: Partial<Record<keyof KnownChain, unknown>> = {}): KnownChain =>
  parseChain(
    JSON.stringify({
      name: NETWORK_NAME,
      about: 'A network of this test.',
      genesis: { hash: null, source: null, note: 'none' },
      validators: null,
      legacyFinality: 'strict',
      legacySource: 'this test',
      pins: [],
      validatorChanges: [],
      ...given,
    }),
    NETWORK_NAME,
  )

const inJson = (signers: readonly Signer[]) =>
  weights(signers).map(({ validator, weight }) => ({ validator, weight: `${weight}` }))

const create = (options: Partial<TrustOptions> = {}): Trust =>
  createTrust({ network: NETWORK_NAME, chain: null, parent: null, set: null, ...options })

/** Blocks that stand on each other, from height 10 and era 3 on unless told otherwise. */
function chainOf(...parts: Partial<SignedBlock>[]): ChainBlock[] {
  const blocks: ChainBlock[] = []
  for (const part of parts) {
    const parent = blocks.at(-1) ?? null
    const eraId = parent === null ? 3 : parent.eraId + (parent.eraEnd ? 1 : 0)
    blocks.push(buildSigned({ height: (parent?.height ?? 9) + 1, parent, eraId, signers: old, ...part }))
  }
  return blocks
}

/** Goes on after the first block, whose era's set is known. */
const after = (first: ChainBlock, options: Partial<TrustOptions> = {}): Trust =>
  create({ parent: first, set: asSet(3, old), ...options })

const refusal = async (trust: Trust, block: ChainBlock, options = FREE): Promise<VerifyFault> => {
  try {
    await trust.check(block, options)
  } catch (error) {
    return error as VerifyFault
  }
  throw new Error('accepted')
}

test('a recorded chain is believed from its first block on, switch block by switch block', async () => {
  const recording = useRecording('casper-upgrade')
  const trust = create({ network: recording.name })
  const last = recording.lastHeight
  for (let height = 0; height <= last; height++) {
    const facts = recording.block(height)
    const block = parseBlock(new Field(parseJson(facts?.answer.toString() ?? ''), ''))
    if (block === null) throw new Error(`no block ${height}`)
    const { by } = await trust.check(block, { isTip: height === last })
    const isSigned = facts?.isSwitch || height === last
    expect(by, `${height}`).toBe(height === 0 ? 'first-use' : isSigned ? 'signatures' : 'parent')
  }
  expect(trust.anchor).toBe('first-use')
})

describe('which blocks need signatures', () => {
  const [b10, b11, b12, b13] = chainOf({}, {}, { next: weights(young) }, { signers: young })
  if (!b10 || !b11 || !b12 || !b13) throw new Error()
  test('switch blocks and tips; the others rely on the parents of these', async () => {
    const trust = after(b10)
    expect(await trust.check(b11, FREE)).toEqual({ by: 'parent' })
    expect(await trust.check(b12, FREE)).toMatchObject({ by: 'signatures', finality: { weight: 90n } })
    expect(trust.set).toEqual(toValidatorSet(b12))
    expect(await trust.check(b13, TIP)).toMatchObject({ by: 'signatures', finality: { signers: 3 } })
    expect([{ by: 'parent' } as const, { by: 'pin' } as const].map(isSettled)).toEqual([false, true])
  })
  test('two thirds are exceeded by all three here; a tip signed by two is not final yet', async () => {
    const few = withSignatures(b11, signAll(b11, old.slice(0, 2)))
    const trust = after(b10)
    expect(await refusal(trust, few, TIP)).toMatchObject({ code: 'FINALITY', height: 11 })
    expect(await trust.check(few, FREE)).toEqual({ by: 'parent' })
  })
  test('after a refusal another answer for the same height may be checked', async () => {
    const trust = after(b10)
    await trust.check(b11, FREE)
    expect(await refusal(trust, withSignatures(b12, []))).toMatchObject({ code: 'FINALITY' })
    expect((await trust.check(b12, FREE)).by).toBe('signatures')
  })
  test('a call that overlaps another is refused, the other is not disturbed', async () => {
    const trust = after(b10)
    await trust.check(b11, FREE)
    const running = trust.check(b12, FREE)
    const again = trust.check(b12, FREE)
    const next = trust.check(b13, TIP)
    expect(trust.set).toEqual(asSet(3, old))
    await expect(again).rejects.toThrow('Block 12 was to be checked while block 12 still was')
    await expect(next).rejects.toThrow('Block 13 was to be checked while block 12 still was')
    expect((await running).by).toBe('signatures')
    expect((await trust.check(b13, TIP)).by).toBe('signatures')
  })
  test('a block of another parent, height or era is refused', async () => {
    const trust = after(b10)
    expect(await refusal(trust, b12)).toMatchObject({ code: 'HEIGHT', expected: '11', got: '12' })
    const [, stranger] = chainOf({ height: 10, signers: [], protocolVersion: '2.0.4' }, {})
    if (!stranger) throw new Error()
    expect(await refusal(trust, stranger)).toMatchObject({ code: 'PARENT_HASH' })
    const jump = buildSigned({ height: 11, parent: b10, eraId: 4, signers: old })
    expect(await refusal(trust, jump)).toMatchObject({ code: 'ERA', expected: 'era 3', got: 'era 4' })
  })
  test('with an unknown set, the first switch block is believed and its set then holds', async () => {
    const trust = create()
    expect(await trust.check(b10, TIP)).toEqual({ by: 'first-use' })
    expect(await trust.check(b11, FREE)).toEqual({ by: 'parent' })
    expect(await trust.check(b12, FREE)).toEqual({ by: 'first-use' })
    expect((await trust.check(b13, TIP)).by).toBe('signatures')
  })
})

describe('pins', () => {
  const [b10, b11, b12] = chainOf({}, { signers: [] }, { next: weights(young), signers: [] })
  if (!b10 || !b11 || !b12) throw new Error()
  const pin = (height: number, hash: string) => known({ pins: [{ height, hash, source: 'this test' }] })
  test('a pinned hash stands for the signatures, its own and those of the blocks before', async () => {
    const trust = after(b10, { chain: pin(12, b12.hash) })
    expect(trust.anchor).toBe('pinned')
    expect(await trust.check(b11, TIP)).toEqual({ by: 'parent' })
    expect(await trust.check(b12, FREE)).toEqual({ by: 'pin' })
  })
  test('another block at a pinned height is refused, however well it is signed', async () => {
    const signed = withSignatures(b12, signAll(b12, old))
    const trust = after(b10, { chain: pin(12, 'ab'.repeat(32)) })
    await trust.check(b11, FREE)
    expect(await refusal(trust, signed)).toMatchObject({
      code: 'PIN',
      height: 12,
      expected: 'ab'.repeat(32),
      got: b12.hash,
    })
  })
  test('the genesis hash is a pin, and the genesis validators sign era 0', async () => {
    const [b0, b1] = chainOf(
      { height: 0, eraId: 0, signers: [], generation: 1, protocolVersion: '1.0.0' },
      { next: weights(young), generation: 1, protocolVersion: '1.0.0' },
    )
    if (!b0 || !b1) throw new Error()
    const genesis = { hash: b0.hash, source: 'this test', note: null }
    const validators = { eraId: 0, source: 'this test', note: null, set: inJson(old) }
    const trust = create({ chain: known({ genesis, validators }) })
    expect(await trust.check(b0, FREE)).toEqual({ by: 'pin' })
    expect((await trust.check(b1, FREE)).by).toBe('signatures')
    const other = create({ chain: known({ genesis: { ...genesis, hash: 'cd'.repeat(32) }, validators }) })
    expect(await refusal(other, b0)).toMatchObject({ code: 'PIN' })
    const forged = create({ chain: known({ genesis, validators: { ...validators, set: inJson(young) } }) })
    await forged.check(b0, FREE)
    await expect(forged.check(b1, FREE)).rejects.toThrow(UndeclaredValidatorsError)
  })
  test('a crawl that begins later takes the switch block before it as it comes', async () => {
    const validators = { eraId: 0, source: 'this test', note: null, set: inJson(young) }
    const [first, second] = chainOf({ next: weights(old) }, {})
    if (!first || !second) throw new Error()
    const trust = create({ chain: known({ validators }) })
    expect(await trust.check(first, FREE)).toEqual({ by: 'first-use' })
    expect((await trust.check(second, TIP)).by).toBe('signatures')
  })
})

describe('releases before 1.5.0', () => {
  const [b10, b11, b12] = chainOf(
    {},
    { next: weights(old), signers: [], generation: 1, protocolVersion: '1.4.15' },
    { next: weights(old), signers: [], generation: 1, protocolVersion: '1.5.0' },
  )
  if (!b10 || !b11 || !b12) throw new Error()
  const pins = [{ height: 50, hash: 'ab'.repeat(32), source: 'this test' }]
  test('are believed without signatures where the network says so and a pin is ahead, later ones are not', async () => {
    const trust = after(b10, { chain: known({ legacyFinality: 'any', pins }) })
    expect(await trust.check(b11, FREE)).toMatchObject({ by: 'legacy', finality: { weight: 0n } })
    expect(await refusal(trust, b12)).toMatchObject({ code: 'FINALITY', height: 12 })
  })
  test('need them where the network says so, where no pin would settle them, and on unknown networks', async () => {
    for (const chain of [known({ pins }), known({ legacyFinality: 'any' }), null]) {
      expect(await refusal(after(b10, { chain }), b11)).toMatchObject({ code: 'FINALITY', height: 11 })
    }
  })
  test('are refused with an invalid signature nevertheless', async () => {
    const trust = after(b10, { chain: known({ legacyFinality: 'any', pins }) })
    const [a] = signAll(b12, old)
    if (!a) throw new Error()
    expect(await refusal(trust, withSignatures(b11, [a]))).toMatchObject({ code: 'SIGNATURE' })
  })
})

describe('a set that was changed outside an era', () => {
  const [b10, b11, b12] = chainOf({}, { next: weights(old) }, { signers: young, next: weights(young) })
  if (!b10 || !b11 || !b12) throw new Error()
  const change = { eraId: 4, validators: inJson(young), reason: 'a restart', source: 'this test', note: null }
  const to12 = async (chain: KnownChain | null) => {
    const trust = after(b10, { chain })
    await trust.check(b11, FREE)
    return trust
  }
  test('undeclared: the program ends, naming block, era and the page', async () => {
    await expect((await to12(null)).check(b12, FREE)).rejects.toThrow(UndeclaredValidatorsError)
    await expect((await to12(null)).check(b12, FREE)).rejects.toThrow(
      /Block 12 of era 4 is signed by 3 keys outside .* and by 0 of the set \(0 of 90 motes\).*docs\/trust\.md/,
    )
  })
  test('with only its occasion known, the message tells it', async () => {
    const chain = known({ validatorChanges: [{ ...change, validators: null, note: 'unknown' }] })
    await expect((await to12(chain)).check(b12, FREE)).rejects.toThrow(/\(a restart; this test\)/)
  })
  test('declared: it signs its era, also when the crawl resumes inside it', async () => {
    const chain = known({ validatorChanges: [change] })
    expect((await (await to12(chain)).check(b12, FREE)).by).toBe('signatures')
    const resumed = create({ chain, parent: b11, set: asSet(4, old) })
    expect((await resumed.check(b12, FREE)).by).toBe('signatures')
    expect((await create({ chain, parent: b11, set: null }).check(b12, FREE)).by).toBe('signatures')
  })
  test('keys outside the set whose signatures are invalid, or fewer than those of the set, are no other set', async () => {
    const wrong = signAll(b11, young)
    expect(await refusal(await to12(null), withSignatures(b12, wrong))).toMatchObject({ code: 'FINALITY' })
    const mixed = [...signAll(b12, old.slice(0, 2)), ...signAll(b12, young.slice(0, 2))]
    expect(await refusal(await to12(null), withSignatures(b12, mixed))).toMatchObject({ code: 'FINALITY' })
  })
})
