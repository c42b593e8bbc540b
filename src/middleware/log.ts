import type { Ms } from '../domain/time.ts'
import type { Clock } from '../ports.ts'

/** Takes one line of JSON. */
export type Write = (line: string) => void

/** The same event again within this is counted, not written: a store that is down fails thousands of times a second. */
const QUIET: Ms = 10_000
const MOST_EVENTS = 200

/** Writes failures of our own side, each kind at most once in `QUIET`. */
export function createReport(write: Write, clock: Clock): (event: string, error: unknown) => void {
  const last = new Map<string, { at: Ms; more: number }>()
  return (event, error) => {
    const now = clock.now()
    // `load of blocks/12` and `load of blocks/13` fail together.
    const kind = event.replace(/[/\d].*$/, '')
    const before = last.get(kind)
    if (before && now - before.at < QUIET) {
      before.more++
      return
    }
    if (last.size >= MOST_EVENTS) last.clear()
    last.set(kind, { at: now, more: 0 })
    const more = before && before.more > 0 ? { more: before.more } : {}
    write(
      JSON.stringify({ at: new Date(now).toISOString(), level: 'error', event, ...toReason(error), ...more }),
    )
  }
}

function toReason(error: unknown): Record<string, string> {
  if (!(error instanceof Error)) return { reason: String(error) }
  const cause = error.cause instanceof Error ? { cause: error.cause.message } : {}
  return { reason: `${error.name}: ${error.message}`, ...cause }
}
