import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { findFreePorts } from '../../scripts/ports.ts'
import { recordingDir } from '../fixtures/recordings/recordings.ts'
import { loadTruth } from '../support/chain.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { findProcesses, type Started, startAll, stopAll } from '../support/start.ts'

const run = promisify(execFile)

interface Status {
  readonly indexed: { readonly height: number } | null
  readonly networkHeight: number
}

async function readHeight({ url }: Started): Promise<number> {
  const response = await fetch(`${url}/v1/status`)
  return ((await response.json()) as Status).indexed?.height ?? -1
}

const truth = loadTruth('casper-upgrade')

describe.each([
  { edge: 'workerd', args: [] },
  { edge: 'deno', args: ['--deno'] },
])('npm start with $edge', async ({ args }) => {
  const first = await startAll({ args })

  test('crawls the recorded chain and answers what its makers noted', async () => {
    await first.ready
    await expect.poll(() => readHeight(first), { timeout: 60_000 }).toBeGreaterThan(570)
    for (const era of truth.eras.filter(({ era_id }) => era_id % 20 === 1 && era_id < 72)) {
      const total = await fetch(`${first.url}/era/total?eraId=${era.era_id}`)
      expect(total.headers.get('content-type')).toBe('text/plain')
      expect(await total.text(), `era ${era.era_id}`).toBe(`${BigInt(era.total_supply) / 1_000_000_000n}`)
      const detail = await fetch(`${first.url}/v1/eras/${era.era_id}`)
      expect(((await detail.json()) as { supply: { total: string } }).supply.total).toBe(era.total_supply)
    }
  })

  test('follows the tip: new blocks appear, and the newest is served at once', async () => {
    const before = await readHeight(first)
    await expect.poll(() => readHeight(first), { timeout: 20_000 }).toBeGreaterThan(before + 1)
    const height = await readHeight(first)
    // The status asks the store; the edge is told a moment after the commit.
    const readNewest = async () => {
      const [newest] = (await (await fetch(`${first.url}/block`)).json()) as { blockHeight: number }[]
      return newest?.blockHeight
    }
    await expect.poll(readNewest, { timeout: 5_000, interval: 20 }).toBeGreaterThanOrEqual(height)
  })

  test('serves the site on the same origin, also at the address of a page', async () => {
    for (const path of ['/', '/eras/37']) {
      const response = await fetch(first.url + path, { headers: { accept: 'text/html' } })
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toContain('text/html')
      expect(await response.text()).toContain('<div id="app"')
    }
  })

  test('what is cached can be neither read nor written from outside', async () => {
    const keys = await fetch(`${first.url}/cdn-cgi/explorer/api/storage/kv/namespaces/values/keys`)
    expect(keys.status).toBe(404)
    const url = `${first.url}/cdn-cgi/explorer/api/storage/kv/namespaces/values/values/x`
    const written = await fetch(url, { method: 'PUT', body: 'x' })
    expect([404, 405]).toContain(written.status)
  })

  test('a second copy on the same data directory or port is refused in one sentence', async () => {
    const [port = 0] = await findFreePorts(1)
    const sameDir = await startAll({ args, dataDir: first.dataDir, port })
    expect(await sameDir.exited).toBe(1)
    expect(sameDir.output()).toMatch(/^Another copy \(process \d+\) runs on .*\n$/)
    const samePort = await startAll({ args, port: Number(new URL(first.url).port) })
    expect(await samePort.exited).toBe(1)
    expect(samePort.output()).toMatch(/^Port \d+ is taken: set PORT to a free one.*\n$/)
  })

  test('SIGTERM ends everything and leaves no process; started again it goes on where it was', async () => {
    const reached = await readHeight(first)
    first.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    expect(await findProcesses(first.dataDir)).toEqual([])
    const second = await startAll({ args, dataDir: first.dataDir })
    await second.ready
    expect(await readHeight(second)).toBeGreaterThanOrEqual(reached)
    expect(second.output()).not.toContain('block 105 of')
    await stopAll(second)
    expect(await findProcesses(first.dataDir)).toEqual([])
  })
})

test('npm start ends with npm itself, and leaves no process', async () => {
  const [port = 0] = await findFreePorts(1)
  const dataDir = await mkdtemp(join(tmpdir(), 'casper-start-'))
  const npm = spawn('npm', ['start'], {
    env: { ...process.env, PORT: `${port}`, DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const isUp = new Promise<void>((resolve) => {
    npm.stdout.on('data', (chunk) => String(chunk).includes('answers at') && resolve())
  })
  await isUp
  npm.kill('SIGTERM')
  await expect.poll(() => findProcesses(dataDir), { timeout: 30_000 }).toEqual([])
  await rm(dataDir, { recursive: true, force: true })
})

test.each([
  ['workerd', []],
  ['deno', ['--deno']],
])(
  'with %s: the crawler has its commands beside it; killed outright, nothing is left',
  async (_name, args) => {
    const first = await startAll({ args })
    await first.ready
    const status = await run('npm', ['run', '--silent', 'crawler', '--', 'status', '--json'], {
      env: { ...process.env, DATA_DIR: first.dataDir },
    })
    expect(JSON.parse(status.stdout)).toMatchObject({ network: 'casper-recorded' })
    first.kill('SIGKILL')
    await expect.poll(() => findProcesses(first.dataDir), { timeout: 30_000 }).toEqual([])
    const second = await startAll({ args, dataDir: first.dataDir, port: Number(new URL(first.url).port) })
    await second.ready
    await stopAll(second)
  },
)

test('a node that cannot be reached is told', async () => {
  const started = await startAll({ env: { CASPER_NODES: 'http://127.0.0.1:1/rpc' } })
  await expect.poll(started.output, { timeout: 60_000 }).toContain('The crawler waits: ')
  expect(started.output()).toContain('127.0.0.1:1')
  await stopAll(started)
})

describe('npm start that cannot go on ends with one clear sentence', () => {
  test.each([
    [{ DEMO_PACE: 'x' }, 'DEMO_PACE must be a number of seconds, not "x".'],
    [{ DEMO_START: 'x' }, 'DEMO_START must be a share of the chain from 0 to 1, or a height, not "x".'],
    [{ DEMO_CHAIN: '/nowhere' }, 'DEMO_CHAIN must be the folder of a recorded chain'],
    // Where mkdir -p of Node never ends: each try finds a parent that is there and a child that cannot be.
    [{ DATA_DIR: '/proc/nowhere/at/all' }, 'DATA_DIR /proc/nowhere/at/all cannot be made'],
  ])('when a setting is wrong: %j', async (env, sentence) => {
    const started = await startAll({ env: env as Record<string, string> })
    expect(await started.exited).toBe(1)
    expect(started.output()).toContain(sentence)
    expect(started.output().trim().split('\n')).toHaveLength(1)
  })

  test('when DATABASE_URL leads nowhere, or is no URL', async () => {
    for (const [url, sentence] of [
      ['mysql://user:secret-word@127.0.0.1:1/db', /127\.0\.0\.1:1/],
      ['nonsense', /DATABASE_URL/],
    ] as const) {
      const started = await startAll({ env: { DATABASE_URL: url } })
      expect(await started.exited).toBe(1)
      expect(
        started
          .output()
          .trim()
          .split('\n')
          .filter((line) => !line.startsWith('Building')).length,
        started.output(),
      ).toBe(1)
      expect(started.output()).toMatch(sentence)
      expect(started.output()).not.toContain('secret-word')
    }
  })

  test('when PORT is no port', async () => {
    const started = await startAll({ env: { PORT: '99999' } })
    expect(await started.exited).toBe(1)
    expect(started.output()).toBe('PORT must be a port number from 1 to 65535, not "99999".\n')
  })

  test('when the store or the cache holds another chain', async () => {
    const first = await startAll()
    await first.ready
    first.kill('SIGTERM')
    await first.exited
    const second = await startAll({ dataDir: first.dataDir, env: { DEMO_CHAIN: recordingDir('casper-2x') } })
    expect(await second.exited).toBe(1)
    expect(second.output()).toContain(
      'The store holds the chain casper-recorded, the node is of casper-recorded-2x',
    )
    // The same cache beside an empty store of its own, as another DATABASE_URL would bring it.
    const { writerUrl } = await useMariaDb()
    const third = await startAll({
      dataDir: first.dataDir,
      env: { DATABASE_URL: writerUrl, DEMO_CHAIN: recordingDir('casper-2x') },
    })
    expect(await third.exited).toBe(1)
    expect(third.output()).toMatch(
      /The cache in .* is of the chain casper-recorded \(.*the store holds casper-recorded-2x \(/,
    )
    await stopAll(third)
  })
})

test.each([
  [{}, 'GATEWAY_URL is not set\n'],
  [{ GATEWAY_URL: 'nonsense' }, 'GATEWAY_URL: must be a URL such as http://user:password@127.0.0.1:8730\n'],
  [
    { GATEWAY_URL: 'http://edge:a-secret-word@127.0.0.1:1', CACHE_MB: 'x' },
    'CACHE_MB: must be a whole number\n',
  ],
])('an edge alone, under either runtime, ends over %j with one sentence', async (given, sentence) => {
  const { GATEWAY_URL: _, ...rest } = process.env
  for (const script of ['edge', 'edge:deno']) {
    const env = { ...rest, ...given } as NodeJS.ProcessEnv
    const ended = await run('npm', ['run', '--silent', script], { env }).catch((error) => error)
    expect([ended.code, ended.stdout, ended.stderr], script).toEqual([2, '', sentence])
  }
})
