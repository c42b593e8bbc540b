import { index, mysqlTable, primaryKey } from 'drizzle-orm/mysql-core'
import { hash32, ms, text, uint8, uint32 } from '../columns.ts'

/*
 * What the crawler keeps about its own work. Same rules as the chain's tables.
 */

/** One row, id 1: who may write. A lease in a row works where GET_LOCK does not (Vitess, Galera, TiDB). */
export const lease = mysqlTable('lease', {
  id: uint8('id').primaryKey(),
  /** Random for each process: a name that a restarted container would share is no proof. */
  holder: text('holder', { length: 64 }).notNull(),
  /** By the store's own clock, as `takenAt`: hosts' clocks differ and jump. */
  until: ms('until_ms').notNull(),
  /** Grows with each new holder: a writer that slept past its lease is told apart from itself. */
  term: uint32('term').notNull(),
  takenAt: ms('taken_at_ms').notNull(),
})

/** Groups that an edge has not confirmed yet; written in the commit's own transaction, so that a restart forgets none. */
export const announcements = mysqlTable('announcements', {
  /** One row a group: newer ones of a group swallow older ones. */
  group: text('purge_group', { length: 20 }).primaryKey(),
  /** Height that the group stood at when it was last raised. */
  height: uint32('height').notNull(),
  /** Grows with each raising, also within a millisecond: a delivery clears the row only if it is still the one it told. */
  at: ms('at_ms').notNull(),
})

/** What went against the rules: forks, refused nodes, supply writes outside blocks. Never deleted. */
export const incidents = mysqlTable(
  'incidents',
  {
    at: ms('at_ms').notNull(),
    kind: text('kind', { length: 40 }).notNull(),
    height: uint32('height').notNull(),
    detail: text('detail', { length: 1000 }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.at, t.kind, t.height] })],
)

/** Figures that a node could not give, with the reason; `repair` fills them and removes the row. */
export const absences = mysqlTable(
  'absences',
  {
    height: uint32('height').notNull(),
    figure: text('figure', { length: 40 }).notNull(),
    reason: text('reason', { length: 300 }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.height, t.figure] }), index('absences_figure').on(t.figure, t.height)],
)

/** Protocol versions as blocks show them. */
export const protocols = mysqlTable('protocols', {
  activationHeight: uint32('activation_height').primaryKey(),
  version: text('version', { length: 50 }).notNull(),
  eraId: uint32('era_id').notNull(),
  time: ms('time').notNull(),
  blockHash: hash32('block_hash').notNull(),
})
