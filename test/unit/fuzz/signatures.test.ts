import { expect, test } from 'vitest'
import { DecodeFault, Field } from '../../../crawler/decode/field.ts'
import { FinalitySignatures } from '../../../crawler/decode/signatures.ts'
import { fuzz, mutate, pick } from '../../support/fuzz.ts'
import { readAnswers } from './recorded.ts'

interface Answer {
  readonly block_with_signatures?: { readonly proofs: unknown }
  readonly block?: { readonly proofs: unknown }
}

/** Whoever signed: the list beside a block, in the form of each generation of nodes. */
const lists = [
  ...readAnswers('casper-upgrade', ['chain_get_block'], 20),
  ...readAnswers('casper-1x', ['chain_get_block'], 20),
].flatMap(({ value }) => {
  const { block_with_signatures, block } = value as Answer
  const proofs = block_with_signatures?.proofs ?? block?.proofs
  return Array.isArray(proofs) && proofs.length > 0 ? [{ proofs }] : []
})

const KEY = /^(01[0-9a-f]{64}|02[0-9a-f]{66})$/
const SIGNATURE = /^[0-9a-f]{128}$/

test('signatures changed anywhere are those that are there, each of its key, or refused with the place', async () => {
  let refused = 0
  let decoded = 0
  await fuzz(4_000, (random) => {
    const { value } = mutate(pick(lists, random), random)
    const proofs = (value as { proofs?: unknown }).proofs
    try {
      const signatures = new FinalitySignatures(new Field(value, 'answer').get('proofs')).parse()
      decoded++
      const told = signatures.map(({ validator, signature }) => {
        expect(validator).toMatch(KEY)
        expect(signature).toMatch(SIGNATURE)
        return { public_key: validator, signature: validator.slice(0, 2) + signature }
      })
      const given = proofs as readonly { public_key: string; signature: string }[]
      expect(told).toEqual(
        given.map(({ public_key, signature }) => ({
          public_key: public_key.toLowerCase(),
          signature: signature.toLowerCase(),
        })),
      )
    } catch (error) {
      if (!(error instanceof DecodeFault)) throw error
      expect(error.message).toMatch(/^answer.*: expected .+, got /s)
      expect(error.message.length).toBeLessThan(500)
      refused++
    }
  })
  expect(lists.length).toBeGreaterThan(20)
  expect(refused).toBeGreaterThan(500)
  expect(decoded).toBeGreaterThan(200)
})
