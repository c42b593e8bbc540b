import type { Ms } from '../src/domain/time.ts'
import type { Clock } from '../src/ports.ts'
import type { Facts, Log } from './log.ts'

/** Where to draw. */
export interface Terminal {
  write(text: string): unknown
  readonly columns?: number
}

/** The speed shown is that of the last so long. */
const WINDOW: Ms = 10_000
const BAR = 24
/** Without a terminal a bar cannot be redrawn: progress is told this often. */
const SAY_EVERY: Ms = 10_000

/** Lines for a person, and below them how far the crawl is: one line, redrawn in place. */
export function createTerminalLog(out: Terminal, isTerminal: boolean, clock: Clock): Log {
  const speed = createSpeed(clock)
  let bar = ''
  let saidAt = 0

  const draw = () => {
    if (isTerminal && bar !== '') out.write(`\r\x1b[K${bar.slice(0, (out.columns ?? 80) - 1)}`)
  }
  const line = (level: string, event: string, facts: Facts) => {
    const time = new Date(clock.now()).toISOString().slice(11, 19)
    const told = Object.entries(facts)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => `${name}=${value}`)
    const isDrawn = isTerminal && bar !== ''
    out.write(
      `${isDrawn ? '\r\x1b[K' : ''}${[time, level, event, ...told].filter((part) => part !== '').join('  ')}\n`,
    )
    draw()
  }

  return {
    info(event, facts = {}) {
      if (event !== 'committed') return line('', event, facts)
      const { height, tip, era } = facts
      if (typeof height !== 'number' || typeof tip !== 'number') return
      bar = toBar(height, Math.max(tip, height), Number(era), speed(height))
      if (isTerminal) return draw()
      if (clock.now() - saidAt < SAY_EVERY) return
      saidAt = clock.now()
      out.write(`${bar}\n`)
    },
    warn: (event, facts = {}) => line('WARNING', event, facts),
    error: (event, facts = {}) => line('ERROR', event, facts),
  }
}

/** @returns blocks a second over the window, told the height at each commit; null until there are two commits in it */
function createSpeed(clock: Clock): (height: number) => number | null {
  let seen: { readonly at: Ms; readonly height: number }[] = []
  return (height) => {
    const now = clock.now()
    seen = [...seen.filter(({ at }) => now - at <= WINDOW), { at: now, height }]
    const [first] = seen
    if (first === undefined || now === first.at) return null
    return (1000 * (height - first.height)) / (now - first.at)
  }
}

function toBar(height: number, tip: number, era: number, speed: number | null): string {
  // Rounded down: full means that nothing is left.
  const full = Math.floor(((height + 1) / (tip + 1)) * BAR)
  const left = tip - height
  const parts = [
    `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${height} / ${tip}`,
    `era ${era}`,
    ...(left > 0 && speed !== null ? [`${speed < 10 ? speed.toFixed(1) : Math.round(speed)} blocks/s`] : []),
    left === 0 ? 'at the tip' : speed === null || speed <= 0 ? '' : `${toDuration(left / speed)} left`,
  ]
  return parts.filter((part) => part !== '').join('  ')
}

function toDuration(seconds: number): string {
  const total = Math.ceil(seconds)
  const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60]
  if (hours > 0) return `${hours} h ${minutes} min`
  return minutes > 0 ? `${minutes} min ${total % 60} s` : `${total} s`
}
