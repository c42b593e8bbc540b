import type { Place } from './eras.ts'
import type { EraRewards } from './rewards.ts'
import type { ValidatorSet } from './validators.ts'
import { Writer } from './writer.ts'

/** All that the next block takes over from one. */
export interface Link {
  readonly hash: string
  readonly accumulatedSeed: string
  /** Hash of the last switch block, this one included; null before genesis. */
  readonly switchHash: string | null
  /** Total supply after the block, and after the last switch block, in motes. */
  readonly supply: bigint
  readonly eraSupply: bigint
}

export interface EraEnd {
  readonly nextSet: ValidatorSet
  /** Of the next era, in the order of `nextSet`. */
  readonly nextWeights: readonly bigint[]
  /** null at genesis and immediate switch blocks, which pay nothing. */
  readonly rewards: EraRewards | null
}

/** What a header's hash covers, its body's too. */
export interface Contents {
  readonly place: Place
  readonly set: ValidatorSet
  readonly parentHash: string
  readonly stateRootHash: string
  readonly randomBit: boolean
  readonly proposer: string
  /** In the order of the body. */
  readonly transactions: readonly string[]
  /** Of each of them: its number among the transfers that are drawn for the height. */
  readonly draws: readonly number[]
  /** 2.x: who signed the block before, as a bitmap; null at genesis and immediate switch blocks. */
  readonly bitmap: readonly number[] | null
  readonly eraEnd: EraEnd | null
  /** Hash of the switch block before this one. */
  readonly lastSwitchHash: string | null
}

export interface Header extends Contents, Link {
  readonly bodyHash: string
  readonly supplyBefore: bigint
}

const writer = new Writer()
/** Bodies without transactions repeat, by proposer (1.x) or bitmap (2.x). */
const emptyBodies = new Map<string, string>()
const MOST_BODIES = 10_000

/** Hash of a body. The proposer is in it in 1.x only. */
export function toBodyHash(contents: Contents): string {
  const { transactions, place, proposer, bitmap } = contents
  if (transactions.length > 0) return hashBody(contents)
  const key = place.generation === 1 ? proposer : String(bitmap)
  let hash = emptyBodies.get(key)
  if (hash === undefined) {
    if (emptyBodies.size >= MOST_BODIES) emptyBodies.clear()
    hash = hashBody(contents)
    emptyBodies.set(key, hash)
  }
  return hash
}

function hashBody({ place, proposer, transactions, bitmap }: Contents): string {
  writer.clear()
  if (place.generation === 1) {
    // All of them are native transfers: the list of other deploys is empty.
    writer.hex(proposer).u32(0).u32(transactions.length)
    for (const hash of transactions) writer.hex(hash)
    return writer.digest()
  }
  // One lane, 0, of Version1 transactions (tag 1).
  writer.u32(transactions.length > 0 ? 1 : 0)
  if (transactions.length > 0) writer.u8(0).u32(transactions.length)
  for (const hash of transactions) writer.u8(1).hex(hash)
  writer.u32(bitmap === null ? 0 : 1)
  if (bitmap !== null) writer.u32(bitmap.length)
  for (const byte of bitmap ?? []) writer.u8(byte)
  return writer.digest()
}

/** 1.x and 2.x: the hash of the parent's seed and the block's random bit. */
export function toAccumulatedSeed(parentSeed: string, randomBit: boolean): string {
  return writer
    .clear()
    .hex(parentSeed)
    .u8(randomBit ? 1 : 0)
    .digest()
}

/** Hash of a header: casper-node 1.5.8, `node/src/types/block.rs`; casper-types 6, `BlockHeaderV2`. */
export function toHash(contents: Contents, bodyHash: string, accumulatedSeed: string): string {
  const { place, parentHash, stateRootHash, randomBit, eraEnd, proposer, lastSwitchHash } = contents
  writer.clear().hex(parentHash).hex(stateRootHash).hex(bodyHash)
  writer
    .u8(randomBit ? 1 : 0)
    .hex(accumulatedSeed)
    .u8(eraEnd === null ? 0 : 1)
  if (eraEnd !== null) (place.generation === 1 ? writeEraEnd1 : writeEraEnd2)(contents, eraEnd)
  writer.u64(place.time).u64(place.eraId).u64(place.height)
  for (const part of place.protocolVersion.split('.')) writer.u32(Number(part))
  if (place.generation === 2) {
    writer.hex(proposer).u8(GAS_PRICE)
    writer.u8(lastSwitchHash === null ? 0 : 1)
    if (lastSwitchHash !== null) writer.hex(lastSwitchHash)
  }
  return writer.digest()
}

export const GAS_PRICE = 1

/** No equivocators, scores by validator, nobody inactive, weights. */
function writeEraEnd1({ set }: Contents, eraEnd: EraEnd): void {
  const scores = eraEnd.rewards?.scores ?? []
  writer.u32(0).u32(scores.length)
  for (const [i, score] of scores.entries()) writer.hex(set.members[i]?.publicKey ?? '').score(score)
  writer.u32(0)
  writeWeights(eraEnd)
}

/** No equivocators, nobody inactive, weights, then motes by validator and the next gas price. */
function writeEraEnd2({ set }: Contents, eraEnd: EraEnd): void {
  const all = eraEnd.rewards?.amounts ?? []
  writer.u32(0).u32(0)
  writeWeights(eraEnd)
  writer.u32(all.length)
  for (const [i, amounts] of all.entries()) {
    writer.hex(set.members[i]?.publicKey ?? '').u32(amounts.length)
    for (const amount of amounts) writer.u512(amount)
  }
  writer.u8(GAS_PRICE)
}

function writeWeights({ nextSet, nextWeights }: EraEnd): void {
  writer.u32(nextWeights.length)
  for (const [i, weight] of nextWeights.entries()) {
    writer.hex(nextSet.members[i]?.publicKey ?? '').u512(weight)
  }
}
