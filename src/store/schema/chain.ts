import { index, mysqlTable, primaryKey, uniqueIndex } from 'drizzle-orm/mysql-core'
import { flag, hash32, motes, ms, publicKey, text, uint8, uint16, uint32, uint64 } from '../columns.ts'

/*
 * Tables of the store. Plain columns, natural or computed keys, no foreign keys, triggers, checks, JSON or
 * AUTO_INCREMENT: MariaDB, MySQL, Vitess and TiDB take it alike, and every crawl of a chain makes the same rows.
 * Migrations are made from this file by `drizzle-kit generate` and are only ever added to.
 */

/** One row, id 1: which chain this is. */
export const network = mysqlTable('network', {
  id: uint8('id').primaryKey(),
  name: text('name', { length: 100 }).notNull(),
  genesisHash: hash32('genesis_hash').notNull(),
  firstHeight: uint32('first_height').notNull(),
})

/** One row, id 1: the newest committed block, written last in each transaction and locked first. */
export const checkpoint = mysqlTable('checkpoint', {
  id: uint8('id').primaryKey(),
  height: uint32('height').notNull(),
  hash: hash32('hash').notNull(),
  eraId: uint32('era_id').notNull(),
  time: ms('time').notNull(),
})

/**
 * Each time that a tail was given up for another. Never deleted: by their number edges tell what they hold of a tail that
 * was given up from what took its place.
 */
export const cuts = mysqlTable('cuts', {
  /** 1, 2, … in the order in which they happened. */
  id: uint32('id').primaryKey(),
  /** The last block that was kept, and its era. */
  height: uint32('height').notNull(),
  eraId: uint32('era_id').notNull(),
})

/** One row, id 1: a table of its own, so that heartbeats do not wait for the checkpoint's lock. */
export const heartbeat = mysqlTable('heartbeat', {
  id: uint8('id').primaryKey(),
  atMs: ms('at_ms').notNull(),
  networkHeight: uint32('network_height').notNull(),
  networkTime: ms('network_time').notNull(),
  grownAt: ms('grown_at').notNull(),
  trouble: text('trouble', { length: 300 }),
})

/**
 * Accounts and purses under one short number each, given in order of appearance. An account's key is filled in when
 * the chain shows it. 4 bytes instead of 32 in every row and index that names one.
 */
export const parties = mysqlTable(
  'parties',
  {
    id: uint32('id').primaryKey(),
    kind: uint8('kind').notNull(),
    address: hash32('address').notNull(),
    publicKey: publicKey('public_key'),
    /** First and last block with a row that names it. Null in rows of releases that did not note it. */
    firstHeight: uint32('first_height'),
    lastHeight: uint32('last_height'),
  },
  (t) => [uniqueIndex('parties_address').on(t.address, t.kind)],
)

export const blocks = mysqlTable(
  'blocks',
  {
    height: uint32('height').primaryKey(),
    hash: hash32('hash').notNull(),
    parentHash: hash32('parent_hash').notNull(),
    stateRootHash: hash32('state_root_hash').notNull(),
    eraId: uint32('era_id').notNull(),
    time: ms('time').notNull(),
    generation: uint8('generation').notNull(),
    protocolVersion: text('protocol_version', { length: 50 }).notNull(),
    proposerId: uint32('proposer_id').notNull(),
    isSwitch: flag('is_switch').notNull(),
    gasPrice: uint16('gas_price').notNull(),
    transferTransactions: uint16('transfer_transactions').notNull(),
    burnTransactions: uint16('burn_transactions').notNull(),
    stakingTransactions: uint16('staking_transactions').notNull(),
    wasmTransactions: uint16('wasm_transactions').notNull(),
    failedTransactions: uint16('failed_transactions').notNull(),
    lanes: text('lanes', { length: 255 }).notNull(),
    transfersCount: uint32('transfers_count').notNull(),
    transfersVolume: motes('transfers_volume').notNull(),
    staked: motes('staked').notNull(),
    undelegated: motes('undelegated').notNull(),
    fees: motes('fees').notNull(),
    burned: motes('burned').notNull(),
    totalSupply: motes('total_supply'),
  },
  (t) => [
    uniqueIndex('blocks_hash').on(t.hash),
    index('blocks_era').on(t.eraId, t.height),
    index('blocks_switch').on(t.isSwitch, t.height),
    index('blocks_time').on(t.time, t.height),
    index('blocks_proposer').on(t.proposerId, t.height),
  ],
)

export const eras = mysqlTable(
  'eras',
  {
    id: uint32('id').primaryKey(),
    startHeight: uint32('start_height').notNull(),
    endHeight: uint32('end_height'),
    start: ms('start_time').notNull(),
    end: ms('end_time'),
    protocolVersion: text('protocol_version', { length: 50 }).notNull(),
    blocksCount: uint32('blocks_count').notNull(),
    transferTransactions: uint32('transfer_transactions').notNull(),
    burnTransactions: uint32('burn_transactions').notNull(),
    stakingTransactions: uint32('staking_transactions').notNull(),
    wasmTransactions: uint32('wasm_transactions').notNull(),
    failedTransactions: uint32('failed_transactions').notNull(),
    transfersCount: uint32('transfers_count').notNull(),
    transfersVolume: motes('transfers_volume').notNull(),
    staked: motes('staked').notNull(),
    undelegated: motes('undelegated').notNull(),
    fees: motes('fees').notNull(),
    burned: motes('burned').notNull(),
    minted: motes('minted').notNull(),
    sustained: motes('sustained'),
    validatorsCount: uint32('validators_count'),
    validatorsWeight: motes('validators_weight'),
    nextValidatorsWeight: motes('next_validators_weight'),
    validatorsRewards: motes('validators_rewards').notNull(),
    delegatorsRewards: motes('delegators_rewards').notNull(),
    rewardedValidators: uint32('rewarded_validators').notNull(),
    rewardedDelegators: uint32('rewarded_delegators').notNull(),
    totalSupply: motes('total_supply'),
    supplyAdjustment: motes('supply_adjustment').notNull(),
    /** Null in rows of releases that declared none. */
    declaredAdjustment: motes('declared_adjustment'),
    feesBurned: flag('fees_burned').notNull(),
    circulatingMethod: text('circulating_method', { length: 100 }),
    circulating: motes('circulating'),
    circulatingValidators: motes('circulating_validators'),
    circulatingTransfers: motes('circulating_transfers'),
    circulatingRewards: motes('circulating_rewards'),
  },
  (t) => [index('eras_start').on(t.startHeight)],
)

export const transactions = mysqlTable(
  'transactions',
  {
    height: uint32('height').notNull(),
    ordinal: uint16('ordinal').notNull(),
    hash: hash32('hash').notNull(),
    eraId: uint32('era_id').notNull(),
    format: uint8('format').notNull(),
    kind: uint8('kind').notNull(),
    lane: uint8('lane'),
    senderId: uint32('sender_id').notNull(),
    entryPoint: text('entry_point', { length: 255 }),
    contract: text('contract', { length: 255 }),
    createdAt: ms('created_at').notNull(),
    success: flag('success').notNull(),
    error: text('error', { length: 1000 }),
    gasLimit: motes('gas_limit'),
    consumed: motes('consumed'),
    cost: motes('cost').notNull(),
    refund: motes('refund'),
  },
  (t) => [
    primaryKey({ columns: [t.height, t.ordinal] }),
    uniqueIndex('transactions_hash').on(t.hash),
    index('transactions_sender').on(t.senderId, t.height, t.ordinal),
  ],
)

/** Indexes: an era's largest, the network's by amount, and four walks by position, one per way to be a party. */
export const transfers = mysqlTable(
  'transfers',
  {
    height: uint32('height').notNull(),
    ordinal: uint16('ordinal').notNull(),
    eraId: uint32('era_id').notNull(),
    time: ms('time').notNull(),
    transactionHash: hash32('transaction_hash').notNull(),
    fromId: uint32('from_id').notNull(),
    toId: uint32('to_id'),
    sourceId: uint32('source_id').notNull(),
    targetId: uint32('target_id').notNull(),
    amount: motes('amount').notNull(),
    id: uint64('id'),
    auction: flag('auction').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.height, t.ordinal] }),
    index('transfers_era').on(t.eraId, t.auction, t.amount),
    index('transfers_amount').on(t.auction, t.amount),
    index('transfers_from').on(t.fromId, t.auction, t.height, t.ordinal),
    index('transfers_to').on(t.toId, t.auction, t.height, t.ordinal),
    index('transfers_source').on(t.sourceId, t.auction, t.height, t.ordinal),
    index('transfers_target').on(t.targetId, t.auction, t.height, t.ordinal),
  ],
)

export const stakeMovements = mysqlTable(
  'stake_movements',
  {
    height: uint32('height').notNull(),
    ordinal: uint16('ordinal').notNull(),
    eraId: uint32('era_id').notNull(),
    kind: uint8('kind').notNull(),
    via: uint8('via').notNull(),
    validatorId: uint32('validator_id'),
    newValidatorId: uint32('new_validator_id'),
    delegatorId: uint32('delegator_id'),
    amount: motes('amount'),
    moved: motes('moved'),
    delegationRate: uint8('delegation_rate'),
    success: flag('success').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.height, t.ordinal] }),
    index('stake_movements_validator').on(t.validatorId, t.height, t.ordinal),
    index('stake_movements_delegator').on(t.delegatorId, t.height, t.ordinal),
  ],
)

export const eraValidators = mysqlTable(
  'era_validators',
  {
    eraId: uint32('era_id').notNull(),
    validatorId: uint32('validator_id').notNull(),
    weight: motes('weight'),
    reward: motes('reward').notNull(),
    delegatorsReward: motes('delegators_reward').notNull(),
    delegatorsCount: uint32('delegators_count').notNull(),
    // Null in rows of releases that did not count.
    proposed: uint32('proposed'),
    cited: uint32('cited'),
    equivocated: flag('equivocated'),
    inactive: flag('inactive'),
  },
  (t) => [
    primaryKey({ columns: [t.eraId, t.validatorId] }),
    index('era_validators_validator').on(t.validatorId, t.eraId),
  ],
)

/**
 * The largest table: 15,000 rows an era. Rows of a delegator lie together, so that its whole history is one short
 * walk, and an era's insert touches only the tail page of each active delegator.
 */
export const rewards = mysqlTable(
  'rewards',
  {
    delegatorId: uint32('delegator_id').notNull(),
    eraId: uint32('era_id').notNull(),
    validatorId: uint32('validator_id').notNull(),
    amount: motes('amount').notNull(),
  },
  (t) => [primaryKey({ columns: [t.delegatorId, t.eraId, t.validatorId] })],
)
