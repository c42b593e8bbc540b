import { DAY, HOUR, type HourlyPrice, isSettled, toHour } from '../../src/domain/price.ts'
import type { Ms } from '../../src/domain/time.ts'
import { findGaps, type Gap, toGaps, toHours, toQuestions } from './gaps.ts'
import { type Judged, judgeHours } from './judge.ts'
import type { PoliteSource } from './polite.ts'
import type { PricePorts } from './ports.ts'
import { SourceError, type Told } from './source.ts'

export interface FillOptions {
  /** Asks again for what a source had no price of within the last day. */
  readonly asksAgain?: boolean
}

export interface Filled {
  readonly written: number
  /** Hours that are still without a price: no source has one, or none answered. */
  readonly missing: number
  /** Whether a source failed or rested: another look may find more. */
  readonly isDisturbed: boolean
}

/**
 * Fills the gaps of an inclusive range of hours from the sources, in the order of preference. An hour that has not
 * settled is a gap: so the running hour is told again and again until it is over. What a source has no price of is
 * remembered, and it is not asked for that again within a day.
 * @throws what the store throws
 */
export async function fillHours(
  ports: PricePorts,
  range: Gap,
  signal: AbortSignal,
  { asksAgain = false }: FillOptions = {},
): Promise<Filled> {
  const { sources, store, clock } = ports
  const settled = await store.readSettledHours(range.from, range.to)
  let wanted = findGaps(settled, range.from, range.to).flatMap(toHours)
  let written = 0
  let isDisturbed = false
  for (const source of sources) {
    if (wanted.length === 0) break
    const since = asksAgain ? Number.MAX_SAFE_INTEGER : clock.now() - DAY
    const inVain = new Set(await store.readAbsentHours(source.name, range.from, range.to, since))
    const asked = wanted.filter((hour) => !inVain.has(hour))
    const got = new Set<Ms>()
    for (const question of toQuestions(toGaps(asked), source.maxHours)) {
      const hours = asked.filter((hour) => hour >= question.from && hour <= question.to)
      const answer = source.isResting() ? null : await askHours(ports, source, question, hours, signal)
      if (answer === null) {
        isDisturbed = true
        break
      }
      await keep(ports, source, answer, hours)
      written += answer.length
      for (const { hour } of answer) got.add(hour)
    }
    wanted = wanted.filter((hour) => !got.has(hour))
  }
  return { written, missing: wanted.length, isDisturbed }
}

/** Prices of the wanted hours; null when the source does not answer. */
async function askHours(
  ports: PricePorts,
  source: PoliteSource,
  question: Gap,
  wanted: readonly Ms[],
  signal: AbortSignal,
): Promise<readonly HourlyPrice[] | null> {
  const askedAt = ports.clock.now()
  const told = await readHours(source, question, signal)
  if (told === null) return null
  const { accepted, refused } = await judge(ports, source, told, signal)
  const [first] = refused
  if (first !== undefined || told.misshapen > 0) {
    ports.log.warn('prices refused', {
      source: source.name,
      refused: refused.length + told.misshapen,
      reason: first?.reason ?? 'no candle at all',
      ...(first && { hour: toText(first.hour) }),
    })
  }
  const isWanted = new Set(wanted)
  return accepted
    .filter(({ hour }) => isWanted.has(hour))
    .map((candle) => ({ ...candle, source: source.name, askedAt }))
}

/** Jumps are judged a second time with what the other sources say of those hours. */
async function judge(
  { sources, store, clock }: PricePorts,
  source: PoliteSource,
  { candles }: Told,
  signal: AbortSignal,
): Promise<Judged> {
  const first = Math.min(...candles.map(({ hour }) => hour))
  const before = candles.length === 0 ? null : await store.readPriceBefore(first)
  const alone = judgeHours(candles, { now: clock.now(), before })
  const jumps = alone.refused.filter(({ reason }) => reason === 'jump').map(({ hour }) => hour)
  if (jumps.length === 0) return alone
  for (const other of sources) {
    if (other === source || other.isResting()) continue
    const to = Math.max(...jumps)
    const from = Math.max(Math.min(...jumps), to - (other.maxHours - 1) * HOUR)
    const told = await readHours(other, { from, to }, signal)
    if (told === null) continue
    const witness = new Map(told.candles.map(({ hour, close }) => [hour, close]))
    return judgeHours(candles, { now: clock.now(), before, witness })
  }
  return alone
}

/** Stores what was told, and remembers what was not. An hour that may still come is not called absent. */
async function keep(
  { store, announce, clock }: PricePorts,
  source: PoliteSource,
  answer: readonly HourlyPrice[],
  asked: readonly Ms[],
): Promise<void> {
  const now = clock.now()
  if (answer.length > 0) {
    await store.writePrices(answer)
    await announce(['price'])
  }
  const got = new Set(answer.map(({ hour }) => hour))
  const absent = asked.filter((hour) => !got.has(hour) && isSettled({ hour, askedAt: now }))
  if (absent.length > 0) await store.writeAbsences(source.name, absent, now)
}

/** null from a source that fails. */
async function readHours(source: PoliteSource, { from, to }: Gap, signal: AbortSignal): Promise<Told | null> {
  try {
    return await source.readHours(from, to, signal)
  } catch (error) {
    if (error instanceof SourceError) return null
    throw error
  }
}

const toText = (hour: Ms) => (Number.isSafeInteger(hour) ? new Date(hour).toISOString() : `${hour}`)

/** From the first hour that begins at or after `since` to the running one; null before there is any. */
export function toRange(since: Ms, now: Ms): Gap | null {
  const from = Math.ceil(since / HOUR) * HOUR
  const to = toHour(now)
  return from > to ? null : { from, to }
}
