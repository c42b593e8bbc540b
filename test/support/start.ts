import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findFreePorts } from '../../scripts/ports.ts'

const SCRIPT = join(import.meta.dirname, '../../scripts/start.ts')

export interface Started {
  readonly url: string
  readonly dataDir: string
  readonly pid: number
  /** What it wrote so far. */
  output(): string
  /** Resolves when it says that the API answers; rejects with its words when it ends before. */
  readonly ready: Promise<void>
  readonly exited: Promise<number | null>
  kill(signal: NodeJS.Signals): void
}

export interface StartOptions {
  readonly dataDir?: string
  readonly port?: number
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
}

/** `npm start`, without npm: the supervisor with all its parts, on a data directory and port of its own. */
export async function startAll(options: StartOptions = {}): Promise<Started> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'casper-start-')))
  const port = options.port ?? (await findFreePorts(1))[0] ?? 0
  const child: ChildProcess = spawn(process.execPath, [SCRIPT, ...(options.args ?? [])], {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: `${port}`,
      DATA_DIR: dataDir,
      DEMO_PACE: '1',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)))
  const ready = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk) => {
        output += chunk
        if (output.includes('Casper Metrics answers at')) resolve()
      })
    }
    void exited.then((code) => reject(new Error(`ended with ${code}: ${output}`)))
  })
  ready.catch(() => {})
  return {
    url: `http://127.0.0.1:${port}`,
    dataDir,
    pid: child.pid ?? 0,
    output: () => output,
    ready,
    exited,
    kill: (signal) => child.kill(signal),
  }
}

/** Stops it as an operator does, and removes what it left. */
export async function stopAll(started: Started): Promise<void> {
  started.kill('SIGTERM')
  await started.exited
  await rm(started.dataDir, { recursive: true, force: true })
}

/** Command lines of running processes that speak of this text: what a stop has left behind. */
export async function findProcesses(text: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry) || Number(entry) === process.pid) continue
    const commandLine = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    const environment = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '')
    if (commandLine.includes(text) || environment.includes(text))
      found.push(`${entry} ${commandLine.replaceAll('\0', ' ')}`)
  }
  return found
}
