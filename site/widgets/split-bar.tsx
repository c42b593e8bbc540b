import { toPercent, toPercentText } from '../format/figure.ts'
import { Amount } from './figure.tsx'

export interface Part {
  readonly name: string
  readonly motes: bigint
  readonly color: number
  readonly note?: string
}

/** How a sum is divided: a bar to scale, and the parts in figures. */
export function SplitBar({ parts }: { parts: readonly Part[] }) {
  const sum = parts.reduce((total, part) => total + part.motes, 0n)
  return (
    <div class="split">
      <div class="split-bar" aria-hidden="true">
        {parts.map((part) => {
          const percent = toPercent(part.motes, sum) ?? 0
          return (
            percent > 0 && (
              <span key={part.name} class={`swatch-${part.color}`} style={{ flexGrow: percent }} />
            )
          )
        })}
      </div>
      <ul>
        {parts.map((part) => (
          <li key={part.name}>
            <span>
              <i class={`swatch swatch-${part.color}`} /> {part.name}
              {part.note && <span class="quiet"> {part.note}</span>}
            </span>
            <span class="split-value">
              <Amount motes={part.motes} />
              <span class="quiet"> {sum === 0n ? '' : toPercentText(toPercent(part.motes, sum) ?? 0)}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
