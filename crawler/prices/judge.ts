import { DAY, HOUR, LEAST_USD, MOST_TRADED, MOST_USD } from '../../src/domain/price.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { Candle, Quote } from './source.ts'

/** Why a price is not stored. */
export type Refusal =
  /** Its time is no full hour. */
  | 'no full hour'
  | 'told twice'
  /** Zero, negative or no number: prices, or a volume below zero. */
  | 'not positive'
  /** A price or volume that no market can have had: see `src/domain/price.ts`. */
  | 'out of bounds'
  /** High below low, or open or close well outside of them. */
  | 'high and low contradict'
  | 'in the future'
  /** Of a price now: older than an hour. */
  | 'out of date'
  /** A hundred times more or less than before, and no other source says so. */
  | 'jump'

export interface Refused {
  readonly hour: Ms
  readonly reason: Refusal
}

export interface Judged {
  readonly accepted: readonly Candle[]
  readonly refused: readonly Refused[]
}

/** A price that is known already. */
export interface Known {
  readonly hour: Ms
  readonly close: number
}

export interface Circumstances {
  readonly now: Ms
  /** The newest stored hour before the first candle; null when there is none. */
  readonly before: Known | null
  /** Closes that another source tells, by hour: they may confirm a jump. */
  readonly witness?: ReadonlyMap<Ms, number>
}

/** A decimal point that slipped two places, a coin of the same name: no market moves so within an hour. */
const JUMP = 100
/** Sources agree when they are within this factor: they weigh markets in different ways. */
const AGREEMENT = 2
/** An index opens an hour with the close of the one before, which may lie a little outside of its highs and lows. */
const SLACK = 1.05
/** Beyond a day an older price says nothing of a jump. */
const LONGEST_MEMORY: Ms = DAY
/** Clocks differ. */
const AHEAD: Ms = 120_000
const OUT_OF_DATE: Ms = HOUR

/** Which of a source's candles may be stored. They are judged in the order of time, each against the last good one. */
export function judgeHours(candles: readonly Candle[], { now, before, witness }: Circumstances): Judged {
  const accepted: Candle[] = []
  const refused: Refused[] = []
  const seen = new Set<Ms>()
  const sound: Candle[] = []
  for (const candle of candles.toSorted((a, b) => a.hour - b.hour)) {
    const reason = seen.has(candle.hour) ? 'told twice' : findFlaw(candle, now)
    seen.add(candle.hour)
    if (reason === null) sound.push(candle)
    else refused.push({ hour: candle.hour, reason })
  }
  const usual = toMedian(sound.map(({ close }) => close))
  let last = before
  for (const candle of sound) {
    const isRecent = last !== null && candle.hour - last.hour <= LONGEST_MEMORY
    const reference = isRecent && last !== null ? last.close : usual
    const isJump = [candle.open, candle.high, candle.low, candle.close].some(
      (price) => toFactor(price, reference) > JUMP,
    )
    if (isJump && !isConfirmed(candle, witness)) refused.push({ hour: candle.hour, reason: 'jump' })
    else {
      accepted.push(candle)
      last = candle
    }
  }
  return { accepted, refused }
}

/** What is wrong with a price now; null when nothing is. */
export function judgeQuote({ usd, at }: Quote, { now, before }: Circumstances): Refusal | null {
  if (!(usd > 0 && Number.isFinite(usd))) return 'not positive'
  if (!isPrice(usd)) return 'out of bounds'
  if (at !== null && at > now + AHEAD) return 'in the future'
  if (at !== null && at < now - OUT_OF_DATE) return 'out of date'
  if (before === null || now - before.hour > LONGEST_MEMORY) return null
  return toFactor(usd, before.close) > JUMP ? 'jump' : null
}

/** Whether one CSPR may cost that, in US dollars. */
export const isPrice = (usd: number) => usd >= LEAST_USD && usd <= MOST_USD

/** Whether so much may be traded within an hour, in CSPR or US dollars. */
export const isVolume = (amount: number) => amount >= 0 && amount <= MOST_TRADED

export function isAgreed(a: number, b: number): boolean {
  return toFactor(a, b) <= AGREEMENT
}

/** Flaws that a candle has by itself; null when it has none. */
export function findFlaw(candle: Candle, now: Ms): Refusal | null {
  const { hour, open, high, low, close, volumeFrom, volumeTo } = candle
  if (!Number.isSafeInteger(hour) || hour < 0 || hour % HOUR !== 0) return 'no full hour'
  const arePositive = [open, high, low, close].every((price) => price > 0 && Number.isFinite(price))
  const areVolumes = [volumeFrom, volumeTo].every(
    (volume) => volume === null || (volume >= 0 && Number.isFinite(volume)),
  )
  if (!arePositive || !areVolumes) return 'not positive'
  if (![open, high, low, close].every(isPrice)) return 'out of bounds'
  if (![volumeFrom, volumeTo].every((volume) => volume === null || isVolume(volume))) return 'out of bounds'
  const inner = [open, close]
  if (low > high || Math.max(...inner) > high * SLACK || Math.min(...inner) * SLACK < low) {
    return 'high and low contradict'
  }
  return hour > now + AHEAD ? 'in the future' : null
}

function isConfirmed({ hour, close }: Candle, witness: Circumstances['witness']): boolean {
  const told = witness?.get(hour)
  return told !== undefined && told > 0 && isAgreed(close, told)
}

function toFactor(a: number, b: number): number {
  return a > b ? a / b : b / a
}

function toMedian(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
