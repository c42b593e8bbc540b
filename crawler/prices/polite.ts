import type { Ms } from '../../src/domain/time.ts'
import type { Clock } from '../../src/ports.ts'
import { type Log, toReason } from '../log.ts'
import { type PriceSource, SourceError } from './source.ts'

export type Sleep = (ms: Ms, signal: AbortSignal) => Promise<void>

export interface PolitePorts {
  /** Measures pauses, so one that never steps. */
  readonly clock: Clock
  readonly sleep: Sleep
  readonly log: Log
}

/** A source that is asked no more than it likes. */
export interface PoliteSource extends PriceSource {
  /** Whether it is left alone after a failure. */
  isResting(): boolean
}

const FIRST_REST: Ms = 60_000
const LONGEST_REST: Ms = 3_600_000

/**
 * One question at a time with its spacing between them, and after a failure none for a minute, doubled with each
 * further one up to an hour, or for as long as the source says. Each source rests by itself.
 */
export function toPolite(source: PriceSource, { clock, sleep, log }: PolitePorts): PoliteSource {
  let queue: Promise<unknown> = Promise.resolve()
  let askedAt: Ms = Number.NEGATIVE_INFINITY
  let restsUntil: Ms = Number.NEGATIVE_INFINITY
  let failures = 0
  const isResting = () => clock.now() < restsUntil

  async function ask<T>(question: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const pause = askedAt + source.spacing - clock.now()
    if (pause > 0) await sleep(pause, signal)
    signal.throwIfAborted()
    if (isResting()) throw new SourceError(source.name, 'resting', 'failed a moment ago')
    askedAt = clock.now()
    try {
      const answer = await question()
      failures = 0
      return answer
    } catch (error) {
      if (!signal.aborted) rest(error)
      throw error
    }
  }

  function rest(error: unknown): void {
    const wanted = error instanceof SourceError ? (error.retryAfter ?? 0) : 0
    const pause = Math.max(wanted, Math.min(FIRST_REST * 2 ** failures++, LONGEST_REST))
    restsUntil = clock.now() + pause
    log.warn('price source rests', { source: source.name, seconds: pause / 1_000, reason: toReason(error) })
  }

  function inTurn<T>(question: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const turn = queue.then(() => ask(question, signal))
    queue = turn.catch(() => {})
    return turn
  }

  return {
    name: source.name,
    maxHours: source.maxHours,
    spacing: source.spacing,
    isResting,
    readNow: (signal) => inTurn(() => source.readNow(signal), signal),
    readHours: (from, to, signal) => inTurn(() => source.readHours(from, to, signal), signal),
  }
}
