import { describe, expect, it } from 'vitest'
import { toRuns, toScale, toStacked, toTick } from '../../../site/widgets/chart/scale.ts'

const ticks = (values: number[], fromZero: boolean) => {
  const scale = toScale(values, fromZero)
  return scale.ticks.map((tick) => toTick(tick, scale))
}

describe('toScale()', () => {
  it('starts bars at zero', () => {
    expect(ticks([3, 54, 20], true)).toEqual(['0', '20', '40', '60'])
    expect(ticks([-7e6, 3_500], true)).toEqual(['−8 M', '−6 M', '−4 M', '−2 M', '0', '2 M'])
  })
  it('zooms lines in, with as many decimals as the steps need', () => {
    expect(ticks([1.074e9, 1.0816e9], false)).toEqual(['1.074 B', '1.076 B', '1.078 B', '1.080 B', '1.082 B'])
    expect(ticks([10_992_290_000, 10_992_299_000], false)).toEqual([
      '10.9922900 B',
      '10.9922925 B',
      '10.9922950 B',
      '10.9922975 B',
      '10.9923000 B',
    ])
  })
  it.each([
    [[], true],
    [[0, 0], true],
    [[5], false],
    [[5, 5, 5], true],
    [[-3], true],
  ] as [number[], boolean][])('has room and finite ticks for %j', (values, fromZero) => {
    const scale = toScale(values, fromZero)
    expect(scale.high).toBeGreaterThan(scale.low)
    expect(scale.ticks.length).toBeGreaterThan(1)
    expect(scale.ticks.every(Number.isFinite)).toBe(true)
    for (const value of values) {
      expect(value).toBeGreaterThanOrEqual(scale.low)
      expect(value).toBeLessThanOrEqual(scale.high)
    }
  })
})

describe('toStacked()', () => {
  it('piles what is above zero up and what is below it down', () => {
    expect(
      toStacked([
        [3, 1],
        [-2, null],
        [4, -1],
        [-1, -5],
      ]),
    ).toEqual([
      [3, 1],
      [-2, 1],
      [7, -1],
      [-3, -6],
    ])
  })
})

describe('toRuns()', () => {
  it('never crosses a gap', () => {
    expect(toRuns([1, 2, null, 3, null, null, 4, 0])).toEqual([[0, 1], [3], [6, 7]])
    expect(toRuns([null])).toEqual([])
  })
})
