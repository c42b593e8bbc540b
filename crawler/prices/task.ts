import type { Ms } from '../../src/domain/time.ts'
import { toReason } from '../log.ts'
import { fillHours, toRange } from './hours.ts'
import { CurrentKeeper } from './now.ts'
import type { PricePorts } from './ports.ts'

export interface PriceOptions {
  /** First instant of the history. */
  readonly since: Ms
  /** Between two looks at the price now. */
  readonly pollMs: Ms
}

/**
 * Between two looks at the hours: as long as CryptoCompare keeps an answer. With a look at the price each minute that is
 * 47,500 calls a month, below the 50,000 that cost nothing.
 */
const HOURS_EVERY: Ms = 600_000
/** The same after a disturbance: the sources' own rests decide. */
const SOON: Ms = 60_000

/**
 * Keeps prices until `signal` aborts: the price now, each hour as it goes, and the gaps of the history. Never throws
 * into the crawler: whatever fails is logged and looked at again. Without sources it does nothing.
 */
export async function runPrices(
  options: PriceOptions,
  ports: PricePorts,
  signal: AbortSignal,
): Promise<void> {
  if (ports.sources.length === 0) return
  const current = new CurrentKeeper(ports)
  await Promise.all([
    repeat(ports, signal, async () => {
      await current.look(signal)
      return options.pollMs
    }),
    repeat(ports, signal, async () => {
      const range = toRange(options.since, ports.clock.now())
      if (range === null) return HOURS_EVERY
      const { written, missing, isDisturbed } = await fillHours(ports, range, signal)
      if (written > 0) ports.log.info('prices', { hours: written, missing })
      return isDisturbed ? SOON : HOURS_EVERY
    }),
  ])
}

/** `work` says how long to wait before the next time. */
async function repeat(ports: PricePorts, signal: AbortSignal, work: () => Promise<Ms>): Promise<void> {
  while (!signal.aborted) {
    let pause = SOON
    try {
      pause = await work()
    } catch (error) {
      if (signal.aborted) return
      ports.log.warn('prices: trying again', { reason: toReason(error) })
    }
    await ports.sleep(pause, signal)
  }
}
