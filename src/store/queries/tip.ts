import { eq, gte } from 'drizzle-orm'
import type { Tip } from '../../ports.ts'
import type { Database } from '../database.ts'
import { checkpoint, cuts, heartbeat, network } from '../schema/chain.ts'

export async function readTip(db: Database): Promise<Tip | null> {
  const rows = await db
    .select({
      name: network.name,
      genesisHash: network.genesisHash,
      firstHeight: network.firstHeight,
      height: checkpoint.height,
      hash: checkpoint.hash,
      eraId: checkpoint.eraId,
      time: checkpoint.time,
      at: heartbeat.atMs,
      networkHeight: heartbeat.networkHeight,
      networkTime: heartbeat.networkTime,
      grownAt: heartbeat.grownAt,
      trouble: heartbeat.trouble,
      cutHeight: cuts.height,
      cutEraId: cuts.eraId,
    })
    .from(checkpoint)
    .innerJoin(network, eq(network.id, checkpoint.id))
    .leftJoin(heartbeat, eq(heartbeat.id, checkpoint.id))
    // All of them, and in the tip's own statement: a tip must not come with the cuts of another moment.
    .leftJoin(cuts, gte(cuts.id, checkpoint.id))
    .where(eq(checkpoint.id, 1))
    .orderBy(cuts.id)
  const [row] = rows
  if (row === undefined) return null
  const {
    name,
    genesisHash,
    firstHeight,
    height,
    hash,
    eraId,
    time,
    at,
    networkHeight,
    networkTime,
    grownAt,
    trouble,
  } = row
  return {
    network: { name, genesisHash, firstHeight },
    checkpoint: { height, hash, eraId, time },
    cuts: rows.flatMap(({ cutHeight, cutEraId }) =>
      cutHeight === null || cutEraId === null ? [] : [{ height: cutHeight, eraId: cutEraId }],
    ),
    // The heartbeat is written apart and may be behind a commit: the network is never below what we hold of it.
    heartbeat: {
      at: at ?? 0,
      networkHeight: Math.max(networkHeight ?? 0, height),
      networkTime: Math.max(networkTime ?? 0, time),
      grownAt: grownAt ?? 0,
      trouble,
    },
  }
}
