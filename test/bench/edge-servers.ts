import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'
import { findFreePorts } from '../../scripts/ports.ts'

export interface Server {
  readonly name: string
  readonly port: number
  /** Seconds of processor time so far: what other programs on the machine do not change. */
  cpu(): number
  stop(): void
}

const root = join(import.meta.dirname, '..', '..')
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const require = createRequire(import.meta.url)

export async function startDeno(what: 'hello' | 'edge'): Promise<Server> {
  const [port = 0] = await findFreePorts(1)
  const program = join(require.resolve('deno/package.json'), '..', 'deno')
  const child = spawn(program, ['run', '--allow-all', 'test/bench/edge-deno.ts'], {
    cwd: root,
    env: { ...process.env, PORT: `${port}`, WHAT: what },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return ready(`deno ${what}`, child, port)
}

/** workerd by itself: behind wrangler or miniflare it would be their speed that is measured. */
export async function startWorkerd(what: 'hello' | 'edge'): Promise<Server> {
  const [port = 0] = await findFreePorts(1)
  const script =
    what === 'hello'
      ? "export default { fetch: () => new Response('hello world') }"
      : await bundle('test/bench/edge-workerd.ts')
  writeFileSync(join(folder, `${what}.js`), script)
  writeFileSync(join(folder, 'twins.js'), TWINS)
  writeFileSync(join(folder, `${what}.capnp`), toConfig(what, port))
  // The program itself: the script in front of it would neither be measured nor pass on the end.
  const { default: program } = require('workerd') as { default: string }
  const child = spawn(program, ['serve', join(folder, `${what}.capnp`)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  return ready(`workerd ${what}`, child, port)
}

async function bundle(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(root, entry)],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    external: ['cloudflare:workers', 'node:*'],
    minify: true,
    write: false,
  })
  return outputFiles[0]?.text ?? ''
}

/** Cache API and KV as maps: bare workerd has neither. */
const TWINS = `
const kept = new Map()
// The Cache API hands over a whole response, head and body (of a known length); KV the bytes alone.
const endOfHead = (bytes) => {
  if (new TextDecoder().decode(bytes.subarray(0, 5)) !== 'HTTP/') return 0
  const [cr, lf] = [13, 10]
  for (let at = 0; at + 3 < bytes.length; at++) {
    if (bytes[at] === cr && bytes[at + 1] === lf && bytes[at + 2] === cr && bytes[at + 3] === lf) return at + 4
  }
  return bytes.length
}
export default {
  async fetch(request) {
    const key = request.url
    if (request.method === 'PUT') {
      const bytes = new Uint8Array(await request.arrayBuffer())
      kept.set(key, bytes.subarray(endOfHead(bytes)))
      return new Response(null, { status: 204 })
    }
    if (request.method === 'PURGE' || request.method === 'DELETE') return new Response(null, { status: kept.delete(key) ? 200 : 404 })
    const found = kept.get(key)
    return found ? new Response(found, { headers: { 'cf-cache-status': 'HIT' } }) : new Response(null, { status: request.headers.get('cache-control')?.includes('only-if-cached') ? 504 : 404 })
  },
}`

function toConfig(what: string, port: number): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [ (name = "main", worker = .main), (name = "twins", worker = .twins) ],
  sockets = [ (name = "http", address = "127.0.0.1:${port}", http = (), service = "main") ]
);
const main :Workerd.Worker = (
  modules = [ (name = "${what}.js", esModule = embed "${what}.js") ],
  compatibilityDate = "2026-11-01",
  cacheApiOutbound = "twins",
  bindings = [ (name = "VALUES", kvNamespace = "twins") ]
);
const twins :Workerd.Worker = (
  modules = [ (name = "twins.js", esModule = embed "twins.js") ],
  compatibilityDate = "2026-11-01"
);
`
}

async function ready(name: string, child: ChildProcess, port: number): Promise<Server> {
  const pid = child.pid as number
  process.on('exit', () => child.kill('SIGKILL'))
  for (let tries = 0; ; tries++) {
    try {
      await (await fetch(`http://127.0.0.1:${port}/health`)).arrayBuffer()
      break
    } catch (cause) {
      if (tries > 300 || child.exitCode !== null) throw new Error(`${name} does not answer`, { cause })
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  return { name, port, cpu: () => readCpu(pid), stop: () => child.kill('SIGKILL') }
}

/** utime and stime of Linux, in hundredths of a second. */
function readCpu(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}
