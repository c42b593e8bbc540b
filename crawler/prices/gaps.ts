import { HOUR } from '../../src/domain/price.ts'
import type { Ms } from '../../src/domain/time.ts'

/** Consecutive hours, both inclusive. */
export interface Gap {
  readonly from: Ms
  readonly to: Ms
}

/**
 * The hours of an inclusive range that are not held, as gaps, ascending. Both bounds are starts of hours.
 * @param held ascending; hours outside of the range do not matter
 */
export function findGaps(held: Iterable<Ms>, from: Ms, to: Ms): Gap[] {
  const gaps: Gap[] = []
  let next = from
  for (const hour of held) {
    if (hour < next) continue
    if (hour > to) break
    if (hour > next) gaps.push({ from: next, to: hour - HOUR })
    next = hour + HOUR
  }
  if (next <= to) gaps.push({ from: next, to })
  return gaps
}

/** Ascending hours as gaps. */
export function toGaps(hours: readonly Ms[]): Gap[] {
  const gaps: { from: Ms; to: Ms }[] = []
  for (const hour of hours) {
    const last = gaps.at(-1)
    if (last !== undefined && hour === last.to + HOUR) last.to = hour
    else gaps.push({ from: hour, to: hour })
  }
  return gaps
}

export function toHours({ from, to }: Gap): Ms[] {
  return Array.from({ length: (to - from) / HOUR + 1 }, (_, index) => from + index * HOUR)
}

/**
 * Questions that cover all gaps, each of at most `maxHours`, newest first: what people look at is mended first. Gaps
 * that lie close together share a question, whatever is held between them.
 */
export function toQuestions(gaps: readonly Gap[], maxHours: number): Gap[] {
  const span = (maxHours - 1) * HOUR
  const questions: Gap[] = []
  let open: { from: Ms; to: Ms } | null = null
  for (const gap of gaps.toReversed()) {
    let { to } = gap
    if (open !== null && gap.to >= open.to - span) {
      open.from = Math.max(gap.from, open.to - span)
      to = open.from - HOUR
    }
    for (; to >= gap.from; to = open.from - HOUR) {
      open = { from: Math.max(gap.from, to - span), to }
      questions.push(open)
    }
  }
  return questions
}
