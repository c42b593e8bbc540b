import type { Pool, RowDataPacket } from 'mysql2/promise'
import { inTransaction, type Patience } from '../transaction.ts'

/**
 * Name of the network whose blocks are stored; null before the first.
 * @throws as `inTransaction`
 */
export function readNetworkName(pool: Pool, patience: Patience): Promise<string | null> {
  return inTransaction(
    pool,
    async (connection) => {
      const [[row]] = await connection.query<RowDataPacket[]>('SELECT name FROM network WHERE id = 1')
      return row === undefined ? null : String(row.name)
    },
    patience,
  )
}
