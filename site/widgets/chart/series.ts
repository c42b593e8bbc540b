/** One line or one layer of bars. */
export interface Series {
  readonly name: string
  /** 1 to 8: `--series-1` and so on. */
  readonly color: number
  /** For pixels only. null is missing: a gap. */
  readonly points: readonly (number | null)[]
  /** The exact figures with their unit, for the tooltip and the table. */
  readonly texts: readonly (string | null)[]
}

/** What a chart shows: series over the same eras, oldest first. */
export interface Plot {
  readonly kind: 'bar' | 'line'
  readonly labels: readonly string[]
  readonly series: readonly Series[]
  /** Index of the unfinished period, drawn apart. */
  readonly open: number | null
}

/** The last `count` periods. */
export function toLast(plot: Plot, count: number): Plot {
  const from = Math.max(0, plot.labels.length - count)
  return {
    ...plot,
    labels: plot.labels.slice(from),
    open: plot.open === null ? null : plot.open - from,
    series: plot.series.map((series) => ({
      ...series,
      points: series.points.slice(from),
      texts: series.texts.slice(from),
    })),
  }
}
