import { toGrouped, toPercentText } from '../format/figure.ts'
import { toDuration, toUtc } from '../format/time.ts'
import { clock, live } from '../state/app.ts'

/** What the visitor must know before trusting a figure: nothing when all is well. */
export function Banner() {
  const error = live.error.value
  const status = live.status.value
  if (error !== null) return <Stale error={error} />
  if (status === null) return null
  if (status.mode === 'starting') {
    return (
      <Bar kind="warning">The crawler has not stored a block yet. Figures appear with the first one.</Bar>
    )
  }
  if (status.mode === 'catching-up') return <CatchingUp />
  if (status.status === 'degraded') {
    return <Bar kind="warning">Not all is well: {status.degraded.join('; ')}.</Bar>
  }
  return null
}

function Stale({ error }: { error: Error }) {
  const heard = live.heardAt.value
  const retry = live.retryAt.value
  const wait = retry === null ? 0 : retry - clock.value
  return (
    <Bar kind="failed">
      <span>
        <strong>{heard === null ? 'No live data.' : `Live data stopped at ${toUtc(heard)}.`}</strong>{' '}
        {error.message} {wait > 0 ? `Next attempt in ${toDuration(wait)}.` : 'Trying again.'}
      </span>
      <button type="button" class="button" onClick={live.retry}>
        Try now
      </button>
    </Bar>
  )
}

function CatchingUp() {
  const status = live.status.value
  const percent = status?.percent ?? null
  const behind = status?.lag?.blocks ?? null
  return (
    <Bar kind="warning">
      <span>
        <strong>Catching up{percent === null ? '' : `: ${toPercentText(percent, 1)}`}.</strong>{' '}
        {behind !== null && `${toGrouped(behind)} blocks behind the network. `}
        Figures are as of block {toGrouped(live.tip.value?.height ?? status?.indexed?.height ?? 0)}.
      </span>
      {percent !== null && <progress max={100} value={percent} aria-label="Indexed part of the chain" />}
    </Bar>
  )
}

function Bar({ kind, children }: { kind: 'warning' | 'failed'; children: preact.ComponentChildren }) {
  return (
    <div class={`banner banner-${kind}`} role="status">
      <div class="wide banner-inner">{children}</div>
    </div>
  )
}
