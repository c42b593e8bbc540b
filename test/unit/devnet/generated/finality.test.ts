import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { expect, test } from 'vitest'
import { createGeneratedChain, type GeneratedChain } from '../../../../crawler/devnet/generated/chain.ts'
import { type SignersOf, toFinalityMessage } from '../../../../crawler/devnet/generated/finality.ts'
import type { Header } from '../../../../crawler/devnet/generated/header.ts'
import type { ChainName } from '../../../fixtures/recordings/recordings.ts'
import { type Json, recorded } from '../call.ts'
import { isValidProof } from './verify-proof.ts'

test.each<[ChainName, string]>([
  ['casper-1x', 'casper-recorded-1x'],
  ['casper-2x', 'casper-recorded-2x'],
  ['casper-upgrade', 'casper-recorded'],
])('%s: the message is what the recorded validators signed, with both kinds of keys', (name) => {
  const recording = recorded(name)
  const networkHash = bytesToHex(blake2b(utf8ToBytes(recording.name), { dkLen: 32 }))
  const checked = { '01': 0, '02': 0 }
  for (let height = recording.firstHeight; height <= recording.lastHeight; height += 7) {
    const block = recording.block(height)
    if (!block) continue
    const { block: bare, block_with_signatures: wrapped } = JSON.parse(block.answer.toString()) as Json
    const message = toFinalityMessage(
      { generation: block.version, height, eraId: block.eraId },
      block.hash,
      networkHash,
    )
    const other = toFinalityMessage(
      { generation: block.version, height, eraId: block.eraId + 1 },
      block.hash,
      networkHash,
    )
    for (const proof of (bare ?? wrapped).proofs) {
      expect(isValidProof(proof, message), `${height} ${proof.public_key}`).toBe(true)
      expect(isValidProof(proof, other)).toBe(false)
      checked[proof.public_key.slice(0, 2) as '01' | '02']++
    }
  }
  expect(checked['01']).toBeGreaterThan(100)
  expect(checked['02']).toBeGreaterThan(50)
})

/** Proofs of a block that OpenSSL accepts, and the share of the era's weight that they stand for. */
function signed(chain: GeneratedChain, header: Header): { valid: number; proofs: number; share: number } {
  const { place, hash, set } = header
  const message = toFinalityMessage(place, hash, chain.networkHash)
  const proofs = chain.proofs(header)
  const valid = proofs.filter((proof) => isValidProof(proof, message)).map(({ public_key: key }) => key)
  const weights = set.weights(place.eraId)
  const [held, total] = [(key: string) => valid.includes(key), () => true].map((counts) =>
    set.members.reduce((sum, { publicKey }, i) => (counts(publicKey) ? sum + Number(weights[i]) : sum), 0),
  ) as [number, number]
  return { valid: valid.length, proofs: proofs.length, share: held / total }
}

test.each([1, 2] as const)('generation %i: every validator signs every block, in key order', (generation) => {
  const chain = createGeneratedChain({ generation, validators: 7, blocksPerEra: 6 })
  for (let height = 0; height < 40; height++) {
    expect(signed(chain, chain.header(height))).toEqual({ valid: 7, proofs: 7, share: 1 })
  }
  const keys = chain.proofs(chain.header(9)).map(({ public_key: key }) => key)
  expect(keys).toEqual(keys.toSorted())
  expect(new Set(keys.map((key) => key.slice(0, 2)))).toEqual(new Set(['01', '02']))
})

test('secp256k1 signatures have the lower s, as nodes want it', () => {
  const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
  const chain = createGeneratedChain()
  const values = Array.from({ length: 60 }, (_, height) => chain.proofs(chain.header(height)))
    .flat()
    .filter(({ signature }) => signature.startsWith('02'))
    .map(({ signature }) => BigInt(`0x${signature.slice(-64)}`))
  expect(values.length).toBe(60)
  expect(values.every((s) => s <= order / 2n)).toBe(true)
})

test.each<[SignersOf, (share: number) => boolean]>([
  ['enough', (share) => share > 2 / 3 && share < 1],
  ['none', (share) => share === 0],
  [0.5, (share) => share > 0.2 && share <= 0.5],
  [0.66, (share) => share > 0.4 && share <= 0.66],
  ['forged', (share) => share === 0],
])('blocks signed by %s hold that share of the weight, and only the heights asked for', (signers, fits) => {
  const chain = createGeneratedChain({
    validators: 9,
    signers: (height) => (height === 25 ? signers : 'all'),
  })
  expect(signed(chain, chain.header(24)).share).toBe(1)
  expect(signed(chain, chain.header(26)).share).toBe(1)
  const { share, proofs } = signed(chain, chain.header(25))
  expect(fits(share), `${share}`).toBe(true)
  if (signers === 'forged') expect(proofs).toBe(9)
})

test('a restart block is signed by validators that no block before it named', () => {
  const chain = createGeneratedChain({ validatorChanges: [{ at: 30, validators: 6 }] })
  const restart = chain.header(30)
  const named = chain.header(29).eraEnd?.nextSet.members.map(({ publicKey }) => publicKey) ?? []
  expect(chain.header(29).place.isSwitch).toBe(true)
  expect(signed(chain, restart)).toEqual({ valid: 6, proofs: 6, share: 1 })
  const signers = chain.proofs(restart).map(({ public_key: key }) => key)
  expect(signers.filter((key) => !named.includes(key)).length).toBeGreaterThan(2)
  expect(restart.eraEnd?.nextSet.members.map(({ publicKey }) => publicKey)).toEqual(signers)
})
