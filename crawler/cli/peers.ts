import type { Peer } from '../../src/domain/peer.ts'
import { toIso } from '../../src/domain/time.ts'
import { toStoreError } from '../../src/store/failures.ts'
import { connectMysql } from '../../src/store/mysql.ts'
import { readPeers } from '../../src/store/queries/peers.ts'
import { pickConfig, toEdges } from '../config.ts'
import { createLog } from '../log.ts'
import { NoNodeError } from '../node/pool/contract.ts'
import { parsePeerConfig } from '../peers/config.ts'
import { checkLocations, openPeers } from '../peers/open.ts'
import { toFacts } from '../peers/task.ts'
import { CommandError, EXIT, type Flags, type Given } from './command.ts'
import { explain } from './explain.ts'
import { openNodes } from './nodes.ts'
import { listenForStop } from './stop.ts'

export const flags: Flags = { json: { type: 'boolean', help: 'One JSON array instead of a table' } }

const SETTINGS = [
  ...(['CASPER_NODES', 'NODE_CONNECTIONS', 'NODE_PIPELINE', 'NODE_TIMEOUT_MS', 'DATABASE_URL'] as const),
  ...(['EDGE_URLS', 'PUBLIC_URL'] as const),
] as const
/** More than a look around can see. */
const MOST = 10_000

/**
 * Looks around once and lists the peers that it saw. Safe beside a running crawler, which tells the edges when
 * something has changed. Exit code 2 when nobody was seen.
 */
export async function run({ flags, env, out, err }: Given): Promise<number> {
  const peerConfig = parsePeerConfig(env)
  const config = pickConfig(env, ...SETTINGS)
  await checkLocations(peerConfig)
  const { signal } = listenForStop(() => {})
  const log = createLog(err)
  const pool = openNodes(config, log)
  const peers = openPeers(
    peerConfig,
    { databaseUrl: config.DATABASE_URL, announces: toEdges(config).length > 0 },
    { pool, log, clock: { now: Date.now }, announce: () => {} },
  )
  try {
    const round = await peers.look(signal).catch(toWords)
    log.info('peers', toFacts(round))
    const list = round.seen > 0 ? await readList(config.DATABASE_URL) : []
    out(flags.json === true ? `${JSON.stringify(list.map(toJson))}\n` : toTable(list))
    return round.seen > 0 ? EXIT.ok : EXIT.degraded
  } finally {
    await Promise.allSettled([peers.close(), pool.close()])
  }
}

function toWords(error: unknown): never {
  if (error instanceof NoNodeError) throw new CommandError(error.message)
  return explain(error)
}

async function readList(databaseUrl: string): Promise<Peer[]> {
  const store = connectMysql(databaseUrl, { connections: 1 })
  try {
    return await readPeers(store.db, { newest: true, limit: MOST })
  } catch (error) {
    return explain(toStoreError(error))
  } finally {
    await store.close()
  }
}

const toJson = ({ seenAt, ...peer }: Peer) => ({ ...peer, seenAt: toIso(seenAt) })

const HEADS = ['validator', 'version', 'country', 'city', 'seen'] as const

function toTable(list: readonly Peer[]): string {
  const rows = list.map(({ validator, version, place, seenAt }) => [
    ...[validator, version, place.country, place.city].map((value) => value ?? '-'),
    toIso(seenAt),
  ])
  const lines = [HEADS, ...rows]
  const widths = HEADS.map((_, column) => Math.max(...lines.map((cells) => (cells[column] ?? '').length)))
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('')
}
