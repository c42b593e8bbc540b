import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { withDeathSignal } from './death-signal.ts'

/** A part of the system, as `npm start` runs it. */
export interface Part {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  /** Where everything it says is kept. */
  readonly logFile: string
  readonly onLine?: (line: string) => void
}

export interface Running {
  readonly name: string
  /** What it said last, for a message when it ends by itself. */
  lastWords(): string
  stop(): Promise<void>
  readonly exited: Promise<number>
}

/** How long a part may take to end by itself; the crawler finishes its commit, the edge its answers. */
const PATIENCE_MS = 8_000
const LAST_WORDS = 12

/**
 * Starts a part in a process group of its own, so that Ctrl-C in the terminal reaches only the supervisor, which stops
 * the parts in their order, and so that a part's own children end with it.
 */
export async function startPart(part: Part): Promise<Running> {
  const [command, ...args] = await withDeathSignal(part.command, part.args)
  const child = spawn(command, args, {
    env: { ...process.env, ...part.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const words: string[] = []
  const keep = (line: string) => {
    appendFileSync(part.logFile, `${line}\n`)
    words.push(line)
    if (words.length > LAST_WORDS) words.shift()
    part.onLine?.(line)
  }
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', keep)
  const exited = new Promise<number>((resolve) => {
    child.on('error', (error) => {
      keep(error.message)
      resolve(1)
    })
    child.on('exit', (code) => resolve(code ?? 1))
  })
  return { name: part.name, exited, lastWords: () => words.join('\n'), stop: () => stopGroup(child, exited) }
}

async function stopGroup(child: ChildProcess, exited: Promise<number>): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  const timer = setTimeout(() => killGroup(child), PATIENCE_MS)
  await exited
  clearTimeout(timer)
  // wrangler's runtime may outlive wrangler when that was killed.
  killGroup(child)
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, 'SIGKILL')
  } catch {
    // The group is gone, which is what we wanted.
  }
}
