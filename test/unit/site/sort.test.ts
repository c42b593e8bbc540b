import { describe, expect, it } from 'vitest'
import { sortRows } from '../../../site/widgets/sort.ts'

const rows = [
  { amount: 3n },
  { amount: null },
  { amount: 9_007_199_254_740_993n },
  { amount: 9_007_199_254_740_992n },
]
const amounts = (down: boolean) => sortRows(rows, (row) => row.amount, down).map((row) => row.amount)

describe('sortRows()', () => {
  it('tells amounts above 2^53 apart', () => {
    expect(amounts(true)).toEqual([9_007_199_254_740_993n, 9_007_199_254_740_992n, 3n, null])
  })
  it('leaves rows without a value last either way', () => {
    expect(amounts(false)).toEqual([3n, 9_007_199_254_740_992n, 9_007_199_254_740_993n, null])
  })
  it('changes nothing without a column', () => {
    expect(sortRows(rows, undefined, true)).toBe(rows)
  })
})
