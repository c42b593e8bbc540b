import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { build } from 'esbuild'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Entry, Tier } from '../../src/cache/cache.ts'
import { MemoryTier } from '../unit/cache/helpers.ts'
import { createRemoteTier } from './tier-door.ts'

/* One suite over every tier there is: what the cache above may rely on, in the runtimes themselves. */

const NOW = Date.now()
const DAY = 86_400_000
const root = join(import.meta.dirname, '..', '..')

function buildEntry(bytes: Uint8Array | string, parts: Partial<Entry> = {}): Entry {
  return {
    bytes: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes,
    storedAt: NOW,
    freshUntil: NOW + 8_000,
    staleUntil: NOW + 68_000,
    errorUntil: NOW + DAY,
    tags: ['block', 'id:tip'],
    ...parts,
  }
}

/** Bytes of every value, none of them compressible. */
function noise(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length)
  let state = seed
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    bytes[i] = state >>> 24
  }
  return bytes
}

let unique = 0
const nextKey = (name = 'blocks/12') => `casper-fe290000/b1/${name}-${++unique}`

interface Runtime {
  readonly tiers: Readonly<Record<string, Tier>>
  stop(): Promise<void>
}

const runtimes: Readonly<Record<string, { start: () => Promise<Runtime>; tiers: readonly string[] }>> = {
  memory: {
    tiers: ['edge'],
    start: async () => ({ tiers: { edge: new MemoryTier('edge') }, stop: async () => {} }),
  },
  workerd: { tiers: ['edge', 'kv'], start: startWorkerd },
  deno: { tiers: ['edge', 'kv'], start: startDeno },
}

for (const [name, runtime] of Object.entries(runtimes)) {
  describe(name, () => {
    let running: Runtime
    beforeAll(async () => {
      running = await runtime.start()
    }, 60_000)
    afterAll(() => running?.stop())
    for (const tier of runtime.tiers) {
      describe(tier, () => checkTier(() => running.tiers[tier] as Tier, name === 'deno' && tier === 'edge'))
    }
  })
}

/** @param isHistoryOnly it takes closed history alone, which is written once */
function checkTier(tier: () => Tier, isHistoryOnly: boolean): void {
  const toEntry = (bytes: Uint8Array | string, parts: Partial<Entry> = {}) =>
    buildEntry(bytes, { ...(isHistoryOnly && { errorUntil: NOW + 36_865 * DAY }), ...parts })

  test('what was never put is null', async () => {
    expect(await tier().get(nextKey('never'))).toBeNull()
  })

  test('an entry comes back with every byte, instant and tag', async () => {
    const key = nextKey()
    const entry = toEntry(Uint8Array.from({ length: 256 }, (_, byte) => byte))
    await tier().put(key, entry)
    expect(await tier().get(key)).toEqual(entry)
  })

  test('no bytes and no tags are an entry too', async () => {
    const key = nextKey()
    await tier().put(key, toEntry('', { tags: [] }))
    expect(await tier().get(key)).toEqual(toEntry('', { tags: [] }))
  })

  test('a page of 300 KB', async () => {
    const key = nextKey()
    const entry = toEntry(noise(300_000))
    await tier().put(key, entry)
    const found = await tier().get(key)
    expect(found?.bytes.length).toBe(300_000)
    expect(Buffer.from(found?.bytes ?? []).equals(Buffer.from(entry.bytes))).toBe(true)
  })

  test('a shorter entry takes the place of a longer one, whole', async () => {
    const key = nextKey()
    const forever = { errorUntil: NOW + 36_500 * DAY, freshUntil: NOW + 365 * DAY }
    await tier().put(key, toEntry(noise(200_000), forever))
    await tier().put(key, toEntry('short', { ...forever, tags: ['era'] }))
    expect(await tier().get(key)).toEqual(toEntry('short', { ...forever, tags: ['era'] }))
  })

  test('an entry past its freshness is still there: the cache decides what it is good for', async () => {
    const key = nextKey()
    const old = toEntry('old', { storedAt: NOW - 3_600_000, freshUntil: NOW - 3_592_000 })
    await tier().put(key, old)
    expect(await tier().get(key)).toEqual(old)
  })

  if (isHistoryOnly) {
    test('what can change is not kept: anybody can make more of it', async () => {
      const key = nextKey()
      await tier().put(key, buildEntry('changing'))
      expect(await tier().get(key)).toBeNull()
    })
  } else {
    test('an entry of little use is taken all the same (KV refuses a TTL under a minute)', async () => {
      const key = nextKey()
      const short = toEntry('short-lived', { errorUntil: Date.now() + 5_000 })
      await tier().put(key, short)
      expect(await tier().get(key)).toEqual(short)
    })
  }

  test('deleting takes exactly what is named, and what is not there is no fault', async () => {
    const [first, second, third] = [nextKey(), nextKey(), nextKey()]
    for (const key of [first, second, third]) await tier().put(key, toEntry(key))
    await tier().delete([first, third, nextKey('never')])
    expect(await tier().get(first)).toBeNull()
    expect((await tier().get(second))?.bytes.length).toBe(second.length)
    expect(await tier().get(third)).toBeNull()
    await tier().delete([])
  })

  test('keys that begin alike are apart', async () => {
    const key = nextKey('blocks/1')
    const longer = `${key}/2`
    await tier().put(key, toEntry('one'))
    await tier().put(longer, toEntry('two'))
    await tier().delete([key])
    expect(await tier().get(key)).toBeNull()
    expect(await tier().get(longer)).toEqual(toEntry('two'))
  })

  test('many at once do not mix', async () => {
    const keys = Array.from({ length: 20 }, () => nextKey('many'))
    await Promise.all(keys.map((key, index) => tier().put(key, toEntry(noise(70_000, index + 1)))))
    const found = await Promise.all(keys.map((key) => tier().get(key)))
    found.forEach((entry, index) => {
      expect(Buffer.from(entry?.bytes ?? []).equals(Buffer.from(noise(70_000, index + 1)))).toBe(true)
    })
  })

  test('a page of closed history may be kept for a century', async () => {
    const key = nextKey()
    const entry = toEntry('page', { freshUntil: NOW + 365 * DAY, errorUntil: NOW + 36_865 * DAY })
    await tier().put(key, entry)
    expect(await tier().get(key)).toEqual(entry)
  })
}

async function startWorkerd(): Promise<Runtime> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'test/contract/tier-worker.ts')],
    bundle: true,
    format: 'esm',
    target: 'es2024',
    write: false,
  })
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: outputFiles[0]?.text ?? '',
      compatibilityDate: '2026-11-01',
      kvNamespaces: ['VALUES'],
      cf: false,
    }),
  )
  const url = (await miniflare.ready).origin
  return {
    tiers: { edge: createRemoteTier(url, 'edge'), kv: createRemoteTier(url, 'kv') },
    stop: () => miniflare.dispose(),
  }
}

async function startDeno(): Promise<Runtime> {
  const folder = mkdtempSync(join(tmpdir(), 'tier-'))
  const child = spawn('deno', ['run', '--allow-all', 'test/contract/tier-deno.ts'], {
    cwd: root,
    env: {
      ...process.env,
      KV_PATH: join(folder, 'kv'),
      CACHE_NAME: `test-${process.pid}`,
      DENO_DIR: join(folder, 'deno'),
    },
    stdio: ['ignore', 'pipe', 'inherit'],
    // The package's `deno` is a script that starts the program: both end together only as a group.
    detached: true,
  })
  const exited = new Promise<void>((resolve) => child.on('exit', () => resolve()))
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /listening on (\d+)/.exec(line)?.[1]
      if (found) resolve(found)
    })
    void exited.then(() => reject(new Error('Deno ended before it listened')))
  })
  const url = `http://127.0.0.1:${port}`
  return {
    tiers: { edge: createRemoteTier(url, 'edge'), kv: createRemoteTier(url, 'kv') },
    async stop() {
      process.kill(-(child.pid as number), 'SIGTERM')
      await exited
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
