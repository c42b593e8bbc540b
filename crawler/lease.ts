import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Ms } from '../src/domain/time.ts'
import type { Clock } from '../src/ports.ts'
import { LeaseLostError, StoreQueryError } from '../src/store/errors.ts'
import type { LeaseClaim, LeaseState, LeaseTable } from '../src/store/lease.ts'
import { type Log, toReason } from './log.ts'
import { createLogPace } from './log-pace.ts'

export interface LeaseOptions {
  /** Unique to this process; see `toHolder`. */
  readonly holder: string
  /** A holder that died is succeeded after this long. */
  readonly ttlMs: Ms
  /** Measures only, so one that never steps. */
  readonly clock: Clock
  readonly log: Log
}

/** The right to write, until it is released or lost. */
export interface Lease {
  readonly claim: LeaseClaim
  /** Aborts, with a `LeaseLostError` as its reason, when the lease is another's: the run must end. */
  readonly lost: AbortSignal
  /** For whoever learns of it first, such as a commit that was refused. */
  lose(error: LeaseLostError): void
  /** Whether a renewal is recent enough that nobody can have taken it. False while the store is away. */
  isFresh(): boolean
  /** Stops renewing and gives it back, so that a standby goes on at once. Never throws. */
  release(): Promise<void>
}

/** Host and process for the reader of a status, and a random part, since a restarted container has both again. */
export function toHolder(): string {
  return `${hostname().slice(0, 24)}:${process.pid}:${randomUUID().slice(0, 18)}`
}

/** Between looks at a lease that is another's. */
const LOOK: Ms = 1_000
/** After a renewal that failed; also the shortest time between two. */
const SHORTEST: Ms = 100

/**
 * Takes the lease, waiting for as long as another holds it.
 * @returns null when `signal` aborted first
 * @throws {StoreQueryError} when the store cannot have a lease, such as before its migrations
 */
export async function acquireLease(
  table: LeaseTable,
  options: LeaseOptions,
  signal: AbortSignal,
): Promise<Lease | null> {
  const { holder, ttlMs, clock, log } = options
  const said = createLogPace(clock)
  while (!signal.aborted) {
    try {
      const seen = await table.read()
      // An earlier answer may have got lost: what is ours is ours.
      if (seen.holder === holder) return hold(table, { holder, term: seen.term, ttlMs }, options)
      const claim = isFree(seen) ? await table.take(seen, holder, ttlMs) : null
      if (claim !== null) return hold(table, claim, options)
      if (said.isDue(`${seen.holder} ${seen.term}`)) {
        log.info('standing by', { holder: seen.holder, term: seen.term, until: toIso(seen.until) })
      }
    } catch (error) {
      if (error instanceof StoreQueryError) throw error
      if (said.isDue('store')) log.warn('trying again', { reason: toReason(error) })
    }
    await pause(Math.min(LOOK, ttlMs / 3), signal)
  }
  return null
}

const isFree = ({ holder, until, now }: LeaseState) => holder === '' || now > until

const toIso = (time: Ms) => new Date(time).toISOString()

const pause = (ms: Ms, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => {})

function hold(table: LeaseTable, claim: LeaseClaim, { clock, log }: LeaseOptions): Lease {
  const { ttlMs, term } = claim
  const lost = new AbortController()
  const ended = new AbortController()
  const stop = AbortSignal.any([lost.signal, ended.signal])
  let freshAt = clock.now()
  const said = createLogPace(clock)
  const lose = (error: LeaseLostError) => {
    if (!stop.aborted) lost.abort(error)
  }
  log.info('holding the lease', { term, holder: claim.holder })

  async function renew(): Promise<Ms> {
    // Before the question is sent: what the store grants ends later than we think, never earlier.
    const asked = clock.now()
    if (await table.renew(claim)) {
      freshAt = asked
      if (said.end()) log.info('lease renewed again', { term })
      return Math.max(ttlMs / 3, SHORTEST)
    }
    const { holder, term: now } = await table.read()
    // Ours after all: the first answer came from a node of the store that lagged behind.
    if (holder === claim.holder && now === term) return SHORTEST
    lose(new LeaseLostError(term, { holder, term: now }))
    return 0
  }

  async function keep(): Promise<void> {
    let next: Ms = ttlMs / 3
    while (!stop.aborted) {
      await pause(next, stop)
      if (stop.aborted) return
      try {
        next = await renew()
      } catch (error) {
        // A store that is away gives the lease to nobody else: only its word ends it.
        const isLate = clock.now() - freshAt > ttlMs
        if (isLate && said.isDue('store')) log.warn('lease not renewed', { reason: toReason(error) })
        next = Math.max(ttlMs / 10, SHORTEST)
      }
    }
  }
  const keeping = keep()

  return {
    claim,
    lost: lost.signal,
    lose,
    isFresh: () => !stop.aborted && clock.now() - freshAt < ttlMs,
    async release() {
      ended.abort()
      await keeping
      if (lost.signal.aborted) return
      await table.release(claim).catch((error: unknown) => {
        log.warn('lease not given back: it runs out by itself', { reason: toReason(error) })
      })
    },
  }
}
