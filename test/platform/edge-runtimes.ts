import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createTestHarness } from 'wrangler'

interface KvList {
  list(): Promise<{ keys: { name: string }[] }>
}

const root = join(import.meta.dirname, '..', '..')

export const PURGE_TOKEN = 'a-token-of-the-crawler'
export const LOADTEST_TOKEN = 'a-token-of-load-tests'

/** The edge in a runtime of its own, over a gateway. */
export interface RunningEdge {
  readonly url: string
  /** Another process or isolate over the same durable tiers. */
  restart(): Promise<RunningEdge>
  /** Asks it to end; resolves with the exit code. */
  stop(): Promise<number | null>
  /** Keys of Workers KV. */
  readKvKeys?(): Promise<string[]>
}

export type StartEdge = (gatewayUrl: string, settings?: Record<string, string>) => Promise<RunningEdge>

/** The worker as `wrangler.toml` describes it, in workerd. */
export const startWorkerd: StartEdge = async (gatewayUrl, settings = {}) => {
  // Wrangler wants the folder of the built site to be there, even if it is empty.
  mkdirSync(join(root, 'dist', 'site'), { recursive: true })
  const vars = { GATEWAY_URL: gatewayUrl, PURGE_TOKEN, LOADTEST_TOKEN, ...settings }
  const harness = createTestHarness({ root, workers: [{ configPath: 'wrangler.toml', vars }] })
  const { url } = await harness.listen()
  const running: RunningEdge = {
    url: url.origin,
    async restart() {
      throw new Error('The harness keeps no storage')
    },
    async stop() {
      await harness.close()
      return 0
    },
    async readKvKeys() {
      const { VALUES } = await harness.getWorker<{ VALUES: KvList }>().getEnv()
      return (await VALUES.list()).keys.map(({ name }) => name)
    },
  }
  return running
}

/** `npm run edge:deno`, but for the shell. */
export const startDeno: StartEdge = async (gatewayUrl, settings = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'edge-'))
  mkdirSync(join(folder, 'site', 'assets'), { recursive: true })
  writeFileSync(join(folder, 'site', 'index.html'), '<!doctype html><div id="app"></div>')
  writeFileSync(join(folder, 'site', 'assets', 'app-12345.js'), 'console.log(1)')
  writeFileSync(join(folder, 'secret.txt'), 'secret')
  const env = {
    ...process.env,
    GATEWAY_URL: gatewayUrl,
    PURGE_TOKEN,
    LOADTEST_TOKEN,
    PORT: '0',
    HOST: '127.0.0.1',
    DATA_DIR: join(folder, 'data'),
    SITE_DIR: join(folder, 'site'),
    // The Cache API keeps its files there.
    DENO_DIR: join(folder, 'deno'),
    ...settings,
  }
  return startDenoProcess(env, folder)
}

async function startDenoProcess(env: NodeJS.ProcessEnv, folder: string): Promise<RunningEdge> {
  const child = spawn('deno', ['run', '--allow-all', 'src/platform/deno/main.ts'], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // The package's `deno` is a script that starts the program: signals reach both only as a group.
    detached: true,
  })
  let words = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data) => {
      words += data
    })
  }
  const exited = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)))
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /listens on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    void exited.then((code) => reject(new Error(`Deno ended with ${code}: ${words}`)))
  })
  const signal = () => process.kill(-(child.pid as number), 'SIGTERM')
  return {
    url: `http://127.0.0.1:${port}`,
    async restart() {
      signal()
      await exited
      return startDenoProcess(env, folder)
    },
    async stop() {
      signal()
      const code = await exited
      rmSync(folder, { recursive: true, force: true })
      return code
    },
  }
}
