import type { ComponentChildren } from 'preact'
import { Sparkline } from './sparkline.tsx'
import { Bone } from './states.tsx'

export interface Change {
  /** Signed and with its unit: `+3.5 K CSPR`. */
  readonly text: string
  /** Good or bad is not ours to say: only the direction is coloured. */
  readonly direction: 'up' | 'down' | 'same'
  /** `in era 80` */
  readonly over: string
}

interface TileProps {
  label: string
  /** null while it loads. */
  figure: ComponentChildren | null
  change?: Change | null
  trend?: readonly (number | null)[]
  asOf?: ComponentChildren
  href?: string
  /** Drawn in the sparkline's place. */
  children?: ComponentChildren
}

/** One figure: first the figure, then its trend, then its proof. Keeps its height while it loads. */
export function Tile({ label, figure, change, trend, asOf, href, children }: TileProps) {
  return (
    <article class={href === undefined ? 'tile' : 'tile tile-linked'}>
      <h2 class="tile-label">{href === undefined ? label : <a href={href}>{label}</a>}</h2>
      <p class="tile-figure">{figure ?? <Bone width="70%" />}</p>
      <p class="tile-change">
        {figure === null ? (
          <Bone width="55%" />
        ) : change ? (
          <>
            <span class={`change change-${change.direction}`}>{change.text}</span> {change.over}
          </>
        ) : null}
      </p>
      <div class="tile-trend">
        {figure === null ? null : (children ?? (trend && trend.length > 1 && <Sparkline values={trend} />))}
      </div>
      <p class="tile-asof">{figure === null ? <Bone width="40%" /> : asOf}</p>
    </article>
  )
}
