import type { Hono } from 'hono'
import type { WireStatus } from '../api/wire/v1.ts'
import type { BreakerState } from '../cache/breaker.ts'
import { type Ms, toIso } from '../domain/time.ts'
import { within } from '../lib/deadline.ts'
import type { Clock, Tip } from '../ports.ts'
import { type Head, peekHead, readHead } from '../read/head.ts'
import type { ReadPorts } from '../read/ports.ts'
import { toJson } from './replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'

/** Blocks behind the network up to which the crawler is said to follow. */
const FOLLOWING = 20
/** The crawler writes a heartbeat every few seconds, also when no block comes. */
const HEARTBEAT_LATE: Ms = 90_000
/** No Casper network makes blocks more rarely than every 66 s; ten minutes without one is a halt. */
const BLOCK_LATE: Ms = 600_000
/** A store that hangs is down: whoever watches the status has no patience for it. */
const LOOK_LIMIT: Ms = 1_000
/** How long one look at the store serves all who ask, unless a block is announced meanwhile. */
const LOOK_EVERY: Ms = 2_000

/** `/v1/status`: 200 whatever is down, since it is there to say so. */
export function createStatusRoutes({ read, clock, answer, version }: RoutePorts): Hono {
  const look = createLook(read, clock)
  return createRoutes(answer, {
    async status() {
      const now = clock.now()
      const { tip, isUp } = await look()
      // The look may be of two seconds ago; the breaker is as it is now.
      const breaker = read.cache.breaker()
      const body = { ...toStatus(tip, isUp, breaker, now), cache: read.cache.stats(), version }
      return toJson(body, { tier: isUp ? 'store' : 'memory', stale: !isUp, storedAt: now }, 'NEVER')
    },
  })
}

interface Look {
  readonly tip: Tip | null
  /** Whether the store itself answered. */
  readonly isUp: boolean
}

/** Asks the store itself, past the cache, but at most once in `LOOK_EVERY` and for each head that was read meanwhile. */
function createLook(read: ReadPorts, clock: Clock): () => Promise<Look> {
  let last: { at: Ms; head: Head | undefined; look: Promise<Look> } | undefined
  return () => {
    const now = clock.now()
    const head = peekHead(read)?.value
    const isOld = last === undefined || now - last.at >= LOOK_EVERY || now < last.at
    // An announcement had the head read anew: the status must not lag behind what `/block` shows.
    if (last === undefined || isOld || (head !== undefined && head !== last.head)) {
      last = { at: now, head, look: lookAt(read) }
    }
    return last.look
  }
}

async function lookAt(read: ReadPorts): Promise<Look> {
  try {
    return { tip: await within(read.store.readTip(), LOOK_LIMIT, 'look at the store'), isUp: true }
  } catch {
    return { tip: await readHeldTip(read), isUp: false }
  }
}

async function readHeldTip(read: ReadPorts): Promise<Tip | null> {
  try {
    return (await readHead(read)).value.head.tip
  } catch {
    return null
  }
}

function toStatus(
  tip: Tip | null,
  isUp: boolean,
  breaker: BreakerState,
  now: Ms,
): Omit<WireStatus, 'cache' | 'version'> {
  const degraded = toDegraded(tip, isUp, breaker, now)
  const health = {
    status: degraded.length === 0 ? 'ok' : 'degraded',
    degraded,
    store: isUp ? 'ok' : 'down',
    breaker,
  } as const
  if (tip === null) {
    return {
      network: 'unknown',
      ...health,
      indexed: null,
      networkHeight: null,
      lag: null,
      mode: 'starting',
      percent: null,
      crawlerHeartbeat: null,
    }
  }
  const { network, checkpoint, heartbeat } = tip
  // The crawler may have committed a block since it last looked at its nodes.
  const networkHeight = Math.max(heartbeat.networkHeight, checkpoint.height)
  const blocks = networkHeight - checkpoint.height
  return {
    network: network.name,
    ...health,
    indexed: {
      height: checkpoint.height,
      hash: checkpoint.hash,
      era: checkpoint.eraId,
      time: toIso(checkpoint.time),
    },
    networkHeight,
    lag: { blocks, seconds: Math.max(0, Math.round((heartbeat.networkTime - checkpoint.time) / 1000)) },
    mode: blocks > FOLLOWING ? 'catching-up' : 'following',
    percent: networkHeight === 0 ? 100 : Math.floor((10_000 * checkpoint.height) / networkHeight) / 100,
    crawlerHeartbeat: heartbeat.at === 0 ? null : toIso(heartbeat.at),
  }
}

function toDegraded(tip: Tip | null, isUp: boolean, breaker: BreakerState, now: Ms): string[] {
  const degraded: string[] = []
  if (!isUp) degraded.push('store: it does not answer; what the caches hold is served')
  else if (breaker === 'open')
    degraded.push('store: questions to it have failed; it is spared for some seconds')
  if (tip === null) return degraded
  const { at, grownAt, networkHeight, trouble } = tip.heartbeat
  const silent = now - at
  if (silent > HEARTBEAT_LATE) degraded.push(`crawler: no sign of life for ${Math.round(silent / 1000)} s`)
  else if (trouble !== null) degraded.push(`crawler: ${trouble}`)
  const age = now - grownAt
  const isFollowing = networkHeight - tip.checkpoint.height <= FOLLOWING
  if (isFollowing && age > BLOCK_LATE) degraded.push(`network: no new block for ${Math.round(age / 1000)} s`)
  return degraded
}
