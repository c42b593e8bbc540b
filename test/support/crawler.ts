import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect } from 'vitest'
import { CRAWLER_HEAP } from '../../scripts/parts.ts'

const MAIN = join(import.meta.dirname, '../../crawler/main.ts')

export interface CrawlerProcess {
  readonly pid: number
  /** What it logged so far. */
  readonly lines: readonly Readonly<Record<string, unknown>>[]
  /** What it wrote to standard error. */
  words(): string
  /** Resolves when it has logged such an event. */
  said(event: string, times?: number): Promise<void>
  kill(signal: NodeJS.Signals): void
  readonly exited: Promise<number | null>
  isRunning(): boolean
}

/**
 * The crawler as an operator runs it: a process of its own, which can be killed. Its lease is short, so that a test need
 * not wait long for the next one to go on.
 */
export function startCrawler(
  rpcUrl: string,
  databaseUrl: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): CrawlerProcess {
  const child = spawn(process.execPath, [...CRAWLER_HEAP, MAIN, ...args], {
    env: {
      PATH: process.env.PATH,
      CASPER_NODES: rpcUrl,
      DATABASE_URL: databaseUrl,
      COMMIT_BLOCKS: '25',
      POLL_MS: '50',
      LEASE_TTL_MS: '500',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Record<string, unknown>[] = []
  let words = ''
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line)))
  child.stderr.on('data', (chunk) => {
    words += chunk
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  afterAll(() => void child.kill('SIGKILL'))
  return {
    pid: child.pid ?? 0,
    lines,
    words: () => words,
    said: async (event, times = 1) => {
      const count = () => lines.filter((line) => line.event === event).length
      await expect
        .poll(count, { timeout: 60_000, message: `${event}: ${words}` })
        .toBeGreaterThanOrEqual(times)
    },
    kill: (signal) => child.kill(signal),
    exited,
    isRunning: () => child.exitCode === null && child.signalCode === null,
  }
}

export interface Called {
  readonly code: number | null
  readonly out: string
  /** What it wrote to standard error. */
  readonly words: string
}

/** Runs one of the crawler's commands to its end. */
export async function callCrawler(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Called> {
  const child = spawn(process.execPath, [MAIN, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const texts = { out: '', words: '' }
  child.stdout.on('data', (chunk) => {
    texts.out += chunk
  })
  child.stderr.on('data', (chunk) => {
    texts.words += chunk
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, ...texts }
}
