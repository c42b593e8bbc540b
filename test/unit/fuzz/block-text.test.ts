import { expect, test } from 'vitest'
import { toCompatibleBlock } from '../../../src/api/wire/to-compatible.ts'
import { toEtag } from '../../../src/lib/etag.ts'
import { blockPageCodec, toBlockPage } from '../../../src/read/block-page.ts'
import { toBlockText } from '../../../src/read/block-text.ts'
import { findFigures } from '../../../src/read/figures.ts'
import { buildBlock, buildEra, hashOf, keyOf, timeOf } from '../../support/builders.ts'
import { fuzz, mutateBytes, pick, type Random } from '../../support/fuzz.ts'

/** Amounts around each length that a page and a number's text have, and of any size between. */
function toAmount(random: Random): bigint {
  const power = pick([2n ** BigInt(random(126)), 10n ** BigInt(random(38))], random)
  return power + BigInt(random(3)) - 1n
}
const toCount = (random: Random, most: number) => pick([0, 1, 127, 128, random(most), most], random)
const orNull = <T>(value: T, random: Random) => (random(4) ? value : null)

test('a block written by hand is the JSON of the same block, with its ETag, whatever was written before it', async () => {
  await fuzz(3_000, (random, seed) => {
    const height = toCount(random, 2 ** 31)
    const eraId = toCount(random, 2 ** 31)
    const block = buildBlock(height, {
      hash: hashOf(seed),
      stateRootHash: hashOf(`state ${seed}`),
      eraId,
      time: pick(
        [0, timeOf(height % 1e6), 8_640_000_000_000_000, random(2 ** 31) * 1_000 + random(1_000)],
        random,
      ),
      proposer: keyOf(random(9)),
      isSwitch: random(2) === 1,
      counts: {
        transfers: toCount(random, 70_000),
        burns: toCount(random, 300),
        staking: toCount(random, 300),
        wasm: toCount(random, 300),
        failed: toCount(random, 300),
      },
      transfersCount: toCount(random, 2 ** 31),
      staked: toAmount(random),
      undelegated: toAmount(random),
      totalSupply: orNull(toAmount(random), random),
    })
    const era = buildEra(eraId, {
      validatorsWeight: orNull(toAmount(random), random),
      nextValidatorsWeight: orNull(toAmount(random), random),
      validatorsRewards: toAmount(random),
      delegatorsRewards: toAmount(random),
      rewardedValidators: toCount(random, 1_000),
      rewardedDelegators: toCount(random, 100_000),
      circulating: orNull(
        { method: 'm', total: toAmount(random), validators: 0n, transfers: 0n, rewards: 0n },
        random,
      ),
    })
    const previous = orNull(block.time - random(100_000), random)
    const found = findFigures(toBlockPage([block], previous, []), height)
    if (found === null) throw new Error('The page lost its block')
    const body = JSON.stringify([toCompatibleBlock(block, previous, era)])
    expect(toBlockText(found.figures, era)).toEqual({ text: body, etag: toEtag(body) })
  })
})

test('a page that was damaged gives its own block or none, and nothing of it to the next one', async () => {
  const page = toBlockPage([buildBlock(100), buildBlock(101)], null, [])
  const era = buildEra(0)
  const figuresOf = (bytes: Uint8Array) => findFigures(blockPageCodec.decode(bytes), 101)?.figures ?? null
  const whole = figuresOf(page.bytes)
  if (whole === null) throw new Error('The page lost its block')
  const text = toBlockText(whole, era)
  let refused = 0
  await fuzz(10_000, (random) => {
    try {
      const figures = figuresOf(mutateBytes(page.bytes, random))
      if (figures !== null) JSON.parse(toBlockText(figures, era).text)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      refused++
    }
    expect(toBlockText(whole, era)).toEqual(text)
  })
  expect(refused).toBeGreaterThan(1_000)
})
