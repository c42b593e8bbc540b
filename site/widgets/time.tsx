import { toAgo, toUtc } from '../format/time.ts'
import { clock } from '../state/app.ts'

/** Relative, with UTC on hover and to machines. */
export function Ago({ time }: { time: string }) {
  return (
    <time dateTime={time} title={toUtc(time)}>
      {toAgo(Date.parse(time), clock.value)}
    </time>
  )
}

/** UTC, with the relative time on hover. */
export function Utc({ time }: { time: string }) {
  return (
    <time dateTime={time} title={toAgo(Date.parse(time), Date.now())}>
      {toUtc(time)}
    </time>
  )
}
