import { z } from 'zod'

/* Answers of /v1: amounts are decimal strings of motes (exact CSPR with units=cspr), times ISO 8601 UTC. */

const amount = z.string()
const time = z.string()

export const asOf = z.object({ height: z.number(), era: z.number(), time })

/** Transactions by what they are; `total` is the sum of the kinds. */
export const counts = z.object({
  total: z.number(),
  transfers: z.number(),
  burns: z.number(),
  staking: z.number(),
  wasm: z.number(),
  failed: z.number(),
})

export const block = z.object({
  height: z.number(),
  hash: z.string(),
  parentHash: z.string(),
  stateRootHash: z.string(),
  era: z.number(),
  time,
  /** Milliseconds since the block before; null for the first. */
  blockTime: z.number().nullable(),
  switch: z.boolean(),
  generation: z.number(),
  protocolVersion: z.string(),
  proposer: z.string(),
  gasPrice: z.number(),
  transactions: counts,
  /** 2.x: transactions by lane. */
  lanes: z.record(z.string(), z.number()),
  transfers: z.object({ count: z.number(), volume: amount }),
  staked: amount,
  undelegated: amount,
  fees: amount,
  burned: amount,
  totalSupply: amount.nullable(),
  /** What was recomputed before the block was stored. */
  verified: z.object({ blockHash: z.literal(true), bodyHash: z.literal(true), parent: z.literal(true) }),
})

export const era = z.object({
  id: z.number(),
  open: z.boolean(),
  start: time,
  /** Time of the switch block; null while open. */
  end: time.nullable(),
  startBlock: z.number(),
  endBlock: z.number().nullable(),
  protocolVersion: z.string(),
  blocks: z.number(),
  transactions: counts,
  transfers: z.object({ count: z.number(), volume: amount }),
  staked: amount,
  undelegated: amount,
  validators: z.object({
    count: z.number().nullable(),
    weight: amount.nullable(),
    nextWeight: amount.nullable(),
  }),
  rewards: z.object({
    total: amount,
    validators: amount,
    delegators: amount,
    rewardedValidators: z.number(),
    rewardedDelegators: z.number(),
  }),
  supply: z.object({
    total: amount.nullable(),
    circulating: amount.nullable(),
    circulatingMethod: z.string().nullable(),
    /** Rewards of validators and delegators, and the share of the sustain purse. */
    minted: amount,
    /** Of that, what went to the sustain purse; null where no node says enough. */
    sustained: amount.nullable(),
    fees: amount,
    feesBurned: z.boolean(),
    burned: amount,
    /** What the total changed by beyond all that. */
    adjustment: amount,
    /** What is declared to have been written outside blocks before this era, whether the total contains it or not. */
    declaredAdjustment: amount,
  }),
})

export const transfer = z.object({
  /** Stable number of the transfer. */
  id: z.number(),
  block: z.number(),
  era: z.number(),
  time,
  transaction: z.string(),
  from: z.string(),
  fromKey: z.string().nullable(),
  to: z.string().nullable(),
  toKey: z.string().nullable(),
  source: z.string(),
  target: z.string(),
  amount,
  /** The sender's own number, up to 2^64 - 1, in decimal digits. */
  memo: z.string().nullable(),
})

export const transaction = z.object({
  hash: z.string(),
  block: z.number(),
  era: z.number(),
  format: z.string(),
  kind: z.string(),
  lane: z.number().nullable(),
  sender: z.string(),
  entryPoint: z.string().nullable(),
  contract: z.string().nullable(),
  createdAt: time,
  success: z.boolean(),
  error: z.string().nullable(),
  limit: amount.nullable(),
  consumed: amount.nullable(),
  cost: amount,
  refund: amount.nullable(),
})

/** A page of a list. `next` is null on the last page. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ data: z.array(item), next: z.string().nullable(), asOf })
}

export const status = z.object({
  network: z.string(),
  status: z.enum(['ok', 'degraded']),
  /** Parts that are not well, in words. */
  degraded: z.array(z.string()),
  indexed: z.object({ height: z.number(), hash: z.string(), era: z.number(), time }).nullable(),
  networkHeight: z.number().nullable(),
  lag: z.object({ blocks: z.number(), seconds: z.number() }).nullable(),
  /** `starting` before the first block is stored. */
  mode: z.enum(['starting', 'catching-up', 'following']),
  /** 0 to 100, of the network's height. */
  percent: z.number().nullable(),
  crawlerHeartbeat: time.nullable(),
  store: z.enum(['ok', 'down']),
  /**
   * `open`: questions to the store have failed, none is put to it for some seconds, and what the caches hold is served.
   * `half-open`: the next question will show whether it is back.
   */
  breaker: z.enum(['closed', 'open', 'half-open']),
  cache: z.record(
    z.string(),
    z.object({
      hits: z.number(),
      misses: z.number(),
      errors: z.number(),
      entries: z.number().optional(),
      bytes: z.number().optional(),
    }),
  ),
  version: z.string(),
})

export type WireBlock = z.output<typeof block>
export type WireEra = z.output<typeof era>
export type WireTransfer = z.output<typeof transfer>
export type WireTransaction = z.output<typeof transaction>
export type WireStatus = z.output<typeof status>
export type AsOf = z.output<typeof asOf>
export type WireCounts = z.output<typeof counts>
