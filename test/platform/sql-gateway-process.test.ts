import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { Client } from '@planetscale/database'
import { expect, onTestFinished, test } from 'vitest'
import { useMariaDb } from '../support/mariadb.ts'
import { PASSWORD, USER } from '../support/sql-gateway.ts'

const store = await useMariaDb()
const MAIN = new URL('../../crawler/sql-gateway/main.ts', import.meta.url).pathname

interface Run {
  child: ChildProcess
  stdout: () => string
  stderr: () => string
  ended: Promise<unknown[]>
}

function run(environment: Record<string, string>): Run {
  const child = spawn(process.execPath, [MAIN], {
    env: {
      PATH: process.env.PATH,
      GATEWAY_DATABASE_URL: store.readerUrl,
      GATEWAY_USER: USER,
      GATEWAY_PASSWORD: PASSWORD,
      GATEWAY_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
  })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  return { child, stdout: () => out, stderr: () => err, ended: once(child, 'close') }
}

async function ready(started: Run): Promise<string> {
  while (!started.stdout().includes('\n')) await once(started.child.stdout as NodeJS.EventEmitter, 'data')
  return JSON.parse(started.stdout().split('\n')[0] ?? '').url
}

test.each(['SIGTERM', 'SIGINT'] as const)('main: one line when ready, %s stops it with 0', async (signal) => {
  const started = run({})
  const url = await ready(started)
  expect(JSON.parse(started.stdout())).toEqual({ time: expect.any(String), event: 'ready', url })
  const client = new Client({ url: url.replace('//', `//${USER}:${PASSWORD}@`) })
  expect((await client.execute('SELECT 1 a')).rows).toEqual([{ a: 1 }])
  await expect(client.execute("DELETE FROM t WHERE a = 'hunter2'")).rejects.toThrow('refuses')
  await expect(client.execute("SELECT 'hunter2' FROM missing")).rejects.toThrow('1146')
  started.child.kill(signal)
  expect(await started.ended).toEqual([0, null])
  expect(started.stdout() + started.stderr()).not.toMatch(/hunter2|SELECT|_reader/)
  expect(started.stdout() + started.stderr()).not.toContain(PASSWORD)
})

test.each([
  [{ GATEWAY_DATABASE_URL: '' }, 'sql-gateway: GATEWAY_DATABASE_URL is not set.\n'],
  [{ GATEWAY_PASSWORD: 'short' }, 'sql-gateway: GATEWAY_PASSWORD must have 16 characters or more.\n'],
  [{ GATEWAY_HOST: '203.0.113.1' }, 'sql-gateway: GATEWAY_HOST is not an address of this machine.\n'],
])('main: %o stops the start in one sentence', async (bad, sentence) => {
  const started = run(bad)
  expect(await started.ended).toEqual([1, null])
  expect([started.stdout(), started.stderr()]).toEqual(['', sentence])
})

test('main: a taken port is told by its name', async () => {
  const first = run({})
  const { port } = new URL(await ready(first))
  const second = run({ GATEWAY_PORT: port })
  expect(await second.ended).toEqual([1, null])
  expect(second.stderr()).toBe('sql-gateway: GATEWAY_PORT is taken by another program.\n')
})
