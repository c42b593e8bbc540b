import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import type { BlockV1, BlockV2, ChainBlock, Weight } from '../../crawler/decode/block.ts'
import { Field } from '../../crawler/decode/field.ts'
import { type FinalitySignature, FinalitySignatures } from '../../crawler/decode/signatures.ts'
import { toBlockHash, toBodyHash } from '../../crawler/verify/block-hash.ts'
import { toSignedBytes } from '../../crawler/verify/signature.ts'
import type { Motes } from '../../src/domain/motes.ts'
import { hashOf } from './builders.ts'

/** A validator that can sign. The same name makes the same keys. */
export interface Signer {
  readonly validator: string
  sign(message: Buffer): string
}

const ED25519_SECRET = '302e020100300506032b657004220420'
const SECP256K1_SECRET = '302e0201010420'
const SECP256K1_OID = 'a00706052b8104000a'

export function createSigner(name: string | number, algorithm: 'ed25519' | 'secp256k1' = 'ed25519'): Signer {
  const secret = hashOf(`secret ${name}`)
  if (algorithm === 'ed25519') {
    const key = createPrivateKey({
      key: Buffer.from(ED25519_SECRET + secret, 'hex'),
      format: 'der',
      type: 'pkcs8',
    })
    return {
      validator: `01${toCoordinate(key, 'x')}`,
      sign: (message) => sign(null, message, key).toString('hex'),
    }
  }
  const der = Buffer.from(SECP256K1_SECRET + secret + SECP256K1_OID, 'hex')
  const key = createPrivateKey({ key: der, format: 'der', type: 'sec1' })
  const isOdd = Number.parseInt(toCoordinate(key, 'y').slice(-2), 16) % 2 === 1
  return {
    validator: `02${isOdd ? '03' : '02'}${toCoordinate(key, 'x')}`,
    sign: (message) => sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }).toString('hex'),
  }
}

function toCoordinate(secret: KeyObject, name: 'x' | 'y'): string {
  const jwk = createPublicKey(secret).export({ format: 'jwk' })
  return Buffer.from(jwk[name] ?? '', 'base64url').toString('hex')
}

export interface SignedBlock {
  readonly height: number
  readonly parent: ChainBlock | null
  readonly eraId: number
  /** Names the next era's set: the block is a switch block. */
  readonly next?: readonly Weight[]
  readonly generation?: 1 | 2
  readonly protocolVersion?: string
  readonly network?: string
  readonly signers?: readonly Signer[]
}

export const NETWORK_NAME = 'casper-signed'

/** A block whose hashes are right, signed by these. */
export function buildSigned(given: SignedBlock): ChainBlock {
  const { height, parent, eraId, next, generation = 2, network = NETWORK_NAME, signers = [] } = given
  const header = {
    hash: '',
    parentHash: parent?.hash ?? '0'.repeat(64),
    stateRootHash: hashOf(`state ${height}`),
    bodyHash: '',
    randomBit: true,
    accumulatedSeed: hashOf(`seed ${height}`),
    time: 1_617_148_800_000 + height * 16_384,
    eraId,
    height,
    protocolVersion: given.protocolVersion ?? (generation === 1 ? '1.5.8' : '2.0.3'),
    proposer: createSigner('proposer').validator,
    transactions: [],
    signatures: new FinalitySignatures(null),
  }
  const end = next && { equivocators: [], inactive: [], weights: next }
  const bare: ChainBlock =
    generation === 1
      ? ({
          ...header,
          generation,
          eraEnd: end ? { ...end, scores: [] } : null,
          deployHashes: [],
          transferHashes: [],
        } satisfies BlockV1)
      : ({
          ...header,
          generation,
          eraEnd: end ? { ...end, rewards: [], nextEraGasPrice: 1 } : null,
          gasPrice: 1,
          lastSwitchBlockHash: hashOf('switch'),
          lanes: [],
          rewardedSignatures: [],
        } satisfies BlockV2)
  const withBody = { ...bare, bodyHash: toBodyHash(bare) }
  const block = { ...withBody, hash: toBlockHash(withBody) }
  return withSignatures(block, signAll(block, signers, network))
}

export function signAll(
  block: ChainBlock,
  signers: readonly Signer[],
  network = NETWORK_NAME,
): FinalitySignature[] {
  const message = toSignedBytes(block, network)
  return signers.map((signer) => ({ validator: signer.validator, signature: signer.sign(message) }))
}

/** The same block with other proofs beside it. */
export function withSignatures(block: ChainBlock, signatures: readonly FinalitySignature[]): ChainBlock {
  const proofs = signatures.map(({ validator, signature }) => ({
    public_key: validator,
    signature: validator.slice(0, 2) + signature,
  }))
  return { ...block, signatures: new FinalitySignatures(new Field(proofs, 'proofs')) }
}

export function weigh(signers: readonly Signer[], weights: readonly Motes[]): Weight[] {
  return signers.map(({ validator }, index) => ({ validator, weight: weights[index] ?? 1n }))
}
