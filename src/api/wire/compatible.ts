import { z } from 'zod'

/* Answers of the compatible endpoints: whole-CSPR numbers, members in the order that clients have always seen. */

/** ISO 8601, UTC, with milliseconds. The mark tells the filter's parser that these are instants, not text. */
const time = z.string().meta({ format: 'date-time' })

export const compatibleBlock = z.object({
  blockHeight: z.number(),
  blockHash: z.string(),
  eraId: z.number(),
  circulatingSupply: z.number(),
  validatorsWeights: z.number(),
  totalSupply: z.number(),
  stateRootHash: z.string(),
  transfersCount: z.number(),
  deploysCount: z.number(),
  stakedThisBlock: z.number(),
  nextEraValidatorsWeights: z.number(),
  validatorsRewards: z.number(),
  delegatorsRewards: z.number(),
  rewards: z.number(),
  validatorsCount: z.number(),
  delegatorsCount: z.number(),
  switch: z.boolean(),
  undelegatedThisBlock: z.number(),
  timestamp: time,
  prevBlockTime: z.number(),
})

export const compatibleEra = z.object({
  id: z.number(),
  startBlock: z.number(),
  transfersCount: z.number(),
  deploysCount: z.number(),
  endBlock: z.number().nullable(),
  start: time,
  end: time.nullable(),
  circulatingSupply: z.number(),
  validatorsCirculatingSupply: z.number(),
  transfersCirculatingSupply: z.number(),
  rewardsCirculatingSupply: z.number(),
  validatorsWeights: z.number(),
  totalSupply: z.number(),
  validatorsRewards: z.number(),
  delegatorsRewards: z.number(),
  rewards: z.number(),
  validatorsCount: z.number(),
  delegatorsCount: z.number(),
  stakedThisEra: z.number(),
  undelegatedThisEra: z.number(),
  stakedDiffThisEra: z.number(),
})

export const compatibleTransfer = z.object({
  id: z.number(),
  timestamp: time,
  depth: z.number(),
  approved: z.boolean(),
  blockHeight: z.number(),
  eraId: z.number(),
  deployHash: z.string(),
  from: z.string(),
  fromHash: z.string(),
  to: z.string().nullable(),
  toHash: z.string(),
  /** motes */
  amount: z.string(),
  denomAmount: z.number(),
})

export const compatibleEraTransfers = z.object({
  eraId: z.number(),
  eraStart: time,
  eraEnd: time.nullable(),
  transfers: z.array(compatibleTransfer),
  count: z.number(),
})

export type CompatibleBlock = z.output<typeof compatibleBlock>
export type CompatibleEra = z.output<typeof compatibleEra>
export type CompatibleTransfer = z.output<typeof compatibleTransfer>
export type CompatibleEraTransfers = z.output<typeof compatibleEraTransfers>
