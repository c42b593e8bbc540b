import { type SQL, sql } from 'drizzle-orm'
import { alias } from 'drizzle-orm/mysql-core'
import type { CompatibleBlock, CompatibleEra } from '../api/wire/compatible.ts'
import { blocks, eras } from './schema/chain.ts'

/** How a field's value is written and compared. */
export type FieldKind = 'number' | 'boolean' | 'time' | 'hash'

/** A member of a compatible answer as the store computes it. */
export interface Field {
  readonly kind: FieldKind
  readonly value: SQL
  /** What is joined to a block to compute it: its era, or the block before. */
  readonly joins?: 'era' | 'previous'
}

export type Fields = Readonly<Record<string, Field>>

/** The block before, joined for `prevBlockTime`. */
export const previous = alias(blocks, 'previous')

const number = (value: SQL): Field => ({ kind: 'number', value })
const time = (value: SQL): Field => ({ kind: 'time', value })
const hash = (value: SQL): Field => ({ kind: 'hash', value })

/** Whole CSPR by one exact division, towards zero; 0 where the chain gives no amount, as in the answers. */
const whole = (amount: SQL): Field => number(sql`(coalesce(${amount}, 0) div 1000000000)`)

/** Deploys are all transactions but native transfers. */
const deploys = ({ burnTransactions, stakingTransactions, wasmTransactions }: typeof blocks | typeof eras) =>
  number(sql`(${burnTransactions} + ${stakingTransactions} + ${wasmTransactions})`)

const rewards = sql`(${eras.validatorsRewards} + ${eras.delegatorsRewards})`

const ofEra = (field: Field): Field => ({ ...field, joins: 'era' })

/** An era's figure that only its switch block shows. */
const atSwitch = ({ value }: Field): Field => ofEra(number(sql`if(${blocks.isSwitch} = 1, ${value}, 0)`))

/** Members of `/block`. Names come from the wire's schema: one that is missing here does not compile. */
export const blockFields: Readonly<Record<keyof CompatibleBlock, Field>> = {
  blockHeight: number(sql`${blocks.height}`),
  blockHash: hash(sql`${blocks.hash}`),
  eraId: number(sql`${blocks.eraId}`),
  circulatingSupply: ofEra(whole(sql`${eras.circulating}`)),
  validatorsWeights: ofEra(whole(sql`${eras.validatorsWeight}`)),
  totalSupply: whole(sql`${blocks.totalSupply}`),
  stateRootHash: hash(sql`${blocks.stateRootHash}`),
  transfersCount: number(sql`${blocks.transferTransactions}`),
  deploysCount: deploys(blocks),
  stakedThisBlock: whole(sql`${blocks.staked}`),
  nextEraValidatorsWeights: atSwitch(whole(sql`${eras.nextValidatorsWeight}`)),
  validatorsRewards: atSwitch(whole(sql`${eras.validatorsRewards}`)),
  delegatorsRewards: atSwitch(whole(sql`${eras.delegatorsRewards}`)),
  rewards: atSwitch(whole(rewards)),
  validatorsCount: atSwitch(number(sql`${eras.rewardedValidators}`)),
  delegatorsCount: atSwitch(number(sql`${eras.rewardedDelegators}`)),
  switch: { kind: 'boolean', value: sql`${blocks.isSwitch}` },
  undelegatedThisBlock: whole(sql`${blocks.undelegated}`),
  timestamp: time(sql`${blocks.time}`),
  // Signed, since unsigned columns may not be subtracted below zero. 0 for the first stored block.
  prevBlockTime: {
    ...number(sql`coalesce(cast(${blocks.time} as signed) - cast(${previous.time} as signed), 0)`),
    joins: 'previous',
  },
}

/** Members of `/era`. */
export const eraFields: Readonly<Record<keyof CompatibleEra, Field>> = {
  id: number(sql`${eras.id}`),
  startBlock: number(sql`${eras.startHeight}`),
  transfersCount: number(sql`${eras.transferTransactions}`),
  deploysCount: deploys(eras),
  endBlock: number(sql`${eras.endHeight}`),
  start: time(sql`${eras.start}`),
  end: time(sql`${eras.end}`),
  circulatingSupply: whole(sql`${eras.circulating}`),
  validatorsCirculatingSupply: whole(sql`${eras.circulatingValidators}`),
  transfersCirculatingSupply: whole(sql`${eras.circulatingTransfers}`),
  rewardsCirculatingSupply: whole(sql`${eras.circulatingRewards}`),
  validatorsWeights: whole(sql`${eras.validatorsWeight}`),
  totalSupply: whole(sql`${eras.totalSupply}`),
  validatorsRewards: whole(sql`${eras.validatorsRewards}`),
  delegatorsRewards: whole(sql`${eras.delegatorsRewards}`),
  rewards: whole(rewards),
  validatorsCount: number(sql`${eras.rewardedValidators}`),
  delegatorsCount: number(sql`${eras.rewardedDelegators}`),
  stakedThisEra: whole(sql`${eras.staked}`),
  undelegatedThisEra: whole(sql`${eras.undelegated}`),
  stakedDiffThisEra: whole(sql`(${eras.staked} - ${eras.undelegated})`),
}
