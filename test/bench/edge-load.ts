import { spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LOADTEST_HEADER } from '../../src/middleware/rate-limit.ts'
import { HEIGHTS, settings } from './edge-chain.ts'

/** Which block each request asks for. */
export type Pattern = 'same' | 'random'

export interface Load {
  readonly requests: number
  readonly perSecond: number
  /** Answers other than 200. */
  readonly failures: number
}

const CONNECTIONS = 64
const SAME = '/block?blockHeight=4242'
const script = join(mkdtempSync(join(tmpdir(), 'bench-')), 'random.lua')
// Made beforehand: to format each request would cost wrk more than some servers take to answer it.
writeFileSync(
  script,
  `local made = {}
local at = 0
init = function()
  math.randomseed(os.time())
  for i = 1, 50000 do made[i] = wrk.format("GET", "/block?blockHeight=" .. math.random(0, ${HEIGHTS - 1})) end
end
request = function()
  at = at % 50000 + 1
  return made[at]
end`,
)

export const hasWrk = spawnSync('wrk', ['-v']).error === undefined

/** 64 connections for so many seconds. Without wrk a client of Node's, which is several times slower than some servers. */
export async function load(port: number, pattern: Pattern, seconds: number): Promise<Load> {
  return hasWrk ? loadWithWrk(port, pattern, seconds) : loadWithNode(port, pattern, seconds)
}

function loadWithWrk(port: number, pattern: Pattern, seconds: number): Load {
  const args = [
    '-t1',
    `-c${CONNECTIONS}`,
    `-d${seconds}s`,
    '-H',
    `${LOADTEST_HEADER}: ${settings.LOADTEST_TOKEN}`,
  ]
  if (pattern === 'random') args.push('-s', script)
  const { stdout } = spawnSync('wrk', [...args, `http://127.0.0.1:${port}${SAME}`], { encoding: 'utf8' })
  const read = (expression: RegExp) => Number(expression.exec(stdout)?.[1] ?? 0)
  return {
    requests: read(/(\d+) requests in/),
    perSecond: read(/Requests\/sec:\s+([\d.]+)/),
    failures: read(/Non-2xx or 3xx responses: (\d+)/),
  }
}

async function loadWithNode(port: number, pattern: Pattern, seconds: number): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const headers = { [LOADTEST_HEADER]: settings.LOADTEST_TOKEN }
  const end = Date.now() + seconds * 1_000
  let requests = 0
  let failures = 0
  const ask = () =>
    new Promise<void>((resolve) => {
      const path = pattern === 'same' ? SAME : `/block?blockHeight=${Math.floor(Math.random() * HEIGHTS)}`
      request({ port, path, agent, headers, host: '127.0.0.1' }, (response) => {
        if (response.statusCode !== 200) failures++
        response.resume().on('end', resolve)
      }).end()
    })
  const worker = async () => {
    for (; Date.now() < end; requests++) await ask()
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, worker))
  agent.destroy()
  return { requests, perSecond: requests / seconds, failures }
}
