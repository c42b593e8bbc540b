const WIDTH = 160
const HEIGHT = 32
const INSET = 2

/**
 * The trend of a tile, without axes: its figures are in the tile and in the charts. A missing value is a gap; the
 * unfinished last value is drawn as a ring.
 */
export function Sparkline({ values, open = false }: { values: readonly (number | null)[]; open?: boolean }) {
  const known = values.filter((value) => value !== null)
  const low = Math.min(...known)
  const span = Math.max(...known) - low
  const x = (index: number) => INSET + (index / Math.max(1, values.length - 1)) * (WIDTH - 2 * INSET)
  const y = (value: number) =>
    span === 0 ? HEIGHT / 2 : HEIGHT - INSET - ((value - low) / span) * (HEIGHT - 2 * INSET)

  let path = ''
  let pen = false
  values.forEach((value, index) => {
    if (value === null) pen = false
    else {
      path += `${pen ? 'L' : 'M'}${x(index).toFixed(1)} ${y(value).toFixed(1)}`
      pen = true
    }
  })
  const last = values.at(-1)
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      height={HEIGHT}
      aria-hidden="true"
    >
      {known.length > 1 && <path d={path} vector-effect="non-scaling-stroke" />}
      {known.length > 1 && typeof last === 'number' && (
        <path
          class={open ? 'sparkline-end sparkline-open' : 'sparkline-end'}
          d={`M${x(values.length - 1)} ${y(last)}h0`}
          vector-effect="non-scaling-stroke"
        />
      )}
    </svg>
  )
}
