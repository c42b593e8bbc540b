import { type Ms, toIso } from '../../src/domain/time.ts'
import type { Tip } from '../../src/ports.ts'
import { toStoreError } from '../../src/store/failures.ts'
import { connectMysql } from '../../src/store/mysql.ts'
import { type Operations, readOperations } from '../../src/store/queries/operations.ts'
import { readTip } from '../../src/store/queries/tip.ts'
import { pickConfig } from '../config.ts'
import { EXIT, type Flags, type Given } from './command.ts'
import { toCount } from './count.ts'
import { explain } from './explain.ts'

export const flags: Flags = { json: { type: 'boolean', help: 'One JSON object instead of lines' } }

/** As `/v1/status` has it: the crawler writes a heartbeat every few seconds, also when no block comes. */
const HEARTBEAT_LATE: Ms = 90_000
/** An edge that was away for so long serves by its own freshness alone. */
const ANNOUNCEMENT_LATE: Ms = 300_000
/** Blocks behind the network up to which the crawler is said to follow. */
const FOLLOWING = 20

/** Exit code 0 when all is well, 2 when the crawl needs a look, 1 when the store cannot be asked. */
export async function run({ flags, env, out }: Given): Promise<number> {
  const { DATABASE_URL } = pickConfig(env, 'DATABASE_URL')
  const store = connectMysql(DATABASE_URL, { connections: 1 })
  try {
    const operations = await readOperations(store.db)
    const tip = await readTip(store.db)
    const status = toStatus(tip, operations)
    out(flags.json === true ? `${JSON.stringify(status)}\n` : toText(status))
    return status.degraded.length === 0 ? EXIT.ok : EXIT.degraded
  } catch (error) {
    return explain(toStoreError(error))
  } finally {
    await store.close()
  }
}

/** Seconds, rounded; ages are by the store's clock. */
const seconds = (ms: Ms) => Math.max(0, Math.round(ms / 1000))

export function toStatus(tip: Tip | null, { now, lease, announcements, absences, incidents }: Operations) {
  return {
    network: tip?.network.name ?? null,
    checkpoint: tip && { ...tip.checkpoint, time: toIso(tip.checkpoint.time) },
    networkHeight: tip?.heartbeat.networkHeight ?? null,
    lag: tip && {
      blocks: tip.heartbeat.networkHeight - tip.checkpoint.height,
      seconds: seconds(tip.heartbeat.networkTime - tip.checkpoint.time),
    },
    mode:
      tip && (tip.heartbeat.networkHeight - tip.checkpoint.height > FOLLOWING ? 'catching up' : 'following'),
    heartbeatAge: tip && tip.heartbeat.at > 0 ? seconds(now - tip.heartbeat.at) : null,
    trouble: tip?.heartbeat.trouble ?? null,
    lease: lease && {
      holder: lease.holder,
      term: lease.term,
      heldFor: seconds(now - lease.takenAt),
      runsOutIn: Math.round((lease.until - now) / 1000),
    },
    announcements: announcements.map(({ group, height, at }) => ({ group, height, age: seconds(now - at) })),
    absences,
    incidents: {
      count: incidents.count,
      newest: incidents.newest.map(({ at, ...rest }) => ({ at: toIso(at), ...rest })),
    },
    degraded: toDegraded(tip, now, lease, announcements),
  }
}

function toDegraded(
  tip: Tip | null,
  now: Ms,
  lease: Operations['lease'],
  announcements: Operations['announcements'],
): string[] {
  const degraded: string[] = []
  if (lease === null) degraded.push('no crawler holds the lease')
  else if (lease.until < now)
    degraded.push(`the lease of ${lease.holder} ran out ${seconds(now - lease.until)} s ago`)
  if (tip === null) return [...degraded, 'nothing is stored yet']
  const { at, trouble } = tip.heartbeat
  if (now - at > HEARTBEAT_LATE) degraded.push(`no sign of life of a crawler for ${seconds(now - at)} s`)
  else if (trouble !== null) degraded.push(trouble)
  for (const { group, at } of announcements) {
    if (now - at > ANNOUNCEMENT_LATE)
      degraded.push(`${group} not confirmed by every edge for ${seconds(now - at)} s`)
  }
  return degraded
}

type Status = ReturnType<typeof toStatus>

function toText(status: Status): string {
  const { checkpoint, lag, lease, announcements, absences, incidents } = status
  const rows: (readonly [string, string])[] = [
    ['network', status.network ?? 'none yet'],
    [
      'checkpoint',
      checkpoint ? `block ${checkpoint.height}, era ${checkpoint.eraId}, ${checkpoint.time}` : 'none yet',
    ],
    ['network height', lag ? `${status.networkHeight}, ${status.mode}` : 'unknown'],
    ['lag', lag ? `${toCount(lag.blocks, 'block')}, ${lag.seconds} s` : 'unknown'],
    ['heartbeat', status.heartbeatAge === null ? 'none yet' : `${status.heartbeatAge} s ago`],
    ['lease', lease ? toLease(lease) : 'nobody’s'],
    [
      'to announce',
      announcements.map(({ group, height, age }) => `${group} of block ${height} (${age} s)`).join(', ') ||
        'nothing',
    ],
    [
      'absent figures',
      absences
        .map(({ figure, count, first, last }) => `${figure}: ${count} (blocks ${first} to ${last})`)
        .join(', ') || 'none',
    ],
    ['incidents', `${incidents.count}`],
    ...incidents.newest.map(
      ({ at, kind, height, detail }) => ['', `${at} ${kind}, block ${height}: ${detail}`] as const,
    ),
    ...status.degraded.map((reason) => ['DEGRADED', reason] as const),
  ]
  return `${rows.map(([name, value]) => `${name.padEnd(15)} ${value}`).join('\n')}\n`
}

function toLease({ holder, term, heldFor, runsOutIn }: NonNullable<Status['lease']>): string {
  const end = runsOutIn < 0 ? `ran out ${-runsOutIn} s ago` : `runs out in ${runsOutIn} s unless renewed`
  return `${holder}, term ${term}, for ${heldFor} s; ${end}`
}
