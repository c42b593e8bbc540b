import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Bone, Failed } from '../states.tsx'
import type { Drawing } from './draw.ts'
import type { Plot } from './series.ts'

interface PlotProps {
  plot: Plot
  title: string
  /** Where a click on a period leads. */
  onPick?: ((index: number) => void) | undefined
}

/** The drawing with a cursor: by pointer, or by the arrow keys once it has the focus. */
export function PlotArea({ plot, title, onPick }: PlotProps) {
  const canvas = useRef<HTMLDivElement>(null)
  const drawing = useRef<Drawing | null>(null)
  const latest = useRef(plot)
  latest.current = plot
  const ready = useSignal(false)
  const error = useSignal<Error | null>(null)
  const at = useSignal<number | null>(null)
  const spoken = useSignal(false)
  const tapped = useRef<number | null>(null)

  useEffect(() => {
    let left = false
    import('./draw.ts').then(
      ({ draw }) => {
        if (left || canvas.current === null) return
        drawing.current = draw(canvas.current, latest.current)
        ready.value = true
      },
      (cause: Error) => {
        error.value = cause
      },
    )
    return () => {
      left = true
      drawing.current?.destroy()
    }
  }, [])
  useEffect(() => drawing.current?.show(plot), [plot])

  function point(event: PointerEvent) {
    const x = event.clientX - (event.currentTarget as HTMLElement).getBoundingClientRect().left
    spoken.value = false
    at.value = nearest(drawing.current?.centres() ?? [], x)
  }
  /** A first tap reads, a second one on the same period goes there; a click of the mouse has read already. */
  function pick(event: MouseEvent) {
    const touch = event instanceof PointerEvent && event.pointerType === 'touch'
    if (at.value === null) return
    if (touch && tapped.current !== at.value) tapped.current = at.value
    else onPick?.(at.value)
  }
  function press(event: KeyboardEvent) {
    const end = plot.labels.length - 1
    const here = at.value ?? end + 1
    const moves: Record<string, number | null> = {
      ArrowLeft: Math.max(0, here - 1),
      ArrowRight: Math.min(end, here + 1),
      Home: 0,
      End: end,
      Escape: null,
    }
    if (event.key === 'Enter' && at.value !== null) onPick?.(at.value)
    else if (event.key in moves) {
      at.value = moves[event.key] ?? null
      spoken.value = true
      event.preventDefault()
    }
  }

  if (error.value !== null) {
    return <Failed what="The drawing" error={error.value} onRetry={() => window.location.reload()} />
  }
  return (
    <div class="plot">
      <div class="plot-canvas" ref={canvas} aria-hidden="true" />
      {!ready.value && <Bone height="100%" large />}
      <div
        class={onPick ? 'plot-hit plot-picks' : 'plot-hit'}
        tabIndex={0}
        role="group"
        aria-label={`${title} Left and right arrow keys read the values; the table has them all.`}
        onPointerMove={point}
        onPointerDown={point}
        onPointerLeave={(event) => {
          if (event.pointerType !== 'touch') at.value = null
        }}
        onBlur={() => {
          at.value = null
        }}
        onKeyDown={press}
        onClick={pick}
      />
      {at.value !== null && at.value < plot.labels.length && (
        <Tip plot={plot} at={at.value} centres={drawing.current?.centres() ?? []} />
      )}
      <p class="unseen" aria-live="polite">
        {spoken.value && at.value !== null ? toWords(plot, at.value) : ''}
      </p>
    </div>
  )
}

function Tip({ plot, at, centres }: { plot: Plot; at: number; centres: readonly number[] }) {
  const x = centres[at] ?? 0
  const right = x > ((centres[0] ?? 0) + (centres.at(-1) ?? 0)) / 2
  return (
    <>
      <div class="plot-cursor" style={{ left: `${x}px` }} />
      <div
        class={right ? 'plot-tip plot-tip-left' : 'plot-tip'}
        style={{ left: `${x}px` }}
        aria-hidden="true"
      >
        <p class="plot-tip-title">
          Era {plot.labels[at]}
          {at === plot.open && <span class="quiet"> open, so far</span>}
        </p>
        <dl>
          {plot.series.map((series) => (
            <div key={series.name}>
              <dt>
                <i class={`swatch swatch-${series.color}`} />
                {series.name}
              </dt>
              <dd>{series.texts[at] ?? 'no value'}</dd>
            </div>
          ))}
        </dl>
      </div>
    </>
  )
}

function toWords(plot: Plot, at: number): string {
  const open = at === plot.open ? ', still open' : ''
  const values = plot.series.map((series) => `${series.name} ${series.texts[at] ?? 'no value'}`)
  return `Era ${plot.labels[at]}${open}: ${values.join(', ')}`
}

export function nearest(centres: readonly number[], x: number): number | null {
  let best: number | null = null
  centres.forEach((centre, index) => {
    if (best === null || Math.abs(centre - x) < Math.abs((centres[best] ?? 0) - x)) best = index
  })
  return best
}
