import { toGrouped } from '../format/figure.ts'
import { toDuration } from '../format/time.ts'
import { clock, eras, live } from '../state/app.ts'
import { toStandstill } from '../state/live.ts'

const RADIUS = 22
const LENGTH = 2 * Math.PI * RADIUS

/** How far the open era is, and how long it may still take. */
export function EraRing() {
  const estimate = eras.estimate.value
  const open = eras.open.value
  const progress = estimate?.progress ?? 0
  const isStill = toStandstill(live.movedAt.value, null, clock.value) !== null
  const percent = Math.floor(progress * 100)
  return (
    <div class="era-ring">
      <svg viewBox="0 0 52 52" width="52" height="52" aria-hidden="true">
        <circle class="ring-track" cx="26" cy="26" r={RADIUS} />
        <circle
          class="ring-done"
          cx="26"
          cy="26"
          r={RADIUS}
          stroke-dasharray={`${(progress * LENGTH).toFixed(2)} ${LENGTH.toFixed(2)}`}
          transform="rotate(-90 26 26)"
        />
        <text x="26" y="26">
          {estimate ? `${percent}%` : '–'}
        </text>
      </svg>
      <p>
        <strong>{open === null ? 'Era –' : <a href={open.href}>Era {toGrouped(open.id)}</a>}</strong>
        <span class="quiet">
          {estimate === null ? (
            'no estimate yet'
          ) : (
            <>
              {toGrouped(estimate.done)} of ~{toGrouped(estimate.expected)}
              <span class="ring-word"> blocks</span>
            </>
          )}
        </span>
        <span class="quiet">
          {estimate === null ? (
            ' '
          ) : isStill ? (
            'no new block'
          ) : estimate.left === 0 ? (
            'any moment'
          ) : (
            <>
              ~{toDuration(estimate.msLeft)}
              <span class="ring-word"> left</span>
            </>
          )}
        </span>
      </p>
    </div>
  )
}
