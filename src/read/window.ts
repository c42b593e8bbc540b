import { joinSources, type Read, type Source } from './ports.ts'

/** A walk over consecutive numbers (heights, era ids) in one direction. `after` is the last one seen. */
export interface Walk {
  readonly order: 'asc' | 'desc'
  readonly limit: number
  readonly after: number | null
}

export interface Window<T> {
  readonly source: Source
  /** In the walk's order. */
  readonly found: readonly T[]
  readonly hasMore: boolean
}

/**
 * The next `limit` of what lies within inclusive bounds, read as one ascending range.
 * @param head the newest part, which every list depends on
 */
export async function readWindow<T>(
  bounds: { readonly low: number; readonly high: number },
  { order, limit, after }: Walk,
  head: Source,
  readRange: (from: number, to: number) => Promise<readonly Read<T>[]>,
): Promise<Window<T>> {
  const isUp = order === 'asc'
  let { low, high } = bounds
  if (after !== null && isUp) low = Math.max(low, after + 1)
  if (after !== null && !isUp) high = Math.min(high, after - 1)

  const from = isUp ? low : Math.max(low, high - limit + 1)
  const to = isUp ? Math.min(high, low + limit - 1) : high
  const reads = await readRange(from, to)
  const found = reads.map(({ value }) => value)
  return {
    source: joinAll(head, reads),
    found: isUp ? found : found.reverse(),
    hasMore: isUp ? to < high : from > low,
  }
}

/** The source of a list whose newest part is the head. */
export function joinAll(head: Source, reads: readonly Source[]): Source {
  return reads.reduce<Source>((joined, read) => joinSources(joined, read), head)
}
