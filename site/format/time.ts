const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long, in the largest unit that says enough: `8 s`, `1 min 20 s`, `2 h 5 min`, `3 d`. */
export function toDuration(ms: number): string {
  const size = Math.max(0, ms)
  if (size < MINUTE) return `${Math.round(size / SECOND)} s`
  if (size < HOUR) return two(size, MINUTE, 'min', SECOND, 's')
  if (size < DAY) return two(size, HOUR, 'h', MINUTE, 'min')
  return two(size, DAY, 'd', HOUR, 'h')
}

/** Past times, one unit: `now`, `8 s ago`, `2 h ago`. A clock that runs behind the chain's reads `now`. */
export function toAgo(then: number, now: number): string {
  const ms = now - then
  if (ms < SECOND) return 'now'
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s ago`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h ago`
  return `${Math.floor(ms / DAY)} d ago`
}

/** `2026-11-23 21:58:03 UTC`. */
export function toUtc(time: string | number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

/** Block times to a tenth of a second: `8.1 s`. */
export function toBlockTime(ms: number | null): string {
  if (ms === null) return '–'
  return ms < MINUTE ? `${(ms / SECOND).toFixed(1)} s` : toDuration(ms)
}

function two(ms: number, unit: number, name: string, smaller: number, smallerName: string): string {
  let whole = Math.floor(ms / unit)
  let rest = Math.round((ms % unit) / smaller)
  if (rest * smaller === unit) {
    whole += 1
    rest = 0
  }
  return rest > 0 ? `${whole} ${name} ${rest} ${smallerName}` : `${whole} ${name}`
}
