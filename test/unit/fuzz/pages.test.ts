import { expect, test } from 'vitest'
import { decodeEntry, encodeEntry } from '../../../src/cache/entry.ts'
import { blockPageCodec, findBlock, toBlockPage } from '../../../src/read/block-page.ts'
import { buildBlock, buildEra, timeOf } from '../../support/builders.ts'
import { fuzz, mutateBytes } from '../../support/fuzz.ts'

const blocks = Array.from({ length: 40 }, (_, index) =>
  buildBlock(100 + index, { fees: 10n ** BigInt(index % 38) }),
)
const bytes = toBlockPage(blocks, timeOf(99), [buildEra(0)]).bytes
const entry = { bytes, storedAt: 1, freshUntil: 2, staleUntil: 3, errorUntil: 4, tags: ['block', 'era'] }

test('an entry that was cut or damaged in a tier is a miss, or whole in its length', async () => {
  const whole = encodeEntry(entry)
  await fuzz(5_000, (random) => {
    const decoded = decodeEntry(mutateBytes(whole, random))
    if (decoded === null) return
    expect(decoded.bytes).toHaveLength(bytes.length)
  })
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
