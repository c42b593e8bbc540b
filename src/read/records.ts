import type { Block, Counts } from '../domain/block.ts'
import type { Circulating, Era } from '../domain/era.ts'
import type { Transfer } from '../domain/transfer.ts'
import { count, flag, hash, implied, motes, nullable, oneOf, record, time, word } from './pack.ts'

/*
 * The chain's nouns as they are packed. Anything that changes here changes the version of every layout that has it.
 */

const counts = record<Counts>({
  transfers: count,
  burns: count,
  staking: count,
  wasm: count,
  failed: count,
})

/**
 * Up to `totalSupply` this is what the compatible answers show, and `figures.ts` reads it by hand in this order;
 * the first two are what the next block of a page needs.
 */
const blockMembers = {
  time,
  hash,
  stateRootHash: hash,
  eraId: count,
  isSwitch: flag,
  counts,
  staked: motes,
  undelegated: motes,
  totalSupply: nullable(motes),
  generation: oneOf([1, 2]),
  protocolVersion: word,
  proposer: word,
  gasPrice: count,
  lanes: word,
  transfersCount: count,
  transfersVolume: motes,
  fees: motes,
  burned: motes,
} as const

/** A block that stands alone. */
export const block = record<Block>({ ...blockMembers, height: count, parentHash: hash })

/** A block of a page: its place tells the height, its neighbour is the parent. */
export const blockOfPage = record<Block>({ ...blockMembers, height: implied(0), parentHash: implied('') })

/** How each block of a page begins. */
export const startOfPage = record<Pick<Block, 'time' | 'hash'>>({ time, hash })

const circulating = record<Circulating>({
  method: word,
  total: motes,
  validators: motes,
  transfers: motes,
  rewards: motes,
})

const eraMembers = {
  startHeight: count,
  endHeight: nullable(count),
  start: time,
  end: nullable(time),
  protocolVersion: word,
  blocksCount: count,
  counts,
  transfersCount: count,
  transfersVolume: motes,
  staked: motes,
  undelegated: motes,
  fees: motes,
  burned: motes,
  minted: motes,
  sustained: nullable(motes),
  validatorsCount: nullable(count),
  validatorsWeight: nullable(motes),
  nextValidatorsWeight: nullable(motes),
  validatorsRewards: motes,
  delegatorsRewards: motes,
  rewardedValidators: count,
  rewardedDelegators: count,
  totalSupply: nullable(motes),
  supplyAdjustment: motes,
  declaredAdjustment: motes,
  feesBurned: flag,
  circulating: nullable(circulating),
} as const

/** An era that stands alone. */
export const era = record<Era>({ ...eraMembers, id: count })

/** An era of a page: its place tells the id. */
export const eraOfPage = record<Era>({ ...eraMembers, id: implied(0) })

/** Accounts, keys and purses return: each is kept once a page. */
export const transfer = record<Transfer>({
  height: count,
  ordinal: count,
  eraId: count,
  time,
  transactionHash: hash,
  from: word,
  fromKey: nullable(word),
  to: nullable(word),
  toKey: nullable(word),
  source: word,
  target: word,
  amount: motes,
  id: nullable(motes),
  auction: flag,
})
