import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { findChain, type KnownChain, parseChain } from '../../../../crawler/chains/chains.ts'
import { type ChainBlock, parseBlock } from '../../../../crawler/decode/block.ts'
import { Field } from '../../../../crawler/decode/field.ts'
import { FinalitySignatures } from '../../../../crawler/decode/signatures.ts'
import { parseJson } from '../../../../crawler/node/json.ts'
import { toBlockHash, toBodyHash } from '../../../../crawler/verify/block-hash.ts'
import { verifyFinality, weigh } from '../../../../crawler/verify/finality.ts'
import { createTrust } from '../../../../crawler/verify/trust.ts'
import { createValidatorSet, toValidatorSet } from '../../../../crawler/verify/validator-set.ts'
import { verifyBlock } from '../../../../crawler/verify/verify.ts'

const root = join(import.meta.dirname, '../../../..')

interface PublicBlocks {
  readonly blocks: readonly { readonly network: string; readonly answer: unknown }[]
  readonly era273: readonly { readonly validator: string; readonly weight: string }[]
}

/** Real blocks of mainnet and testnet; the file says whose. */
const real = parseJson(
  gunzipSync(readFileSync(join(root, 'test/fixtures/public-blocks.json.gz'))).toString(),
) as PublicBlocks

const blocks = real.blocks.map(({ network, answer }) => {
  const block = parseBlock(new Field(answer, 'chain_get_block'))
  if (block === null) throw new Error()
  return { network, block }
})

function blockAt(network: string, height: number): ChainBlock {
  const found = blocks.find((one) => one.network === network && one.block.height === height)
  if (!found) throw new Error(`no block ${height} of ${network}`)
  return found.block
}

const chain = (name: string): KnownChain => {
  const found = findChain(name)
  if (found === null) throw new Error(`no file for ${name}`)
  return found
}

/** Mainnet's first blocks, put together from what the sources in its file say of them. */
const early = (given: Partial<ChainBlock>): ChainBlock => {
  const bare = {
    generation: 1,
    hash: '',
    parentHash: '0'.repeat(64),
    stateRootHash: '8e22e3983d5ca9bcf9804bd3a6724b8c24effdf317a1d9c05175125a1bf8b679',
    bodyHash: '',
    randomBit: true,
    accumulatedSeed: '54b4c4ebb9feeb4425a865807f6f61888d0b86fbe4c84947af621673ac9feab1',
    eraEnd: null,
    time: Date.parse('2021-03-31T15:00:39.552Z'),
    eraId: 0,
    height: 0,
    protocolVersion: '1.0.0',
    proposer: '012bac1d0ff9240ff0b7b06d555815640497861619ca12583ddef434885416e69b',
    deployHashes: [],
    transferHashes: [],
    transactions: [],
    signatures: new FinalitySignatures(null),
    ...given,
  } as ChainBlock
  const block = { ...bare, bodyHash: toBodyHash(bare) }
  return { ...block, hash: toBlockHash(block) }
}

const block69 = early({
  height: 69,
  parentHash: 'e3fb05552b6befc66038e652df18a2a158d26081df6a3c959e055664c885a005',
  randomBit: false,
  accumulatedSeed: '1fb111212833beb7b4da83aabd86413f73c416a30a5395dd62f1f7f1dfd50b4f',
  time: Date.parse('2021-03-31T16:18:12.608Z'),
})

test("mainnet's genesis hash is that of the header that its sources describe", async () => {
  const genesis = early({})
  expect(genesis.hash).toBe(chain('casper').genesis.hash)
  const trust = createTrust({ network: 'casper', chain: chain('casper'), parent: null, set: null })
  expect(await trust.check(genesis, { isTip: false })).toEqual({ by: 'pin' })
  expect(trust.set).toMatchObject({ eraId: 0, total: 3_535_670_616_000_000_000n })
  expect(trust.set?.weights.size).toBe(56)
})

test('every pin is the hash of a real block, recomputed from its header', () => {
  for (const name of ['casper', 'casper-test']) {
    for (const { height, hash } of chain(name).pins) {
      const block = name === 'casper' && height === 69 ? block69 : blockAt(name, height)
      verifyBlock(block, height)
      expect(block.hash, `${name} ${height}`).toBe(hash)
    }
  }
})

describe('real signatures', () => {
  test.each([
    ['casper', 2_346_915, 70],
    ['casper', 2_947_381, 3],
    ['casper-test', 20_612, 100],
    ['casper-test', 430_050, 99],
    ['casper-test', 1_412_462, 100],
    ['casper-test', 1_890_893, 31],
  ])('%s %i: %i, all valid', async (network, height, count) => {
    const block = blockAt(network, height)
    const signatures = block.signatures.parse()
    const signers = signatures.map(({ validator }) => ({ validator, weight: 1n }))
    const finality = await weigh(block, signatures, createValidatorSet(block.eraId, signers), network, {
      all: true,
    })
    expect(finality).toMatchObject({ signers: count, strangers: 0 })
  })
  test('of a testnet block, weighed with the validators that the auction had for its era', async () => {
    const weights = real.era273.map(({ validator, weight }) => ({ validator, weight: BigInt(weight) }))
    const block = blockAt('casper-test', 20_612)
    const set = createValidatorSet(273, weights)
    expect(await verifyFinality(block, block.signatures.parse(), set, 'casper-test')).toMatchObject({
      strangers: 0,
    })
  })
  test('of an immediate switch block exceed two thirds of the set that it hands on', async () => {
    const block = blockAt('casper-test', 1_890_893)
    const set = toValidatorSet(block)
    if (set === null) throw new Error()
    expect((await verifyFinality(block, block.signatures.parse(), set, 'casper-test')).signers).toBeLessThan(
      32,
    )
  })
})

describe('the files', () => {
  test.each(globSync('*.json', { cwd: join(root, 'crawler/chains') }))('%s is read', (file) => {
    const found = chain(file.replace('.json', ''))
    expect(new Set(found.pins.map(({ height }) => height)).size).toBe(found.pins.length)
    expect(new Set(found.validatorChanges.map(({ eraId }) => eraId)).size).toBe(found.validatorChanges.length)
  })
  test('a network without a file has none, whatever it calls itself', () => {
    for (const name of ['casper-net-1', '', '../../package', 'casper/../casper', 'CASPER', '..']) {
      expect(findChain(name)).toBeNull()
    }
  })
  test.each<[string, (file: Record<string, unknown>) => unknown, RegExp]>([
    ['an unknown member', (file) => ({ ...file, pinned: [] }), /pinned/],
    [
      'a short hash',
      (file) => ({ ...file, pins: [{ height: 1, hash: 'ab', source: 'x' }] }),
      /pins\[0\]\.hash/,
    ],
    ['a hash without a source', (file) => ({ ...file, genesis: { hash: 'ab'.repeat(32) } }), /genesis/],
    [
      'an unknown hash without a note',
      (file) => ({ ...file, genesis: { hash: null, source: null } }),
      /genesis/,
    ],
    ['another name', (file) => ({ ...file, name: 'casper-test' }), /its name is casper-test/],
  ])('%s stops the start, naming the place', (_name, change, message) => {
    const file = JSON.parse(readFileSync(join(root, 'crawler/chains/casper.json'), 'utf8'))
    expect(() => parseChain(JSON.stringify(change(file)), 'casper')).toThrow(message)
  })
})
