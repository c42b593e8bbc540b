import { describe, expect, it } from 'vitest'
import { estimateEra, median } from '../../../site/state/estimate.ts'

/** As on mainnet: about 900 blocks of 8 seconds. */
const usual = { blocks: 901, ms: 900 * 8_000 }

describe('estimateEra()', () => {
  it('is null before an era has closed', () => {
    expect(estimateEra([], 5)).toBeNull()
  })
  it('counts blocks against the median and turns the rest into time', () => {
    const estimate = estimateEra([usual, usual, usual], 301)
    expect(estimate).toEqual({
      expected: 901,
      done: 301,
      left: 600,
      msLeft: 600 * 8_000,
      progress: 301 / 901,
    })
  })
  it('is not bent by an upgrade’s era of one block, nor by a halt', () => {
    const halted = { blocks: 901, ms: 20 * 3_600_000 }
    const estimate = estimateEra([{ blocks: 1, ms: 0 }, halted, usual, usual, usual], 0)
    expect(estimate?.expected).toBe(901)
    expect(estimate?.msLeft).toBe(901 * 8_000)
  })
  it('never says that an open era is done', () => {
    const estimate = estimateEra([usual], 1_000)
    expect(estimate?.left).toBe(0)
    expect(estimate?.msLeft).toBe(0)
    expect(estimate?.progress).toBe(0.99)
  })
  it('looks back a dozen eras', () => {
    const old = Array.from({ length: 40 }, () => ({ blocks: 10, ms: 9_000 }))
    expect(estimateEra([...Array.from({ length: 12 }, () => usual), ...old], 0)?.expected).toBe(901)
  })
})

describe('median()', () => {
  it('is the lower middle', () => {
    expect(median([])).toBeNull()
    expect(median([3])).toBe(3)
    expect(median([4, 1, 3, 2])).toBe(2)
  })
})
