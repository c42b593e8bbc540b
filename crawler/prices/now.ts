import type { Ms } from '../../src/domain/time.ts'
import { isAgreed, judgeQuote } from './judge.ts'
import type { PoliteSource } from './polite.ts'
import type { PricePorts } from './ports.ts'
import { type Quote, SourceError } from './source.ts'

/** Keeps the price now: what the first source that has a good one says. */
export class CurrentKeeper {
  readonly #ports: PricePorts
  #at: Ms = 0

  constructor(ports: PricePorts) {
    this.#ports = ports
  }

  /** Looks once. Sources that do not answer are passed over. @throws what the store throws */
  async look(signal: AbortSignal): Promise<void> {
    const { sources, store, clock, log, announce } = this.#ports
    const before = await store.readPriceBefore(clock.now())
    for (const source of sources) {
      const quote = await ask(source, signal)
      if (quote === null) continue
      const now = clock.now()
      const reason = judgeQuote(quote, { now, before })
      if (reason !== null && !(reason === 'jump' && (await this.#isSeconded(quote, source, signal)))) {
        log.warn('price refused', { source: source.name, reason, usd: quote.usd, before: before?.close })
        continue
      }
      const at = quote.at ?? now
      // Another source's older look at the market says nothing new.
      if (at <= this.#at) return
      await store.writeCurrent({ usd: quote.usd, at, source: source.name })
      this.#at = at
      await announce(['price'])
      return
    }
  }

  async #isSeconded(quote: Quote, asked: PoliteSource, signal: AbortSignal): Promise<boolean> {
    for (const source of this.#ports.sources) {
      if (source === asked) continue
      const other = await ask(source, signal)
      const now = this.#ports.clock.now()
      // Sound by itself: that it jumps as well is the point.
      if (other === null || judgeQuote(other, { now, before: null }) !== null) continue
      if (isAgreed(quote.usd, other.usd)) return true
    }
    return false
  }
}

/** null from a source that rests or fails. */
async function ask(source: PoliteSource, signal: AbortSignal): Promise<Quote | null> {
  if (source.isResting()) return null
  try {
    return await source.readNow(signal)
  } catch (error) {
    if (error instanceof SourceError) return null
    throw error
  }
}
