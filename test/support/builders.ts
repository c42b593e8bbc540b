import { blake2b } from '@noble/hashes/blake2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import { type Block, NO_COUNTS } from '../../src/domain/block.ts'
import type { Era } from '../../src/domain/era.ts'
import type { Hash } from '../../src/domain/hash.ts'
import type { Party, PublicKey } from '../../src/domain/keys.ts'
import type { Network } from '../../src/domain/network.ts'
import { HOUR, type HourlyPrice } from '../../src/domain/price.ts'
import type { StakeMovement, Transaction } from '../../src/domain/transaction.ts'
import type { Transfer } from '../../src/domain/transfer.ts'

/* Small makers of rows: plain values, each of which a test may replace. Names become hashes, so that failures read well. */

/** The same 32 bytes for the same name, different ones for different names. */
export const hashOf = (name: string | number): Hash =>
  bytesToHex(blake2b(utf8ToBytes(`hash ${name}`), { dkLen: 32 }))

export const keyOf = (name: string | number): PublicKey => `01${hashOf(`key ${name}`)}`

/** A secp256k1 key: the longest there is. */
export const longKeyOf = (name: string | number): PublicKey => `0203${hashOf(`long ${name}`)}`

export const key = (name: string | number): Party => ({ kind: 'key', key: keyOf(name) })

export const account = (name: string | number): Party => ({ kind: 'account', hash: hashOf(name) })

export const purse = (name: string | number): Party => ({ kind: 'purse', purse: hashOf(`purse ${name}`) })

export const purseOf = (name: string | number): string => hashOf(`purse ${name}`)

export const blockHash = (height: number): Hash => hashOf(`block ${height}`)

export const NETWORK: Network = { name: 'casper-test-chain', genesisHash: blockHash(0), firstHeight: 0 }

/** 2021-03-31T00:00:00Z, and 16.384 s for each height. */
export const timeOf = (height: number): number => 1_617_148_800_000 + height * 16_384

export function buildBlock(height: number, given: Partial<Block> = {}): Block {
  return {
    height,
    hash: blockHash(height),
    parentHash: height === 0 ? '0'.repeat(64) : blockHash(height - 1),
    stateRootHash: hashOf(`state ${height}`),
    eraId: 0,
    time: timeOf(height),
    generation: 2,
    protocolVersion: '2.0.0',
    proposer: keyOf('proposer'),
    isSwitch: false,
    gasPrice: 1,
    counts: NO_COUNTS,
    lanes: '',
    transfersCount: 0,
    transfersVolume: 0n,
    staked: 0n,
    undelegated: 0n,
    fees: 0n,
    burned: 0n,
    totalSupply: null,
    ...given,
  }
}

export function buildEra(id: number, given: Partial<Era> = {}): Era {
  return {
    id,
    startHeight: 0,
    endHeight: null,
    start: timeOf(0),
    end: null,
    protocolVersion: '2.0.0',
    blocksCount: 0,
    counts: NO_COUNTS,
    transfersCount: 0,
    transfersVolume: 0n,
    staked: 0n,
    undelegated: 0n,
    fees: 0n,
    burned: 0n,
    minted: 0n,
    sustained: 0n,
    validatorsCount: null,
    validatorsWeight: null,
    nextValidatorsWeight: null,
    validatorsRewards: 0n,
    delegatorsRewards: 0n,
    rewardedValidators: 0,
    rewardedDelegators: 0,
    totalSupply: null,
    supplyAdjustment: 0n,
    declaredAdjustment: 0n,
    feesBurned: true,
    circulating: null,
    ...given,
  }
}

export function buildTransaction(
  height: number,
  ordinal: number,
  given: Partial<Transaction> = {},
): Transaction {
  return {
    hash: hashOf(`transaction ${height} ${ordinal}`),
    height,
    ordinal,
    eraId: 0,
    format: 'transaction',
    kind: 'transfer',
    lane: 0,
    sender: key('sender'),
    entryPoint: null,
    contract: null,
    createdAt: timeOf(height) - 1_000,
    success: true,
    error: null,
    limit: 100_000_000n,
    consumed: 100_000_000n,
    cost: 100_000_000n,
    refund: 0n,
    ...given,
  }
}

export function buildTransfer(height: number, ordinal: number, given: Partial<Transfer> = {}): Transfer {
  return {
    height,
    ordinal,
    eraId: 0,
    time: timeOf(height),
    transactionHash: hashOf(`transaction ${height} ${ordinal}`),
    from: hashOf('from'),
    fromKey: null,
    to: hashOf('to'),
    toKey: null,
    source: purseOf('source'),
    target: purseOf('target'),
    amount: 2_500_000_000n,
    id: null,
    auction: false,
    ...given,
  }
}

export function buildMovement(
  height: number,
  ordinal: number,
  given: Partial<StakeMovement> = {},
): StakeMovement {
  return {
    height,
    ordinal,
    eraId: 0,
    kind: 'delegate',
    via: 'native',
    validator: key('validator'),
    newValidator: null,
    delegator: key('delegator'),
    amount: 500_000_000_000n,
    moved: 500_000_000_000n,
    delegationRate: null,
    success: true,
    ...given,
  }
}

/** Numbers that look random and are the same in every run (mulberry32). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** 2026-01-01T00:00:00Z */
export const PRICES_FROM = 1_767_225_600_000

/** An hour's price that is settled unless told otherwise: 1 cent and a bit more each hour. */
export function buildPrice(hour: number, given: Partial<HourlyPrice> = {}): HourlyPrice {
  const open = 0.01 + (hour % 97) / 10_000
  const start = PRICES_FROM + hour * HOUR
  return {
    hour: start,
    open,
    high: open * 1.1,
    low: open * 0.9,
    close: open * 1.05,
    volumeFrom: 1_000 + hour,
    volumeTo: 10 + hour / 100,
    source: 'cryptocompare',
    askedAt: start + 2 * HOUR,
    ...given,
  }
}
