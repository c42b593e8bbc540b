import { asc } from 'drizzle-orm'
import type { Protocol } from '../../domain/protocol.ts'
import type { Database } from '../database.ts'
import { toProtocol } from '../rows/protocol.ts'
import { protocols } from '../schema/operations.ts'

/** All of them, ascending: some dozens in the life of a network. */
export async function readProtocols(db: Database): Promise<Protocol[]> {
  const rows = await db.select().from(protocols).orderBy(asc(protocols.activationHeight))
  return rows.map(toProtocol)
}
