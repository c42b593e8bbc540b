import { index, mysqlTable, primaryKey } from 'drizzle-orm/mysql-core'
import { flag, motes, ms, uint8, uint16, uint32 } from '../columns.ts'

/*
 * The auction as it stood after an era's switch block. Absent for eras whose state no node gave.
 */

export const bids = mysqlTable(
  'bids',
  {
    eraId: uint32('era_id').notNull(),
    validatorId: uint32('validator_id').notNull(),
    selfStake: motes('self_stake').notNull(),
    /** Null where the node's answer leaves delegators out. */
    delegatorsStake: motes('delegators_stake'),
    delegatorsCount: uint32('delegators_count'),
    /** Percent. */
    delegationRate: uint8('delegation_rate').notNull(),
    active: flag('active').notNull(),
    minDelegation: motes('min_delegation'),
    maxDelegation: motes('max_delegation'),
    reservedSlots: uint32('reserved_slots'),
    /** Reservations made, of those slots. */
    reservations: uint32('reservations'),
    /** When the stake of genesis begins to unlock; null for one that is not locked, and where 1.x nodes do not say. */
    vestingFrom: ms('vesting_from'),
  },
  (t) => [
    primaryKey({ columns: [t.eraId, t.validatorId] }),
    index('bids_validator').on(t.validatorId, t.eraId),
  ],
)

/** As large as `rewards`, and laid out like it. */
export const delegations = mysqlTable(
  'delegations',
  {
    delegatorId: uint32('delegator_id').notNull(),
    eraId: uint32('era_id').notNull(),
    validatorId: uint32('validator_id').notNull(),
    stake: motes('stake').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.delegatorId, t.eraId, t.validatorId] }),
    index('delegations_validator').on(t.validatorId, t.eraId),
  ],
)

/** Stake on its way out: one row for each entry of the unbonding queues that a transaction made. */
export const unbondings = mysqlTable(
  'unbondings',
  {
    height: uint32('height').notNull(),
    /** Of the transaction in the block, then of the entry that it made (a leaving validator takes its delegators along). */
    ordinal: uint16('ordinal').notNull(),
    entry: uint16('entry').notNull(),
    eraId: uint32('era_id').notNull(),
    validatorId: uint32('validator_id').notNull(),
    /** The validator itself for its own stake. */
    delegatorId: uint32('delegator_id').notNull(),
    newValidatorId: uint32('new_validator_id'),
    amount: motes('amount').notNull(),
    /** Era whose end pays it out; null where the network's unbonding delay is not known. */
    releaseEra: uint32('release_era'),
  },
  (t) => [
    primaryKey({ columns: [t.height, t.ordinal, t.entry] }),
    index('unbondings_delegator').on(t.delegatorId, t.height),
    index('unbondings_release').on(t.releaseEra),
  ],
)
