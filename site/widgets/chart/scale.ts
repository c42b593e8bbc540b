/** A value axis: round ticks, and the bounds that they span. */
export interface Scale {
  readonly low: number
  readonly high: number
  readonly step: number
  readonly ticks: readonly number[]
}

const STEPS = [1, 2, 2.5, 5, 10]

/**
 * Round ticks around the values. Bars start at zero; lines zoom in, since a supply that moves by a thousandth would
 * else be a flat line.
 * @param wanted about how many steps
 */
export function toScale(values: readonly number[], fromZero: boolean, wanted = 4): Scale {
  let low = fromZero ? Math.min(0, ...values) : Math.min(...values)
  let high = fromZero ? Math.max(0, ...values) : Math.max(...values)
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    low = 0
    high = 1
  }
  if (low === high) {
    const room = Math.abs(low) * 0.01 || 1
    if (!fromZero || low === 0) high += room
    if (!fromZero) low -= room
  }
  const rough = (high - low) / wanted
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = (STEPS.find((factor) => factor * power >= rough * 0.999) ?? 10) * power
  const first = Math.floor(low / step + 1e-9)
  const last = Math.ceil(high / step - 1e-9)
  // Multiplied, not added up, so that zero is zero.
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step)
  return { low: first * step, high: last * step, step, ticks }
}

const UNITS: readonly (readonly [number, string])[] = [
  [1e12, ' T'],
  [1e9, ' B'],
  [1e6, ' M'],
  [1e3, ' K'],
]

/** Names a tick with as many decimals as tell it from its neighbours: `1.0775 B`. */
export function toTick(value: number, scale: Scale): string {
  const size = Math.max(Math.abs(scale.low), Math.abs(scale.high))
  const [unit, name] = UNITS.find(([each]) => size >= each) ?? [1, '']
  const places = Math.max(0, Math.ceil(-Math.log10(scale.step / unit) - 1e-9))
  // 2.5 needs one decimal more than its power of ten says.
  const fine = places + (Number((scale.step / unit).toFixed(places)) === scale.step / unit ? 0 : 1)
  if (value === 0) return '0'
  return `${(value / unit).toFixed(fine).replace('-', '−')}${name}`
}

/**
 * Where stacked bars end: what is above zero piles up, what is below piles down.
 * @param series rows of equal length; null is no bar
 */
export function toStacked(series: readonly (readonly (number | null)[])[]): number[][] {
  const length = series[0]?.length ?? 0
  const up = new Array<number>(length).fill(0)
  const down = new Array<number>(length).fill(0)
  return series.map((values) =>
    values.map((value, index) => {
      const pile = (value ?? 0) < 0 ? down : up
      pile[index] = (pile[index] ?? 0) + (value ?? 0)
      return pile[index] ?? 0
    }),
  )
}

/** Runs of indexes that have a value: a line is drawn within a run, never across a gap. */
export function toRuns(values: readonly (number | null)[]): number[][] {
  const runs: number[][] = []
  values.forEach((value, index) => {
    if (value === null) return
    if (index > 0 && values[index - 1] !== null && runs.length > 0) runs.at(-1)?.push(index)
    else runs.push([index])
  })
  return runs
}
