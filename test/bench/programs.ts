import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'

/** What our programs say in their lines of JSON, as far as measurements read it. */
export interface Line {
  readonly time?: string
  readonly event?: string
  readonly height?: number
  readonly blocks?: number
  readonly tip?: number
  readonly era?: number
  readonly rpcUrl?: string
  readonly eventsUrl?: string
}

/** A program of ours, as a process of its own. */
export interface Program {
  readonly pid: number
  onLine(listener: (line: Line) => void): void
  /** The first line from now on that is meant. @throws when the program ends before */
  said(isMeant: (line: Line) => boolean): Promise<Line>
  /** By SIGTERM. */
  stop(): Promise<void>
}

export interface ProgramOptions {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Options of Node itself. */
  readonly flags?: readonly string[]
}

export function startProgram(
  script: string,
  { args = [], env = {}, flags = [] }: ProgramOptions = {},
): Program {
  const child = spawn(process.execPath, [...flags, script, ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const endWithUs = () => child.kill('SIGKILL')
  process.once('exit', endWithUs)
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      process.off('exit', endWithUs)
      resolve()
    }),
  )
  const listeners = new Set<(line: Line) => void>()
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line
    for (const listener of listeners) listener(line)
  })
  return {
    pid: child.pid as number,
    onLine: (listener) => void listeners.add(listener),
    said: (isMeant) =>
      new Promise((resolve, reject) => {
        const listener = (line: Line) => {
          if (!isMeant(line)) return
          listeners.delete(listener)
          resolve(line)
        }
        listeners.add(listener)
        exited.then(() => reject(new Error(`${script} ended by itself (${child.exitCode})`)))
      }),
    async stop() {
      child.kill('SIGTERM')
      await exited
    },
  }
}

/** What a process has used so far. */
export interface Use {
  /** Seconds of processor time: what other programs on the machine do not change. */
  readonly cpu: number
  /** Seconds that its main thread was ready and had no core: how busy the machine was with others. */
  readonly waited: number
  /** Memory now and at most so far, in MB. */
  readonly memory: number
  readonly peak: number
}

/** Read from Linux's /proc; zeros for a process that is gone. */
export function readUse(pid: number): Use {
  try {
    // utime and stime, in hundredths of a second; the name before them may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    // Nanoseconds on a core, and waiting for one.
    const [, waited] = readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    const toMegabytes = (name: string) =>
      Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024
    return {
      cpu: (Number(fields[11]) + Number(fields[12])) / 100,
      waited: Number(waited) / 1e9,
      memory: toMegabytes('VmRSS'),
      peak: toMegabytes('VmHWM'),
    }
  } catch {
    return { cpu: 0, waited: 0, memory: 0, peak: 0 }
  }
}
