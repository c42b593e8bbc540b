import { expect, test } from 'vitest'
import { findGaps, toGaps, toHours, toQuestions } from '../../../../crawler/prices/gaps.ts'
import { HOUR } from '../../../../src/domain/price.ts'
import { createRandom, PRICES_FROM } from '../../../support/builders.ts'

const at = (hour: number) => PRICES_FROM + hour * HOUR
const short = (gaps: readonly { from: number; to: number }[]) =>
  gaps.map(({ from, to }) => [(from - PRICES_FROM) / HOUR, (to - PRICES_FROM) / HOUR])

test('findGaps() at the ends, in the middle, in nothing and in everything', () => {
  expect(short(findGaps([], at(0), at(3)))).toEqual([[0, 3]])
  expect(short(findGaps([at(0), at(1)], at(0), at(1)))).toEqual([])
  expect(short(findGaps([at(2), at(3), at(7)], at(0), at(9)))).toEqual([
    [0, 1],
    [4, 6],
    [8, 9],
  ])
  expect(short(findGaps([at(-5), at(20)], at(0), at(1)))).toEqual([[0, 1]])
  expect(findGaps([], at(1), at(0))).toEqual([])
})

test('gaps and held hours together are the range, without overlap', () => {
  const random = createRandom(9)
  for (let round = 0; round < 500; round++) {
    const length = 1 + random(60)
    const share = 1 + random(6)
    const range = Array.from({ length }, (_, hour) => at(hour))
    const held = range.filter(() => random(share) > 0)
    const gaps = findGaps(held, at(0), at(length - 1))
    const missing = gaps.flatMap(toHours)
    expect([...missing, ...held].sort((a, b) => a - b)).toEqual(range)
    expect(toGaps(missing)).toEqual(gaps)
    // No two gaps touch: they would be one.
    gaps.slice(1).forEach((gap, index) => expect(gap.from).toBeGreaterThan((gaps[index]?.to ?? 0) + HOUR))
  }
})

test('questions cover every missing hour once, are short enough, newest first, and as few as need be', () => {
  const random = createRandom(10)
  for (let round = 0; round < 500; round++) {
    const share = 1 + random(5)
    const missing = Array.from({ length: 80 }, (_, hour) => at(hour)).filter(() => random(share) === 0)
    const maxHours = 1 + random(25)
    const questions = toQuestions(toGaps(missing), maxHours)
    for (const question of questions) expect(toHours(question).length).toBeLessThanOrEqual(maxHours)
    for (const hour of missing) {
      expect(questions.filter(({ from, to }) => hour >= from && hour <= to).length).toBe(1)
    }
    questions.slice(1).forEach(({ to }, index) => expect(to).toBeLessThan(questions[index]!.from))
    // From the newest missing hour on, each question takes as much as it may: no fewer can do.
    let least = 0
    let reach = Number.POSITIVE_INFINITY
    for (const hour of missing.toReversed()) {
      if (hour > reach) continue
      least++
      reach = hour - maxHours * HOUR
    }
    expect(questions.length).toBe(least)
  }
})
