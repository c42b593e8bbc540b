/** What an era's ring shows. */
export interface EraEstimate {
  /** Blocks that eras usually have. */
  readonly expected: number
  readonly done: number
  readonly left: number
  /** Milliseconds until the era should close; 0 when it is overdue. */
  readonly msLeft: number
  /** 0 to 1; never 1 while the era is open. */
  readonly progress: number
}

/** Eras that the estimate looks back on: a day on mainnet. */
const LOOK_BACK = 12
const NEARLY = 0.99

/**
 * How far an open era is, by the median of the eras before: an upgrade's one-block era or a halt does not bend it.
 * @param closed closed eras, newest first
 * @param done blocks of the open era so far
 * @returns null when no era has closed yet
 */
export function estimateEra(
  closed: readonly { readonly blocks: number; readonly ms: number }[],
  done: number,
): EraEstimate | null {
  const recent = closed.slice(0, LOOK_BACK)
  const expected = median(recent.map((era) => era.blocks))
  if (expected === null || expected < 1) return null
  // An era's time runs from its first block to its last: one interval less than it has blocks.
  const blockTime =
    median(recent.filter((era) => era.blocks > 1).map((era) => era.ms / (era.blocks - 1))) ?? 0
  const left = Math.max(0, expected - done)
  return { expected, done, left, msLeft: left * blockTime, progress: Math.min(NEARLY, done / expected) }
}

/** Lower median; null of nothing. */
export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null
}
