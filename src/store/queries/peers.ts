import { and, asc, eq, getTableColumns, inArray, isNotNull, sql } from 'drizzle-orm'
import type { Peer } from '../../domain/peer.ts'
import type { PeerQuery } from '../../ports.ts'
import type { Database } from '../database.ts'
import { toPeer } from '../rows/peer.ts'
import { eraValidators, parties } from '../schema/chain.ts'
import { peers } from '../schema/peers.ts'

/** What leaves the store: no address. */
const { address, answeredAt: _answeredAt, ...shown } = getTableColumns(peers)

/** In an order that says nothing of addresses. */
export async function readPeers(db: Database, { validators, newest, limit }: PeerQuery): Promise<Peer[]> {
  const rows = await db
    .select(shown)
    .from(peers)
    .where(
      and(
        validators ? inArray(peers.validator, newestValidators(db)) : undefined,
        newest ? eq(peers.seenAt, db.select({ at: sql`max(${peers.seenAt})` }).from(peers)) : undefined,
      ),
    )
    .orderBy(asc(peers.validator), asc(peers.country), asc(peers.city), asc(peers.version))
    .limit(limit)
  return rows.map(toPeer)
}

/** Keys of those who validate in the newest era that the store knows the weights of. */
function newestValidators(db: Database) {
  const newestEra = db
    .select({ id: sql`max(${eraValidators.eraId})` })
    .from(eraValidators)
    .where(isNotNull(eraValidators.weight))
  return db
    .select({ key: parties.publicKey })
    .from(eraValidators)
    .innerJoin(parties, eq(parties.id, eraValidators.validatorId))
    .where(and(eq(eraValidators.eraId, newestEra), isNotNull(eraValidators.weight)))
}

/** All that readers can see but the times, one text a peer: two of them tell whether anything changed. */
export async function readShown(db: Database): Promise<string> {
  const { seenAt: _seenAt, ...rest } = shown
  return JSON.stringify(await db.select(rest).from(peers).orderBy(asc(address)))
}
