import { expect, test } from 'vitest'
import { DamagedError, type Entry } from '../../../src/cache/cache.ts'
import { decodeEntry, encodeEntry } from '../../../src/cache/entry.ts'
import { seal, unseal } from '../../../src/cache/seal.ts'
import { blockPageCodec, findBlock, toBlockPage } from '../../../src/read/block-page.ts'
import { buildBlock, buildEra, timeOf } from '../../support/builders.ts'
import { fuzz, mutateBytes } from '../../support/fuzz.ts'

const blocks = Array.from({ length: 40 }, (_, index) =>
  buildBlock(100 + index, { fees: 10n ** BigInt(index % 38) }),
)
const bytes = toBlockPage(blocks, timeOf(99), [buildEra(0)]).bytes
const entry = { bytes, storedAt: 1, freshUntil: 2, staleUntil: 3, errorUntil: 4, tags: ['block', 'era'] }

test('an entry that was cut or damaged in a tier is refused', async () => {
  const key = 'casper-0a1b2c3d/b1/blocks/0'
  const whole = encodeEntry(seal(key, entry))
  await fuzz(5_000, (random) => {
    const mutated = mutateBytes(whole, random)
    if (mutated.equals(whole)) return
    try {
      const decoded = decodeEntry(mutated)
      if (decoded === null) return
      unseal(key, decoded)
    } catch (error) {
      if (error instanceof DamagedError) return
      throw error
    }
    throw new Error('taken for whole')
  })
  expect(unseal(key, decodeEntry(whole) as Entry)).toEqual(bytes)
  expect(() => unseal('casper-0a1b2c3d/b1/blocks/1', decodeEntry(whole) as Entry)).toThrow(DamagedError)
})

test('a page that was cut or damaged is refused, or ends where it ends', async () => {
  let refused = 0
  await fuzz(5_000, (random) => {
    try {
      const page = blockPageCodec.decode(mutateBytes(bytes, random))
      for (const { height } of blocks) findBlock(page, height)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      refused++
    }
  })
  expect(refused).toBeGreaterThan(500)
})
