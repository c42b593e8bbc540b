import { describe, expect, test } from 'vitest'
import type { ChainBlock } from '../../../crawler/decode/block.ts'
import { readBitmap, toCitations, toCitedOrder } from '../../../crawler/project/citations.ts'
import { countBlock, createEraSet, type EraSets, keepCitable } from '../../../crawler/project/era-set.ts'
import { SYSTEM_KEY } from '../../../src/domain/keys.ts'
import { SIGNATURE_REACH } from '../../../src/domain/reward.ts'
import { createRandom, keyOf, longKeyOf } from '../../support/builders.ts'

/** What counting looks at. */
function block(given: {
  height: number
  eraId: number
  generation?: 1 | 2
  proposer?: string
  rewardedSignatures?: Uint8Array[]
}): ChainBlock {
  return { generation: 2, proposer: SYSTEM_KEY, rewardedSignatures: [], ...given } as unknown as ChainBlock
}
const weights = (...validators: string[]) => validators.map((validator) => ({ validator, weight: 1n }))
const bits = (...bytes: number[]) => Uint8Array.from(bytes)
const cited = (sets: EraSets, era: number) =>
  Object.fromEntries(
    Array.from(sets.find(({ eraId }) => eraId === era)?.validators.values() ?? [], (row) => [
      row.validator,
      row.cited,
    ]),
  )

describe('bitmaps of citations', () => {
  test('name validators from the highest bit on, ed25519 first, as casper-types packs them', () => {
    // rewarded_signatures.rs, from_and_to_methods_match_in_a_simple_case: signers 2, 5, 6, 8 and 10 of 11.
    const order = toCitedOrder(Array.from({ length: 11 }, (_, i) => keyOf(i)))
    expect(readBitmap(bits(0b0010_0110, 0b1010_0000), order)).toEqual([2, 5, 6, 8, 10].map((i) => order[i]))
    expect(toCitedOrder([longKeyOf('a'), keyOf('b'), keyOf('a')]).at(-1)).toBe(longKeyOf('a'))
  })

  test('of another set name nobody', () => {
    const order = ['a', 'b', 'c'].map(keyOf)
    expect(readBitmap(bits(0b1110_0000), order)).toEqual(order)
    expect(readBitmap(bits(0b0001_0000), order)).toBeNull()
    expect(readBitmap(bits(0b1000_0000, 0), order)).toBeNull()
    expect(readBitmap(bits(), order)).toBeNull()
  })

  test('random ones give each signer once or nobody', () => {
    const random = createRandom(3)
    for (let round = 0; round < 2_000; round++) {
      const order = Array.from({ length: random(20) }, (_, i) => keyOf(i))
      const bytes = Uint8Array.from({ length: random(4) }, () => random(256))
      const found = readBitmap(bytes, order)
      if (found === null) continue
      expect(new Set(found).size).toBe(found.length)
      expect(found.length).toBe(
        [...bytes].join(' ') === ''
          ? 0
          : [...bytes].reduce((n, byte) => n + byte.toString(2).replaceAll('0', '').length, 0),
      )
    }
  })

  test('are about the blocks before, the nearest first; empty ones about nothing', () => {
    expect(toCitations({ height: 9, rewardedSignatures: [bits(128), bits(), bits(0), bits(64)] })).toEqual([
      { height: 8, bitmap: bits(128) },
      { height: 5, bitmap: bits(64) },
    ])
  })

  test('from before the chain, or from farther than rows are kept, are refused', () => {
    expect(() => toCitations({ height: 1, rewardedSignatures: [bits(1), bits(1)] })).toThrow(RangeError)
    const far = Array.from({ length: SIGNATURE_REACH + 1 }, () => bits(0))
    far[SIGNATURE_REACH] = bits(1)
    expect(() => toCitations({ height: 100, rewardedSignatures: far })).toThrow(
      'Block 100 cites signatures of 33',
    )
  })
})

describe('counting', () => {
  const [a, b, c] = toCitedOrder(['a', 'b', 'c'].map(keyOf)) as [string, string, string]

  test('puts a citation into the era of the block that was signed', () => {
    const before = { ...createEraSet(4, 90, weights(a, b)), lastHeight: 99 }
    const open: EraSets = [
      {
        ...before,
        validators: new Map([...before.validators].map(([key, row]) => [key, { ...row, cited: 5 }])),
      },
      createEraSet(5, 100, weights(b, c)),
    ]
    let sets = countBlock(open, block({ height: 100, eraId: 5, rewardedSignatures: [bits(128), bits(192)] }))
    sets = countBlock(sets, block({ height: 101, eraId: 5, rewardedSignatures: [bits(64)] }))
    expect(cited(sets, 4)).toEqual({ [a]: 7, [b]: 6 })
    expect(cited(sets, 5)).toEqual({ [b]: 0, [c]: 1 })
  })

  test('begins with the first Version2 block, also of an era that a 1.x block named', () => {
    const sets: EraSets = [
      { ...createEraSet(4, 90, weights(a)), lastHeight: 99 },
      createEraSet(5, 100, weights(a)),
    ]
    const after = countBlock(sets, block({ height: 100, eraId: 5, rewardedSignatures: [bits(128)] }))
    expect([cited(after, 4), cited(after, 5)]).toEqual([{ [a]: null }, { [a]: 0 }])
    const old = countBlock(sets, block({ height: 100, eraId: 5, generation: 1, proposer: a }))
    expect(cited(old, 5)).toEqual({ [a]: null })
    expect(old.at(-1)?.validators.get(a)?.proposed).toBe(1)
  })

  test('stops for an era whose set is not the one that signed', () => {
    const sets = [createEraSet(5, 100, weights(a, b))]
    const first = countBlock(sets, block({ height: 100, eraId: 5 }))
    const wrong = countBlock(first, block({ height: 101, eraId: 5, rewardedSignatures: [bits(0b0010_0000)] }))
    expect(cited(wrong, 5)).toEqual({ [a]: null, [b]: null })
    const later = countBlock(wrong, block({ height: 102, eraId: 5, rewardedSignatures: [bits(128)] }))
    expect(cited(later, 5)).toEqual({ [a]: null, [b]: null })
  })

  test('knows a proposer whose set no block named', () => {
    const sets = countBlock(
      [createEraSet(0, 0, [])],
      block({ height: 0, eraId: 0, generation: 1, proposer: a }),
    )
    expect(sets[0]?.validators.get(a)).toMatchObject({ weight: null, proposed: 1, cited: null })
  })

  test('keeps an era as long as the next block can cite it', () => {
    const sets = [{ ...createEraSet(4, 90, weights(a)), lastHeight: 99 }, createEraSet(5, 100, weights(a))]
    // Block 131 may cite 99, 32 before it; block 132 may not.
    expect(keepCitable(sets, 130)).toHaveLength(2)
    expect(keepCitable(sets, 131)).toHaveLength(1)
  })
})
