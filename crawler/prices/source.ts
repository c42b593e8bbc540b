import type { HourlyPrice } from '../../src/domain/price.ts'
import type { Ms } from '../../src/domain/time.ts'

/** An hour as a source tells it, before anybody has judged it. */
export type Candle = Omit<HourlyPrice, 'source' | 'askedAt'>

export interface Quote {
  readonly usd: number
  /** When it was so; null from a source that does not tell. */
  readonly at: Ms | null
}

/** A source's answer for a range of hours. */
export interface Told {
  readonly candles: readonly Candle[]
  /** Rows that are no candle at all. */
  readonly misshapen: number
}

/** Who tells prices. Asks once for each call: patience is `polite`'s. */
export interface PriceSource {
  readonly name: string
  /** Hours that one question may span. */
  readonly maxHours: number
  /** Least time between two questions, by the source's limits. */
  readonly spacing: Ms
  /** @throws {SourceError} */
  readNow(signal: AbortSignal): Promise<Quote>
  /** Hours that begin within inclusive bounds, as far as the source has them. @throws {SourceError} */
  readHours(from: Ms, to: Ms, signal: AbortSignal): Promise<Told>
}

export type SourceFault =
  /** No answer: no connection, or not in time. */
  | 'network'
  | 'timeout'
  /** More bytes than any answer has. */
  | 'too-large'
  /** Asked too often; `retryAfter` says for how long to be quiet, where the source does. */
  | 'rate-limit'
  /** An HTTP status, or an answer, that says no. */
  | 'refused'
  /** An answer that is none. */
  | 'shape'
  /** Not asked: it failed a moment ago. */
  | 'resting'

/** A source did not answer as it should. Nothing of it is stored. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly source: string
  readonly fault: SourceFault
  readonly retryAfter: Ms | null

  constructor(
    source: string,
    fault: SourceFault,
    detail: string,
    options: { readonly retryAfter?: Ms | null; readonly cause?: unknown } = {},
  ) {
    super(`${source}: ${detail}`, { cause: options.cause })
    this.source = source
    this.fault = fault
    this.retryAfter = options.retryAfter ?? null
  }
}
