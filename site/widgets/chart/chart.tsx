import { useSignal } from '@preact/signals'
import { useMemo } from 'preact/hooks'
import { Bone, Empty } from '../states.tsx'
import { Table } from '../table.tsx'
import { PlotArea } from './plot.tsx'
import { type Plot, toLast } from './series.ts'

const RANGES = [24, 72, 168]

interface ChartProps {
  /** The question it answers. */
  title: string
  note: string
  /** null while it loads. */
  plot: Plot | null
  csv: string
  onPick?: (label: string) => void
}

/** A chart in its frame: question, range, series to show or hide, and the same figures as a table and as CSV. */
export function Chart({ title, note, plot, csv, onPick }: ChartProps) {
  const range = useSignal(72)
  const asTable = useSignal(false)
  const hidden = useSignal<readonly string[]>([])
  const shown = useMemo(() => {
    if (plot === null) return null
    const cut = toLast(plot, range.value)
    return { ...cut, series: cut.series.filter((series) => !hidden.value.includes(series.name)) }
  }, [plot, range.value, hidden.value])

  function toggle(name: string) {
    const rest = hidden.value.filter((other) => other !== name)
    const next = rest.length === hidden.value.length ? [...rest, name] : rest
    // Hiding the last one shows all again: an empty chart answers nothing.
    hidden.value = next.length === plot?.series.length ? [] : next
  }

  return (
    <section class="card chart" aria-label={title}>
      <header class="card-head">
        <div>
          <h2 class="card-title">{title}</h2>
          <p class="quiet">{note}</p>
        </div>
        <div class="toolbar">
          <div class="segments" role="group" aria-label="Range">
            {RANGES.map((count, index) => (
              <button
                key={count}
                type="button"
                aria-pressed={range.value === count}
                onClick={() => {
                  range.value = count
                }}
              >
                {count}
                <span class={index === RANGES.length - 1 ? '' : 'unseen'}> eras</span>
              </button>
            ))}
          </div>
          <button
            type="button"
            class="button"
            aria-pressed={asTable.value}
            onClick={() => {
              asTable.value = !asTable.value
            }}
          >
            Table
          </button>
          <a class="button" href={csv} download>
            CSV
          </a>
        </div>
      </header>
      <Legend plot={plot} hidden={hidden.value} onToggle={toggle} />
      <div class="chart-body">
        {shown === null || plot === null ? (
          <Bone height="100%" large />
        ) : shown.labels.length < 2 ? (
          <Empty>A chart needs two eras; so far there is {shown.labels.length === 1 ? 'one' : 'none'}.</Empty>
        ) : asTable.value ? (
          <ChartTable plot={shown} caption={title} />
        ) : (
          <PlotArea
            plot={shown}
            title={title}
            onPick={onPick && ((index) => onPick(shown.labels[index] ?? ''))}
          />
        )}
      </div>
    </section>
  )
}

interface LegendProps {
  plot: Plot | null
  hidden: readonly string[]
  onToggle: (name: string) => void
}

function Legend({ plot, hidden, onToggle }: LegendProps) {
  const one = plot !== null && plot.series.length < 2
  return (
    <div class="legend" role="group" aria-label="Series">
      {plot?.series.map((series) =>
        one ? (
          <span key={series.name} class="legend-item">
            <i class={`swatch swatch-${series.color}`} />
            {series.name}
          </span>
        ) : (
          <button
            key={series.name}
            type="button"
            class="legend-item"
            aria-pressed={!hidden.includes(series.name)}
            onClick={() => onToggle(series.name)}
          >
            <i class={`swatch swatch-${series.color}`} />
            {series.name}
          </button>
        ),
      )}
      {plot !== null && plot.open !== null && (
        <span class="legend-item quiet">
          <i class="swatch swatch-open" />
          open era, so far
        </span>
      )}
    </div>
  )
}

/** The alternative that needs no eyes for shapes: newest first, exact. */
function ChartTable({ plot, caption }: { plot: Plot; caption: string }) {
  const rows = plot.labels.map((_, index) => plot.labels.length - 1 - index)
  return (
    <div class="chart-table" tabIndex={0} role="region" aria-label={`${caption} As a table.`}>
      <Table
        caption={caption}
        rows={rows}
        rowKey={(index) => plot.labels[index] ?? index}
        columns={[
          {
            id: 'era',
            title: 'Era',
            sort: (index) => index,
            cell: (index) => (
              <a href={`/eras/${plot.labels[index]}`}>
                {plot.labels[index]}
                {index === plot.open ? ' (open)' : ''}
              </a>
            ),
          },
          ...plot.series.map((series) => ({
            id: series.name,
            title: series.name,
            number: true,
            sort: (index: number) => series.points[index] ?? null,
            cell: (index: number) => series.texts[index] ?? 'no value',
          })),
        ]}
      />
    </div>
  )
}
