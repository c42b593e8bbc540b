import { isDeepStrictEqual } from 'node:util'
import { expect, test } from 'vitest'
import { type ChainBlock, parseBlock } from '../../../crawler/decode/block.ts'
import { DecodeFault, Field } from '../../../crawler/decode/field.ts'
import { VerifyFault, verifyBlock } from '../../../crawler/verify/verify.ts'
import { fuzz, mutate, pick } from '../../support/fuzz.ts'
import { readAnswers } from './recorded.ts'

const read = (value: unknown) => parseBlock(new Field(value, 'chain_get_block'))

/** Ordinary and switch blocks of both generations, the older ones in the form of their own node too. */
const answers = [
  ...readAnswers('casper-upgrade', ['chain_get_block'], 60),
  ...readAnswers('casper-upgrade', ['chain_get_block'], 20, 'rpc-1x-node.jsonl'),
].map(({ value }) => ({ value, block: read(value) as ChainBlock }))

test('a block changed anywhere under its hashes is refused, with its place or its height and both hashes', async () => {
  let faults = 0
  let refused = 0
  let same = 0
  await fuzz(9_000, (random) => {
    const { value, block } = pick(answers, random)
    const mutation = mutate(value, random)
    let mutated: ChainBlock | null
    try {
      mutated = read(mutation.value)
      if (mutated !== null) verifyBlock(mutated, block.height)
    } catch (error) {
      if (error instanceof DecodeFault) {
        expect(error.message).toMatch(/^chain_get_block.*: expected .+, got /s)
        expect(error.message.length).toBeLessThan(500)
        faults++
      } else if (error instanceof VerifyFault) {
        expect(error.height).toBe(block.height)
        expect(error.got).not.toBe(error.expected)
        refused++
      } else throw error
      return
    }
    if (mutated === null) {
      // "No such block": what asks goes on to another node.
      expect([mutation.where.join('.'), mutation.put]).toEqual(['block', null])
      return
    }
    // Order is no content of maps that a node writes as lists: they are hashed in the order of their keys.
    if (isDeepStrictEqual(sorted(mutated), sorted(block))) same++
    else throw new Error(`accepted: ${mutation.where.join('.')} = ${JSON.stringify(mutation.put, toText)}`)
  })
  // The test would say nothing if one of the ways out were never taken.
  expect(faults).toBeGreaterThan(500)
  expect(refused).toBeGreaterThan(400)
  expect(same).toBeGreaterThan(400)
})

const toText = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}` : value)

function sorted(block: ChainBlock): unknown {
  const byKey = <T extends { validator: string }>(list: readonly T[]) =>
    list.toSorted((a, b) => (a.validator < b.validator ? -1 : 1))
  const { signatures: _, eraEnd, ...rest } = block
  if (eraEnd === null) return rest
  const end = Object.entries(eraEnd).map(([name, list]) => [
    name,
    name === 'weights' || name === 'rewards' || name === 'scores' ? byKey(list) : list,
  ])
  return { ...rest, eraEnd: Object.fromEntries(end) }
}
