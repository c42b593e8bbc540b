import { describe, expect, it } from 'vitest'
import { toAgo, toBlockTime, toDuration, toUtc } from '../../../site/format/time.ts'

const S = 1000
const MIN = 60 * S
const H = 60 * MIN
const D = 24 * H

describe('toAgo()', () => {
  it.each([
    [0, 'now'],
    [999, 'now'],
    [-5 * MIN, 'now'],
    [1 * S, '1 s ago'],
    [59 * S + 999, '59 s ago'],
    [MIN, '1 min ago'],
    [59 * MIN, '59 min ago'],
    [H, '1 h ago'],
    [47 * H, '47 h ago'],
    [48 * H, '2 d ago'],
  ])('%i ms is %s', (ms, words) => {
    expect(toAgo(1_000_000_000_000 - ms, 1_000_000_000_000)).toBe(words)
  })
})

describe('toDuration()', () => {
  it.each([
    [-1, '0 s'],
    [8_200, '8 s'],
    [80 * S, '1 min 20 s'],
    [2 * MIN, '2 min'],
    [119.8 * S, '2 min'],
    [125 * MIN, '2 h 5 min'],
    [H + 59.9 * MIN, '2 h'],
    [3 * D + 2 * H, '3 d 2 h'],
  ])('%f ms is %s', (ms, words) => {
    expect(toDuration(ms)).toBe(words)
  })
})

describe('toUtc()', () => {
  it('says the zone', () => {
    expect(toUtc('2026-11-23T21:58:03.520Z')).toBe('2026-11-23 21:58:03 UTC')
  })
})

describe('toBlockTime()', () => {
  it('keeps a tenth of a second', () => {
    expect(toBlockTime(8_140)).toBe('8.1 s')
    expect(toBlockTime(null)).toBe('–')
    expect(toBlockTime(61 * MIN)).toBe('1 h 1 min')
  })
})
