import { expect, test } from 'vitest'
import { toCompatibleBlock } from '../../../src/api/wire/to-compatible.ts'
import { toEtag } from '../../../src/lib/etag.ts'
import { blockPageCodec, findBlock, toBlockPage } from '../../../src/read/block-page.ts'
import { toBlockText } from '../../../src/read/block-text.ts'
import { eraPageCodec, findEra, toEraPage } from '../../../src/read/era-page.ts'
import { findFigures } from '../../../src/read/figures.ts'
import { findEraTransfers, toTransferPage, transferPageCodec } from '../../../src/read/transfer-page.ts'
import {
  buildBlock,
  buildEra,
  buildTransfer,
  createRandom,
  hashOf,
  keyOf,
  longKeyOf,
} from '../../support/builders.ts'
import { makeChain } from '../../support/made-chain.ts'

const random = createRandom(9)
const AMOUNTS = [
  0n,
  1n,
  2n ** 48n - 1n,
  2n ** 48n,
  2n ** 64n - 1n,
  2n ** 64n,
  2n ** 64n + 1n,
  10n ** 38n - 1n,
]
const amount = () => (random(3) ? AMOUNTS[random(AMOUNTS.length)]! : BigInt(random(2 ** 31)) ** 3n)

const blocks = Array.from({ length: 300 }, (_, index) =>
  buildBlock(5_000_000 + index, {
    eraId: random(2 ** 31),
    time: [0, 1_617_148_800_123, 8_640_000_000_000_000][random(3)]!,
    generation: random(2) ? 1 : 2,
    protocolVersion: ['1.0.0', '2.2.2', ''][random(3)]!,
    proposer: [keyOf(random(9)), longKeyOf(random(9)), '00'][random(3)]!,
    isSwitch: random(2) === 1,
    gasPrice: random(256),
    counts: { transfers: random(70_000), burns: random(200), staking: 0, wasm: 127, failed: 128 },
    lanes: ['', '0:3,5:1', 'abcdef', 'päé🚗'][random(4)]!,
    transfersCount: random(2 ** 31),
    transfersVolume: amount(),
    staked: amount(),
    undelegated: amount(),
    fees: amount(),
    burned: amount(),
    totalSupply: random(4) ? amount() : null,
  }),
)

test('a page gives every block back as it was, with the time of the one before', () => {
  const page = toBlockPage(blocks, 77, [])
  const again = blockPageCodec.decode(blockPageCodec.encode(page))
  // In any order: one item is decoded without the others.
  for (const index of [299, 0, 150, ...blocks.keys()]) {
    const found = findBlock(again, 5_000_000 + index)
    expect(found?.block).toEqual(blocks[index])
    expect(found?.previousTime).toBe(index === 0 ? 77 : blocks[index - 1]!.time)
  }
  expect(findBlock(again, 4_999_999)).toBe(null)
  expect(findBlock(again, 5_000_300)).toBe(null)
  expect(findBlock(again, Number.NaN)).toBe(null)
})

test('figures read by hand are what the whole block shows', () => {
  const eras = [...new Set(blocks.map(({ eraId }) => eraId))].map((id) =>
    buildEra(id, {
      validatorsWeight: random(3) ? amount() : null,
      nextValidatorsWeight: random(3) ? amount() : null,
      validatorsRewards: amount(),
      delegatorsRewards: amount(),
      rewardedValidators: random(100),
      rewardedDelegators: random(50_000),
      circulating: random(2)
        ? { method: 'm', total: amount(), validators: 0n, transfers: 0n, rewards: 0n }
        : null,
    }),
  )
  const page = toBlockPage(blocks, 77, [])
  blocks.forEach((block, index) => {
    const era = eras.find(({ id }) => id === block.eraId)!
    const previousTime = index === 0 ? 77 : blocks[index - 1]!.time
    const found = findFigures(page, block.height)!
    const body = JSON.stringify([toCompatibleBlock(block, previousTime, era)])
    expect(toBlockText(found.figures, era)).toEqual({ text: body, etag: toEtag(body) })
    expect(found.figures.totalSupply === null).toBe(block.totalSupply === null)
  })
  expect(findFigures(page, 4_999_999)).toBe(null)
  expect(findFigures(page, 5_000_300)).toBe(null)
})

test('amounts are divided exactly while they are read', () => {
  const cspr = 1_000_000_000n
  const tops = [
    0n,
    1n,
    2n,
    281_474n,
    281_475n,
    9_007_199n,
    4_294_967_296n,
    14_433_609_569n,
    18_446_744_073n,
    10n ** 20n,
  ]
  for (const top of tops) {
    for (const rest of [0n, 1n, cspr / 2n, cspr - 1n]) {
      const value = top * cspr + rest
      const page = toBlockPage([buildBlock(1, { totalSupply: value, staked: value })], null, [])
      expect(findFigures(page, 1)?.figures).toMatchObject({ totalSupply: Number(top), staked: Number(top) })
    }
  }
})

test('a page that holds the era of a block says so', () => {
  const chain = makeChain({ eras: [1, 5, 5, 3] })
  const page = toBlockPage(chain.blocks, null, chain.eras.slice(1, 3))
  const eraOf = (height: number) => findBlock(page, height)?.era?.id
  expect([eraOf(0), eraOf(1), eraOf(10), eraOf(11)]).toEqual([undefined, 1, 2, undefined])
  expect(findFigures(page, 7)?.era).toEqual(chain.eras[2])
})

test('a page of one block, the first of a chain', () => {
  const genesis = buildBlock(0)
  const page = toBlockPage([genesis], null, [])
  expect(findBlock(page, 0)).toEqual({ block: genesis, previousTime: null, era: null })
})

test('a page with a hole is not made', () => {
  expect(() => toBlockPage([buildBlock(1), buildBlock(3)], null, [])).toThrow('Block 2 is missing')
  expect(() => toBlockPage([], null, [])).toThrow(RangeError)
  expect(() => toEraPage([buildEra(1), buildEra(3)])).toThrow('Era 2 is missing')
  expect(() => toTransferPage(0, 7, [])).toThrow('Era 7 is missing')
})

test('an amount that does not fit is refused, not cut', () => {
  expect(() => toBlockPage([buildBlock(1, { fees: 2n ** 128n })], null, [])).toThrow(RangeError)
})

test('bytes that were cut or grew are no page', () => {
  const { bytes } = toBlockPage(blocks, null, [])
  for (const wrong of [
    bytes.slice(0, -1),
    bytes.slice(0, 3),
    new Uint8Array(0),
    new Uint8Array([...bytes, 0]),
  ]) {
    expect(() => blockPageCodec.decode(wrong)).toThrow(RangeError)
  }
})

test('a page may stand anywhere in a larger buffer', () => {
  const { bytes } = toBlockPage(blocks, null, [])
  const larger = new Uint8Array(bytes.length + 13)
  larger.set(bytes, 13)
  const page = blockPageCodec.decode(larger.subarray(13))
  expect(findBlock(page, 5_000_123)?.block).toEqual(blocks[123])
})

test('a page of 1,024 busy blocks is between 100 and 250 KB', () => {
  const chain = makeChain({ eras: Array(5).fill(250), transfersPerBlock: 10 })
  const { bytes } = toBlockPage(chain.blocks.slice(0, 1_024), null, chain.eras.slice(0, 4))
  expect(bytes.length).toBeGreaterThan(100_000)
  expect(bytes.length).toBeLessThan(250_000)
})

test('an era page gives every era back', () => {
  const eras = Array.from({ length: 50 }, (_, index) =>
    buildEra(10_000 + index, {
      startHeight: random(2 ** 31),
      endHeight: random(3) ? random(2 ** 31) : null,
      end: random(2) ? 1_700_000_000_123 : null,
      minted: amount(),
      validatorsCount: random(2) ? 100 : null,
      validatorsWeight: random(2) ? amount() : null,
      supplyAdjustment: -amount(),
      feesBurned: random(2) === 1,
      circulating: random(2)
        ? { method: 'locked-list/3', total: amount(), validators: 0n, transfers: amount(), rewards: 1n }
        : null,
    }),
  )
  const page = eraPageCodec.decode(eraPageCodec.encode(toEraPage(eras)))
  for (const era of eras) expect(findEra(page, era.id)).toEqual(era)
  expect(findEra(page, 9_999)).toBe(null)
  expect(findEra(page, 10_050)).toBe(null)
})

test('a page of transfers gives each era its own, and only so many', () => {
  const of = (eraId: number, length: number) => ({
    eraId,
    count: length * 10,
    volume: amount(),
    top: Array.from({ length }, (_, ordinal) =>
      buildTransfer(eraId * 100, ordinal, {
        eraId,
        from: hashOf(random(10)),
        fromKey: random(2) ? keyOf(random(10)) : null,
        to: random(2) ? hashOf(random(10)) : null,
        toKey: random(2) ? longKeyOf(random(10)) : null,
        amount: amount(),
        id: random(2) ? 2n ** 64n - 1n : null,
      }),
    ),
  })
  const eras = [of(8, 200), of(9, 0), of(10, 3), of(15, 7)]
  const page = transferPageCodec.decode(transferPageCodec.encode(toTransferPage(8, 15, eras)))
  for (const era of eras) expect(findEraTransfers(page, era.eraId, 200)).toEqual(era)
  expect(findEraTransfers(page, 8, 5)?.top).toEqual(eras[0]!.top.slice(0, 5))
  expect(findEraTransfers(page, 10, 0)?.top).toEqual([])
  expect(findEraTransfers(page, 10, -28)?.top.length).toBe(2)
  expect(findEraTransfers(page, 11, 9)).toEqual({ eraId: 11, count: 0, volume: 0n, top: [] })
  expect(findEraTransfers(page, 16, 9)).toBe(null)
})
