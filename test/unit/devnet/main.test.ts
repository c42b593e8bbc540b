import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { loadRecording } from '../../../crawler/devnet/recording.ts'
import { recordingDir } from '../../fixtures/recordings/recordings.ts'
import { call } from './call.ts'

const scratch = mkdtempSync(join(tmpdir(), 'devnet-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const program = join(import.meta.dirname, '../../../crawler/devnet/main.ts')

test.each(['SIGTERM', 'SIGINT'] as const)(
  'the program says when it is ready and ends on %s while somebody listens to its events',
  async (signal) => {
    const child = spawn(process.execPath, [program, '--start', '0.5', '--pace', '60'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = await once(child.stdout, 'data')
    const ready = JSON.parse(String(line))
    expect(ready).toMatchObject({ ready: true, chain: 'casper-recorded', tip: 485, lastHeight: 970 })
    const status = await call(ready.rpcUrl, 'info_get_status')
    expect(status.result.last_added_block_info.height).toBe(485)
    const stream = await fetch(ready.eventsUrl)
    expect(stream.status).toBe(200)
    child.kill(signal)
    expect(await once(child, 'exit')).toEqual([0, null])
    await stream.text().catch(() => '')
  },
)

test.each(['--start=2000', '--start=x', '--pace=x', '--chain=/nowhere', '--shape=other'])(
  '%s is refused',
  async (option) => {
    const child = spawn(process.execPath, [program, option], { stdio: ['ignore', 'ignore', 'pipe'] })
    const [code] = await once(child, 'exit')
    expect(code).not.toBe(0)
  },
)

test.each([
  ['plain', '', (bytes: Buffer) => bytes],
  ['gzip', '.gz', gzipSync],
  ['zstd', '.zst', zstdCompressSync],
] as const)('a recording packed as %s, and without events, is served as well', (_, suffix, pack) => {
  const from = recordingDir('casper-2x')
  const dir = mkdtempSync(join(scratch, 'chain-'))
  cpSync(join(from, 'chain.json'), join(dir, 'chain.json'))
  const calls = brotliDecompressSync(readFileSync(join(from, 'rpc.jsonl.br')))
  writeFileSync(join(dir, `rpc.jsonl${suffix}`), pack(calls))
  const recording = loadRecording(dir)
  expect([recording.firstHeight, recording.lastHeight, recording.events.length]).toEqual([0, 705, 0])
})

test('a directory that is no recording is named', () => {
  expect(() => loadRecording(scratch)).toThrow(/is no recording: it has no chain.json/)
})
