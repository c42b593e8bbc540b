import { Chart } from 'frappe-charts'
import { toRuns, toScale, toStacked, toTick } from './scale.ts'
import type { Plot } from './series.ts'

/* The one file that knows frappe-charts. Its drawing is kept, its arithmetic is not: see `layOut` and `mend`. */

export interface Drawing {
  show(plot: Plot): void
  /** Centres of the periods in pixels from the left edge. */
  centres(): readonly number[]
  destroy(): void
}

const HEIGHT = 232
const LEFT = 64
const RIGHT = 8
const TOP = 8
const BOTTOM = 28

/** What is not zero stays visible beside what is a thousand times larger. */
const LEAST_BAR = 1.5
const LABEL_ROOM = 48
const LABEL_STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500]

/** Draws into `parent`, and again when its width changes. Colours are the stylesheet's, so a theme needs no redraw. */
export function draw(parent: HTMLElement, first: Plot): Drawing {
  let plot = first
  let chart = make()

  function make() {
    const made = new Chart(parent, {
      type: plot.kind,
      data: toInput(plot),
      height: HEIGHT,
      animate: 0,
      barOptions: { stacked: 1, spaceRatio: 0.25 },
      lineOptions: { hideDots: 1 },
      axisOptions: { xIsSeries: 1, xAxisMode: 'tick' },
    })
    made.config.showLegend = 0
    made.measures = {
      margins: { top: 0, bottom: 0, left: 0, right: 0 },
      paddings: { top: TOP, bottom: BOTTOM, left: LEFT, right: RIGHT },
      titleHeight: 0,
      legendHeight: 0,
    }
    made.height = HEIGHT - TOP - BOTTOM
    const render = made.render.bind(made)
    made.calcYAxisParameters = () => layOut(made, plot)
    made.render = (components) => {
      render(components, false)
      mend(made, plot)
    }
    // The library first draws zeros and comes to the data after 700 ms: it need not.
    made.data = toInput(plot)
    made.draw()
    return made
  }

  return {
    show(next) {
      const same = next.kind === plot.kind && next.series.length === plot.series.length
      plot = next
      if (same) chart.update(toInput(plot))
      else {
        chart.destroy()
        chart = make()
      }
    },
    centres: () => chart.state.xAxis.positions.map((x) => x + LEFT),
    destroy() {
      chart.destroy()
      parent.replaceChildren()
    },
  }
}

function toInput(plot: Plot) {
  return {
    labels: [...plot.labels],
    datasets: plot.series.map((series) => ({
      name: series.name,
      chartType: plot.kind,
      values: series.points.map((point) => point ?? 0),
    })),
  }
}

/**
 * The value axis by our own scale. The library's cannot zoom in on a supply (its steps are whole powers of ten) and
 * piles negative bars onto positive ones.
 */
function layOut(chart: Chart, plot: Plot): void {
  const { state, height } = chart
  const rows = plot.series.map((series) => series.points)
  const tops = plot.kind === 'bar' ? toStacked(rows) : rows.map((row) => row.map((point) => point ?? 0))
  const seen = plot.kind === 'bar' ? tops.flat() : rows.flat().filter((point) => point !== null)
  const scale = toScale(seen, plot.kind === 'bar')
  const perUnit = height / (scale.high - scale.low)
  const toY = (value: number) => Math.round((height - (value - scale.low) * perUnit) * 100) / 100
  state.yAxis = {
    labels: scale.ticks.map((tick) => toTick(tick, scale)),
    positions: scale.ticks.map(toY),
    scaleMultiplier: perUnit,
    zeroLine: toY(0),
  }
  state.datasets = chart.data.datasets.map((set, index) => ({
    name: set.name,
    index,
    chartType: set.chartType,
    values: set.values,
    yPositions: set.values.map(toY),
    cumulativeYs: [],
    cumulativeYPos: (tops[index] ?? []).map(toY),
  }))
  state.yExtremes = new Array(state.datasetLength).fill(0)
}

/** After each drawing: round labels, colours by series, gaps where values are missing, the unfinished period apart. */
function mend(chart: Chart, plot: Plot): void {
  mendLabels(chart, plot)
  plot.series.forEach((series, index) => {
    const group = chart.svg.querySelector<SVGGElement>(`.dataset-units.dataset-${index}`)
    if (!group) return
    group.style.setProperty('--series', `var(--series-${series.color})`)
    if (plot.kind === 'line') mendLine(chart, group, series.points, index, plot.open)
    else {
      group.querySelectorAll('.bar').forEach((bar, period) => {
        if (!series.points[period]) bar.remove()
        else if (period === plot.open) bar.classList.add('bar-open')
        const short = LEAST_BAR - Number(bar.getAttribute('height'))
        if (short <= 0) return
        bar.setAttribute('height', String(LEAST_BAR))
        if ((series.points[period] ?? 0) > 0)
          bar.setAttribute('y', String(Number(bar.getAttribute('y')) - short))
      })
    }
  })
}

/** Round eras with air between them, where the library fills the axis. */
function mendLabels(chart: Chart, plot: Plot): void {
  const perLabel = chart.width / plot.labels.length
  const step = LABEL_STEPS.find((each) => each * perLabel >= LABEL_ROOM) ?? 1000
  chart.svg.querySelectorAll('.x.axis text').forEach((text, index) => {
    const label = plot.labels[index] ?? ''
    text.textContent = Number(label) % step === 0 ? label : ''
  })
}

function mendLine(
  chart: Chart,
  group: SVGGElement,
  points: readonly (number | null)[],
  index: number,
  open: number | null,
): void {
  const line = group.querySelector('.line-graph-path')
  const ys = chart.state.datasets[index]?.yPositions ?? []
  const at = (i: number) => `${chart.state.xAxis.positions[i]},${ys[i]}`
  const closed = toRuns(points.map((point, i) => (i === open ? null : point)))
  // A run of one has no length: the round cap of a zero-length stroke draws it as a point.
  line?.setAttribute(
    'd',
    closed.map((run) => `M${run.map(at).join('L')}${run.length === 1 ? 'h0' : ''}`).join(''),
  )
  if (open === null || (points[open] ?? null) === null) return
  const tail = document.createElementNS('http://www.w3.org/2000/svg', 'path')
  const before = points[open - 1] ?? null
  tail.setAttribute('class', 'line-open')
  tail.setAttribute('d', before === null ? `M${at(open)}h0` : `M${at(open - 1)}L${at(open)}`)
  group.append(tail)
}
