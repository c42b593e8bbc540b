import { get, request } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { defineCrawler } from '../../../crawler/metrics/crawler.ts'
import { Health } from '../../../crawler/metrics/health.ts'
import { defineProcess } from '../../../crawler/metrics/process.ts'
import { Registry } from '../../../crawler/metrics/registry.ts'
import { type ProbeServer, serveProbes } from '../../../crawler/metrics/server.ts'
import type { NodeState } from '../../../crawler/node/pool/contract.ts'
import { NodeUnavailableError, type Rpc, RpcError } from '../../../crawler/node/rpc.ts'
import type { StoreWriter } from '../../../src/ports.ts'
import type { Change } from '../../../src/store/change.ts'

describe('Registry.toText()', () => {
  test('writes each metric with its help and type, and escapes what labels hold', () => {
    const registry = new Registry()
    const counter = registry.counter('a_total', 'Counts.\nWith \\')
    counter.add(2, { node: 'a"b\\c\nd' })
    counter.add(1, { node: 'a"b\\c\nd' })
    registry.gauge('b', 'Known.', () => 1.5)
    registry.gauge('c', 'Unknown.', () => null)
    expect(registry.toText()).toBe(
      [
        '# HELP a_total Counts.\\nWith \\\\',
        '# TYPE a_total counter',
        'a_total{node="a\\"b\\\\c\\nd"} 3',
        '# HELP b Known.',
        '# TYPE b gauge',
        'b 1.5',
        '# HELP c Unknown.',
        '# TYPE c gauge',
        '',
      ].join('\n'),
    )
  })

  test('counts a value of a histogram in every bucket that it fits', () => {
    const registry = new Registry()
    const histogram = registry.histogram('t_seconds', 'Time.', [0.1, 1])
    for (const value of [0.05, 0.1, 0.5, 7]) histogram.observe(value)
    expect(registry.toText().split('\n').slice(2, -1)).toEqual([
      't_seconds_bucket{le="0.1"} 2',
      't_seconds_bucket{le="1"} 3',
      't_seconds_bucket{le="+Inf"} 4',
      't_seconds_sum 7.65',
      't_seconds_count 4',
    ])
  })

  test('refuses two metrics of one name', () => {
    const registry = new Registry()
    registry.gauge('a', '', () => 1)
    expect(() => registry.counter('a', '')).toThrow(RangeError)
  })
})

/** Clock, readings and ports that a test moves by hand. */
function setUp() {
  const clock = { time: 1_000_000, now: () => clock.time }
  const registry = new Registry()
  const health = new Health(clock)
  const readings = { held: false, pending: [{ edge: 'e:1', groups: 2 }], states: [] as NodeState[] }
  const metrics = defineCrawler(
    registry,
    { holdsLease: () => readings.held, pending: () => readings.pending, states: () => readings.states },
    health,
    clock.now,
  )
  const value = (line: string) => {
    const found = registry
      .toText()
      .split('\n')
      .find((text) => text.startsWith(`${line} `))
    return found === undefined ? undefined : Number(found.slice(line.length + 1))
  }
  return { clock, registry, health, readings, metrics, value }
}

const p = 'casper_crawler'

describe('the crawler’s metrics', () => {
  test('count what is committed, and tell how far the crawl is behind', async () => {
    const { clock, metrics, value } = setUp()
    const store = metrics.store({
      commit: async () => void (clock.time += 300),
      writeHeartbeat: async () => {},
    } as unknown as StoreWriter)
    expect(value(`${p}_lag_seconds`)).toBeUndefined()
    const change = { blocks: [1, 2], transfers: [1, 2, 3], checkpoint: { height: 7, time: 50_000 } }
    await store.commit(change as unknown as Change)
    await store.writeHeartbeat({ at: 0, networkHeight: 9, networkTime: 66_000, grownAt: 0, trouble: null })
    clock.time += 2_000
    expect(value(`${p}_blocks_committed_total`)).toBe(2)
    expect(value(`${p}_rows_committed_total{table="transfers"}`)).toBe(3)
    expect(value(`${p}_height`)).toBe(7)
    expect(value(`${p}_network_height`)).toBe(9)
    expect(value(`${p}_lag_seconds`)).toBe(16)
    expect(value(`${p}_commit_age_seconds`)).toBe(2)
    expect(value(`${p}_commit_seconds_bucket{le="0.25"}`)).toBe(0)
    expect(value(`${p}_commit_seconds_bucket{le="0.5"}`)).toBe(1)
  })

  test('do not count a commit that failed', async () => {
    const { metrics, value } = setUp()
    const commit = async () => {
      throw new Error('disk full')
    }
    const store = metrics.store({ commit } as unknown as StoreWriter)
    await expect(store.commit({ blocks: [1] } as unknown as Change)).rejects.toThrow('disk full')
    expect(value(`${p}_blocks_committed_total`)).toBeUndefined()
    expect(value(`${p}_commit_failures_total`)).toBe(1)
  })

  test('count questions by node and outcome', async () => {
    const { metrics, value } = setUp()
    const outcomes: (() => unknown)[] = [
      () => 'fine',
      () => {
        throw new RpcError('m', -32001, 'no such block', null)
      },
      () => {
        throw new NodeUnavailableError('m', 'timeout', 'too late')
      },
    ]
    for (const outcome of outcomes) {
      const rpc = {
        url: 'http://user:pw@node.example:7777/rpc',
        call: async () => outcome(),
        close: () => {},
      }
      await metrics
        .rpc(rpc as Rpc)
        .call('m')
        .catch(() => {})
    }
    for (const outcome of ['ok', 'error', 'timeout']) {
      expect(value(`${p}_rpc_calls_total{node="node.example:7777",outcome="${outcome}"}`), outcome).toBe(1)
    }
  })

  test('show the lease, the edges and the nodes as they are now', () => {
    const { readings, value } = setUp()
    expect(value(`${p}_lease_held`)).toBe(0)
    readings.held = true
    const state = { host: 'n:1', isHealthy: true, quarantinedUntil: null, pausedUntil: null, highest: 5 }
    readings.states = [state as NodeState, { ...state, host: 'n:2', quarantinedUntil: 9 } as NodeState]
    expect(value(`${p}_lease_held`)).toBe(1)
    expect(value(`${p}_announcements_pending{edge="e:1"}`)).toBe(2)
    expect(value(`${p}_node_state{node="n:1",state="healthy"}`)).toBe(1)
    expect(value(`${p}_node_state{node="n:2",state="quarantined"}`)).toBe(1)
    expect(value(`${p}_node_height{node="n:1"}`)).toBe(5)
  })
})

describe('the probes', () => {
  let server: ProbeServer | null = null
  afterEach(async () => {
    await server?.close()
    server = null
  })

  async function start(reachStore: () => Promise<unknown> = async () => {}) {
    const parts = setUp()
    defineProcess(parts.registry)
    const opened = await serveProbes({ host: '127.0.0.1', port: 0 }, { ...parts, reachStore })
    server = opened
    const ask = async (path: string) => {
      const response = await fetch(opened.url + path)
      return {
        status: response.status,
        text: await response.text(),
        type: response.headers.get('content-type'),
      }
    }
    return { ...parts, ask, url: opened.url }
  }

  test('/metrics is what Prometheus reads, the process included', async () => {
    const { ask } = await start()
    const { status, text, type } = await ask('/metrics')
    expect(status).toBe(200)
    expect(type).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const line of text.trimEnd().split('\n')) {
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]+\})? -?[\d.e+-]+)$/)
    }
    for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes']) {
      expect(Number(text.match(new RegExp(`^${name} (.+)$`, 'm'))?.[1])).toBeGreaterThan(0)
    }
    expect(text).toMatch(/^nodejs_event_loop_delay_seconds\{quantile="0.99"\} \d/m)
  })

  test('/healthz fails when the crawl has stood still, not when it waits for the lease or for the store', async () => {
    const { ask, health, clock } = await start()
    clock.time += 10_000_000
    health.role = 'standby'
    expect((await ask('/healthz')).status).toBe(200)
    health.role = 'crawling'
    expect((await ask('/healthz')).status).toBe(503)
    health.moved()
    expect((await ask('/healthz')).status).toBe(200)
    let answer = () => {}
    const waiting = health.during(new Promise<void>((resolve) => (answer = resolve)))
    clock.time += 10_000_000
    expect((await ask('/healthz')).status).toBe(200)
    answer()
    await waiting
    clock.time += 10_000_000
    expect((await ask('/healthz')).status).toBe(503)
  })

  test('/readyz says whether it crawls or stands by, and fails while the store is away', async () => {
    let isAway = false
    const { ask, health } = await start(async () => {
      if (isAway) throw new Error('no route')
    })
    expect(await ask('/readyz')).toMatchObject({ status: 503, text: 'starting\n' })
    health.role = 'standby'
    expect(await ask('/readyz')).toMatchObject({ status: 200, text: 'standby\n' })
    health.role = 'crawling'
    expect(await ask('/readyz')).toMatchObject({ status: 200, text: 'crawling\n' })
    isAway = true
    expect(await ask('/readyz')).toMatchObject({ status: 503, text: 'crawling, store away: no route\n' })
  })

  test('anything else is 404, and nothing is read of a body', async () => {
    const { ask, url } = await start()
    expect((await ask('/')).status).toBe(404)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const posted = request(`${url}/metrics`, { method: 'POST' }, ({ statusCode }) => resolve(statusCode))
      posted.on('error', reject)
      posted.end('x'.repeat(100))
    })
    expect(status).toBe(404)
    await new Promise((resolve) =>
      get(`${url}/healthz?x=1`, ({ statusCode }) => resolve(expect(statusCode).toBe(200))),
    )
  })

  test('an address that is taken is said to be', async () => {
    const { url } = await start()
    const port = Number(new URL(url).port)
    const parts = setUp()
    await expect(
      serveProbes({ host: '127.0.0.1', port }, { ...parts, reachStore: async () => {} }),
    ).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })
})
