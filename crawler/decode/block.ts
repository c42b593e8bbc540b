import type { Hash } from '../../src/domain/hash.ts'
import type { PublicKey } from '../../src/domain/keys.ts'
import type { Motes } from '../../src/domain/motes.ts'
import type { Ms } from '../../src/domain/time.ts'
import { Field } from './field.ts'
import { FinalitySignatures } from './signatures.ts'

/** Which deploy or transaction stands at a place of a block's body. */
export interface TransactionRef {
  readonly hash: Hash
  readonly format: 'deploy' | 'transaction'
  /** null in 1.x */
  readonly lane: number | null
}

export interface Weight {
  readonly validator: PublicKey
  readonly weight: Motes
}

interface EraEnd {
  readonly equivocators: readonly PublicKey[]
  readonly inactive: readonly PublicKey[]
  /** Of the next era, as listed. */
  readonly weights: readonly Weight[]
}

/** 1.x: rewards are consensus scores, not motes. */
export interface EraEndV1 extends EraEnd {
  readonly scores: readonly { readonly validator: PublicKey; readonly score: bigint }[]
}

/** 2.x: motes; entry k of a validator's list is for the era k eras ago. */
export interface EraEndV2 extends EraEnd {
  readonly rewards: readonly { readonly validator: PublicKey; readonly amounts: readonly Motes[] }[]
  readonly nextEraGasPrice: number
}

interface Header {
  readonly hash: Hash
  readonly parentHash: Hash
  readonly stateRootHash: Hash
  readonly bodyHash: Hash
  readonly randomBit: boolean
  readonly accumulatedSeed: Hash
  readonly time: Ms
  readonly eraId: number
  readonly height: number
  readonly protocolVersion: string
  readonly proposer: PublicKey
  /** Deploys and transactions in the order of the body. */
  readonly transactions: readonly TransactionRef[]
  /** Outside of what the hashes cover. */
  readonly signatures: FinalitySignatures
}

export interface BlockV1 extends Header {
  readonly generation: 1
  readonly eraEnd: EraEndV1 | null
  readonly deployHashes: readonly Hash[]
  readonly transferHashes: readonly Hash[]
}

export interface BlockV2 extends Header {
  readonly generation: 2
  readonly eraEnd: EraEndV2 | null
  readonly gasPrice: number
  readonly lastSwitchBlockHash: Hash | null
  /** Lanes ascending. */
  readonly lanes: readonly { readonly lane: number; readonly refs: readonly TransactionRef[] }[]
  readonly rewardedSignatures: readonly Uint8Array[]
}

/** A block as the chain has it: everything that its hashes cover, and who signed it. */
export type ChainBlock = BlockV1 | BlockV2

/** In its one form: a hash holds the numbers alone, and would let `2.00.3` pass for `2.0.3`. */
const VERSION = /^(0|[1-9]\d{0,8})(\.(0|[1-9]\d{0,8})){2}$/

/**
 * Result of `chain_get_block`: a 1.x node's `block`, or the sidecar's `block_with_signatures` around Version1 or
 * Version2. null when the node says it has no block (`block: null` of old nodes).
 * @throws {DecodeFault}
 */
export function parseBlock(result: Field): ChainBlock | null {
  const wrapped = result.find('block_with_signatures')
  if (wrapped !== null) {
    const [version, block] = wrapped.get('block').variant()
    const signatures = new FinalitySignatures(wrapped.find('proofs')?.alone() ?? null)
    if (version === 'Version1') return parseV1(block, signatures)
    if (version === 'Version2') return parseV2(block, signatures)
    throw wrapped.get('block').fault('Version1 or Version2')
  }
  const bare = result.get('block')
  return bare.isNull() ? null : parseV1(bare, new FinalitySignatures(bare.find('proofs')?.alone() ?? null))
}

function parseHeader(block: Field) {
  const header = block.get('header')
  const version = header.get('protocol_version')
  if (!VERSION.test(version.text())) throw version.fault('a protocol version such as 2.0.3')
  return {
    hash: block.get('hash').hash(),
    parentHash: header.get('parent_hash').hash(),
    stateRootHash: header.get('state_root_hash').hash(),
    bodyHash: header.get('body_hash').hash(),
    randomBit: header.get('random_bit').bool(),
    accumulatedSeed: header.get('accumulated_seed').hash(),
    time: header.get('timestamp').time(),
    eraId: header.get('era_id').int(),
    height: header.get('height').int(),
    protocolVersion: version.text(),
  }
}

function parseKeys(list: Field): PublicKey[] {
  return list.list().map((key) => key.key())
}

function parseWeights(list: Field): Weight[] {
  return list
    .list()
    .map((item) => ({ validator: item.get('validator').key(), weight: item.get('weight').motes() }))
}

function parseV1(block: Field, signatures: FinalitySignatures): BlockV1 {
  const eraEnd = block.get('header').find('era_end')
  const report = eraEnd?.get('era_report')
  const body = block.get('body')
  const deployHashes = body
    .get('deploy_hashes')
    .list()
    .map((hash) => hash.hash())
  const transferHashes = body
    .get('transfer_hashes')
    .list()
    .map((hash) => hash.hash())
  return {
    generation: 1,
    ...parseHeader(block),
    eraEnd:
      eraEnd && report
        ? {
            equivocators: parseKeys(report.get('equivocators')),
            inactive: parseKeys(report.get('inactive_validators')),
            weights: parseWeights(eraEnd.get('next_era_validator_weights')),
            scores: report
              .get('rewards')
              .list()
              .map((item) => ({ validator: item.get('validator').key(), score: item.get('amount').u64() })),
          }
        : null,
    signatures,
    proposer: body.get('proposer').key(),
    deployHashes,
    transferHashes,
    transactions: [...deployHashes, ...transferHashes].map((hash) => ({
      hash,
      format: 'deploy',
      lane: null,
    })),
  }
}

function parseV2(block: Field, signatures: FinalitySignatures): BlockV2 {
  const header = block.get('header')
  const eraEnd = header.find('era_end')
  const body = block.get('body')
  const lanes = body
    .get('transactions')
    .entries()
    .map(([name, refs]) => {
      if (!/^\d{1,3}$/.test(name) || Number(name) > 255) throw refs.fault('a lane from 0 to 255')
      return { lane: Number(name), refs: refs.list().map((ref) => parseRef(ref, Number(name))) }
    })
    .sort((a, b) => a.lane - b.lane)
  return {
    generation: 2,
    ...parseHeader(block),
    eraEnd: eraEnd && {
      equivocators: parseKeys(eraEnd.get('equivocators')),
      inactive: parseKeys(eraEnd.get('inactive_validators')),
      weights: parseWeights(eraEnd.get('next_era_validator_weights')),
      rewards: eraEnd
        .get('rewards')
        .entries()
        .map(([validator, amounts]) => ({
          validator: new Field(validator, `${amounts.path} (name)`).key(),
          amounts: amounts.list().map((amount) => amount.motes()),
        })),
      nextEraGasPrice: eraEnd.get('next_era_gas_price').int(255),
    },
    signatures,
    proposer: header.get('proposer').key(),
    gasPrice: header.get('current_gas_price').int(255),
    lastSwitchBlockHash: header.find('last_switch_block_hash')?.hash() ?? null,
    lanes,
    rewardedSignatures: body
      .get('rewarded_signatures')
      .list()
      .map((bitmap) => Uint8Array.from(bitmap.list(), (byte) => byte.int(255))),
    transactions: lanes.flatMap(({ refs }) => refs),
  }
}

function parseRef(ref: Field, lane: number): TransactionRef {
  const [format, hash] = ref.variant()
  if (format === 'Deploy') return { hash: hash.hash(), format: 'deploy', lane }
  if (format === 'Version1') return { hash: hash.hash(), format: 'transaction', lane }
  throw ref.fault('Deploy or Version1')
}
