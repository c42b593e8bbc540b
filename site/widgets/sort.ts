export type SortValue = string | number | bigint | null

export interface Order {
  /** Of the column. */
  readonly id: string
  readonly down: boolean
}

/** Stable; rows without a value come last either way. */
export function sortRows<Row>(
  rows: readonly Row[],
  value: ((row: Row) => SortValue) | undefined,
  down: boolean,
): readonly Row[] {
  if (value === undefined) return rows
  return [...rows].sort((a, b) => {
    const [x, y] = [value(a), value(b)]
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1
    if (x === y) return 0
    return (x < y ? -1 : 1) * (down ? -1 : 1)
  })
}
