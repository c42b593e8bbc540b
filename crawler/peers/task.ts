import type { Ms } from '../../src/domain/time.ts'
import { toReason } from '../log.ts'
import { lookAround, type Round, type RoundOptions, type RoundPorts } from './round.ts'

export interface PeerTaskOptions extends RoundOptions {
  /** Between two looks around; 0 for none at all. */
  readonly everyMs: Ms
}

export interface PeerTaskPorts extends RoundPorts {
  readonly onRound: (round: Round) => void
  readonly sleep: (ms: Ms, signal: AbortSignal) => Promise<void>
}

/** After a look around that failed. */
const SOON: Ms = 60_000

/** Looks around until `signal` aborts. Never throws into the crawler: whatever fails is logged and tried again. */
export async function runPeers(
  options: PeerTaskOptions,
  ports: PeerTaskPorts,
  signal: AbortSignal,
): Promise<void> {
  if (options.everyMs === 0) return
  while (!signal.aborted) {
    let pause = options.everyMs
    try {
      const round = await lookAround(options, ports, signal)
      ports.onRound(round)
      ports.log.info('peers', toFacts(round))
    } catch (error) {
      if (signal.aborted) return
      ports.log.warn('peers: trying again', { reason: toReason(error) })
      pause = Math.min(pause, SOON)
    }
    await ports.sleep(pause, signal)
  }
}

/** Counts alone: no word of a stranger gets into a log. */
export function toFacts({ seen, answered, visited, refused, failures }: Round) {
  return { seen, answered, visited, refused, ...Object.fromEntries(failures) }
}
