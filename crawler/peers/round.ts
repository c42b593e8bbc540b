import type { SeenPeer } from '../../src/domain/peer.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports.ts'
import type { PeerWriter } from '../../src/store/peer-writer.ts'
import type { Log } from '../log.ts'
import type { CasperNode } from '../node/node.ts'
import { type NodePool, NoNodeError } from '../node/pool/contract.ts'
import { type Exploration, explore } from './explore.ts'
import type { Locate } from './locations.ts'
import { parseStatus, type Status } from './status.ts'
import { visit } from './visit.ts'

export interface RoundOptions {
  /** Of the peers' REST endpoint. */
  readonly statusPort: number
  readonly allowPrivate: boolean
  /** After which a peer that was not seen is forgotten. */
  readonly keepMs: Ms
}

export interface RoundPorts {
  readonly pool: Pick<NodePool, 'use' | 'setNetwork'>
  readonly store: Omit<PeerWriter, 'close'>
  readonly openLocations: () => Promise<Locate>
  /** After a change that readers see; it is in the queue of announcements already. */
  readonly announce: () => void
  readonly clock: Clock
  readonly log: Log
}

/** What a look around came to. */
export interface Round extends Omit<Exploration, 'found'> {
  readonly at: Ms
  readonly seen: number
  readonly answered: number
}

/*
 * Mainnet has some hundred nodes, each connected to most of the others: two steps reach all of them. The bounds are for
 * those who tell of more than there are.
 */
const LIMITS = { depth: 4, most: 3_000, atOnce: 32, totalMs: 240_000 }
const VISIT_TIMEOUT: Ms = 5_000

/**
 * Looks around once: asks our nodes whom they are connected to, visits those and whom they tell of, and stores who was
 * seen, with place, version and key. When nobody is seen, nothing is written: the fault is nearer than the network.
 * @throws {NoNodeError} when none of our nodes answers, and what the store throws
 */
export async function lookAround(
  { statusPort, allowPrivate, keepMs }: RoundOptions,
  { pool, store, openLocations, announce, clock, log }: RoundPorts,
  signal: AbortSignal,
): Promise<Round> {
  const stored = await store.readNetwork()
  if (stored !== null) pool.setNetwork(stored)
  const statuses = await askNodes(pool, log, signal)
  const network = stored ?? statuses[0]?.network ?? ''
  const { found, ...counts } = await explore(
    statuses.flatMap(({ told }) => told),
    (address, inner) => visit(address, { network, port: statusPort, timeout: VISIT_TIMEOUT }, inner),
    { ...LIMITS, allowPrivate },
    signal,
  )
  const at = Math.floor(clock.now())
  const answered = [...found.values()].filter((said) => said !== null).length
  if (found.size > 0) {
    const locate = await openLocations()
    const peers = toPeers(found, locate)
    if (await store.writeRound({ at, peers, keepSince: at - keepMs })) announce()
  }
  return { at, seen: found.size, answered, ...counts }
}

/** Every node's status, which names its peers as `info_get_peers` does. @throws {NoNodeError} when there is none */
async function askNodes(pool: RoundPorts['pool'], log: Log, signal: AbortSignal): Promise<Status[]> {
  const asked: CasperNode[] = []
  const statuses: Status[] = []
  try {
    for (;;) {
      const [node, answer] = await pool.use(
        { not: asked },
        async (node, inner) => [node, await node.rpc.call('info_get_status', undefined, inner)] as const,
        signal,
      )
      asked.push(node)
      const status = parseStatus(answer)
      if (status !== null) statuses.push(status)
      else log.warn('peers: a status is not understood', { node: new URL(node.rpc.url).host })
    }
  } catch (error) {
    if (!(error instanceof NoNodeError) || asked.length === 0) throw error
  }
  return statuses
}

/** A key is given to the nearest peer that claims it: nothing proves a claim, and one of two is wrong. */
function toPeers(found: Exploration['found'], locate: Locate): SeenPeer[] {
  const claimed = new Set<string>()
  return [...found].map(([address, said]) => {
    const key = said?.validator ?? null
    const isClaimed = key !== null && claimed.has(key)
    if (key !== null) claimed.add(key)
    return { address, said: said && isClaimed ? { ...said, validator: null } : said, place: locate(address) }
  })
}
