import type { Clock } from '../src/ports.ts'
import { createTerminalLog, type Terminal } from './terminal.ts'

/** One line of JSON a fact, for machines; `npm start` and a terminal make sentences of them. Never a secret, never a URL's credentials. */
export interface Log {
  info(event: string, facts?: Facts): void
  warn(event: string, facts?: Facts): void
  error(event: string, facts?: Facts): void
}

export type Facts = Readonly<Record<string, string | number | boolean | null | undefined>>

export function createLog(write: (line: string) => void = (line) => process.stdout.write(line)): Log {
  const line =
    (level: string) =>
    (event: string, facts: Facts = {}) =>
      write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...facts })}\n`)
  return { info: line('info'), warn: line('warn'), error: line('error') }
}

/**
 * Lines of JSON, or on a terminal what a person reads; `LOG_FORMAT` decides otherwise. A terminal of a CI run is read
 * afterwards, by a machine.
 */
export function openLog(
  format: 'json' | 'pretty' | undefined,
  isCi: boolean,
  out: Terminal & { readonly isTTY?: boolean },
  clock: Clock,
): Log {
  const isTerminal = out.isTTY === true
  const chosen = format ?? (isTerminal && !isCi ? 'pretty' : 'json')
  return chosen === 'json' ? createLog((line) => out.write(line)) : createTerminalLog(out, isTerminal, clock)
}

/** An error and what caused it, in one line. */
export function toReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause instanceof Error ? `; ${error.cause.message}` : ''
  return `${error.name === 'Error' ? '' : `${error.name}: `}${error.message}${cause}`
}
