import type { Connection, RowDataPacket } from 'mysql2/promise'
import { PURGE_GROUPS, type PurgeGroup } from '../api/policy.ts'
import type { Ms } from '../domain/time.ts'
import type { Change } from './change.ts'
import { createPool } from './mysql.ts'
import { STORE_NOW } from './now.ts'
import { inStatement } from './transaction.ts'

/** A group that changed and that not every edge has confirmed yet. */
export interface Raised {
  readonly group: PurgeGroup
  /** Where the chain stood when it was last raised. */
  readonly height: number
  /** By the store's clock; grows with each raising, and so tells one from the next. */
  readonly at: Ms
}

/** What is still to be told to the edges. Kept in the store: neither a restart nor a take-over forgets any. */
export interface AnnouncementQueue {
  /** At most one row a group. */
  read(): Promise<readonly Raised[]>
  /** Takes away what was told, but for groups that were raised again since. */
  clear(told: readonly Raised[]): Promise<void>
  /** For what changes beside the chain, such as prices. */
  raise(groups: readonly PurgeGroup[], height: number): Promise<void>
  close(): Promise<void>
}

const LIMIT: Ms = 30_000

/** @param url `mysql://user:password@host:port/database` */
export function openAnnouncementQueue(url: string): AnnouncementQueue {
  const pool = createPool(url, { connections: 1 })
  return {
    read: () => inStatement(pool, readRaised, LIMIT),
    async clear(told) {
      // Row by row: locks taken in another order than a commit's could meet it in a deadlock.
      const sql = 'DELETE FROM announcements WHERE purge_group = ? AND at_ms = ?'
      for (const { group, at } of told) {
        await inStatement(pool, (connection) => connection.query(sql, [group, at]), LIMIT)
      }
    },
    raise: (groups, height) => inStatement(pool, (connection) => raise(connection, groups, height), LIMIT),
    close: () => pool.end(),
  }
}

async function readRaised(connection: Connection): Promise<readonly Raised[]> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT purge_group, height, at_ms FROM announcements ORDER BY purge_group',
  )
  return rows.flatMap((row) => {
    // A row of a newer release: its edge may know the group, this one cannot tell it.
    const group = PURGE_GROUPS.find((known) => known === row.purge_group)
    return group === undefined ? [] : [{ group, height: Number(row.height), at: Number(row.at_ms) }]
  })
}

/** Part of the transaction that changes what is announced: both are there, or neither is. */
export async function raise(
  connection: Connection,
  groups: readonly PurgeGroup[],
  height: number,
): Promise<void> {
  if (groups.length === 0) return
  await connection.query(
    `INSERT INTO announcements (purge_group, height, at_ms) VALUES ${groups.map(() => `(?, ?, ${STORE_NOW})`).join(', ')}
     ON DUPLICATE KEY UPDATE height = VALUES(height), at_ms = GREATEST(at_ms + 1, VALUES(at_ms))`,
    [...groups].sort().flatMap((group) => [group, height]),
  )
}

/** What a change makes stale: the tip always, an era's answers when one has closed. */
export const toGroups = ({ blocks }: Change): readonly PurgeGroup[] =>
  blocks.some(({ isSwitch }) => isSwitch) ? ['block', 'era'] : ['block']
