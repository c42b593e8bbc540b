import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { useNode } from '../support/chain.ts'
import { type CrawlerProcess, startCrawler } from '../support/crawler.ts'
import {
  createFaultyProxy,
  type FaultyProxy,
  toAnswer,
  toBomb,
  type WireFault,
} from '../support/faulty-proxy.ts'
import { dumpCalm, type TestStore, toDifference, useStore } from '../support/store.ts'

const LAST = 230
const FIRST = 60
/** Blocks that come while a fault lasts. */
const STEP = 8
/** Kilobytes, with all that unfinished answers may hold: what the crawler promises. */
const MOST_MEMORY = 300 * 1024

const html = '<html><body>Bad gateway</body></html>'
const toHead = (status: string, ...headers: string[]) =>
  `HTTP/1.1 ${[status, ...headers, `content-length: ${html.length}`].join('\r\n')}\r\n\r\n${html}`
const edit = (from: RegExp, to: (...found: string[]) => string): WireFault => ({
  edit: (piece) => Buffer.from(piece.toString('latin1').replace(from, to), 'latin1'),
})
const addToLength = (more: number) =>
  edit(/content-length: (\d+)/i, (_, length) => `content-length: ${Number(length) + more}`)
const spaces = Buffer.alloc(1024 * 1024, ' ')

const FAULTS: readonly (readonly [string, WireFault])[] = [
  ['takes its time', { latency: 60, jitter: 60 }],
  ['is half-open', 'half-open'],
  ['is reset in the middle of answers', { resetAfter: 300 }],
  ['ends in the middle of answers', { endAfter: 300 }],
  ['drips', { drip: 100 }],
  ['announces too much', addToLength(9)],
  ['announces too little', addToLength(-9)],
  ['gives a gzip bomb', { answer: toBomb() }],
  ['gives spaces without end', { answer: 'HTTP/1.1 200 OK\r\n\r\n', endlessly: spaces }],
  [
    'gives chunks without end',
    {
      answer: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n',
      endlessly: Buffer.from(`100000\r\n${spaces}\r\n`),
    },
  ],
  [
    'gives headers without end',
    { answer: 'HTTP/1.1 200 OK\r\n', endlessly: Buffer.from('x: y\r\n'.repeat(1_000)) },
  ],
  ['gives an error page', { answer: toHead('500 Internal Server Error', 'content-type: text/html') }],
  ['gives a page for an answer', { answer: toAnswer(html, 'text/html') }],
  ['asks for patience', { answer: toHead('429 Too Many Requests', 'retry-after: 1') }],
  ['refuses without a word', { answer: toHead('429 Too Many Requests') }],
  ['answers other questions', edit(/"id":(\d+)/, (_, id) => `"id":${Number(id) + 1}`)],
  ['answers twice', { edit: (piece) => Buffer.concat([piece, piece]) }],
]

const EVENTS: readonly (readonly [string, WireFault])[] = [
  ['stalls', 'half-open'],
  [
    'tells nonsense',
    {
      answer: 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n',
      endlessly: Buffer.from('\u0000\u0001nonsense\n\n'),
    },
  ],
  [
    'never ends a line',
    {
      answer: 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata:{"BlockAdded":',
      endlessly: spaces,
    },
  ],
]

describe.each([
  ['alone', false],
  ['beside a good node', true],
])('a node behind a bad wire, %s', async (_name, isHelped) => {
  const chain = await useNode('casper-upgrade', { start: LAST })
  const node = await useNode('casper-upgrade', { start: FIRST })
  const good = await useNode('casper-upgrade', { start: FIRST })
  const wire = await createFaultyProxy(node.rpcUrl)
  const events = await createFaultyProxy(node.eventsUrl)
  let store: TestStore
  let crawler: CrawlerProcess
  let expected = ''

  beforeAll(async () => {
    expected = await dumpCalm(chain.rpcUrl, LAST)
    store = await useStore()
    crawler = startCrawler(isHelped ? `${wire.url},${good.rpcUrl}` : wire.url, store.writerUrl, {
      NODE_TIMEOUT_MS: '400',
      NODE_PIPELINE: '4',
      CASPER_EVENTS: events.url,
      LEASE_TTL_MS: '5000',
    })
  })
  afterAll(() => Promise.all([wire.stop(), events.stop(), store.close()]))

  function grow(): number {
    good.advance(STEP)
    return node.advance(STEP)
  }

  test('is read while all is well', async () => {
    await expect.poll(store.height, { timeout: 60_000 }).toBe(FIRST)
  })

  test.each(FAULTS)('that %s', async (_name, fault) => {
    const before = crawler.lines.length
    const met = wire.connections
    await strike(wire, fault)
    const tip = grow()
    if (isHelped) await expect.poll(store.height, { timeout: 20_000 }).toBe(tip)
    // Met: the fault is of new connections.
    else await expect.poll(() => wire.connections, { timeout: 60_000 }).toBeGreaterThan(met)
    await strike(wire, 'none')
    await expect.poll(store.height, { timeout: 30_000 }).toBe(tip)
    const complaints = crawler.lines.slice(before).filter(({ level }) => level !== 'info')
    expect(complaints.length, JSON.stringify(complaints.slice(0, 20))).toBeLessThan(12)
    expect(await readMemory(crawler)).toBeLessThan(MOST_MEMORY)
  })

  test.each(EVENTS)('whose event stream %s', async (_name, fault) => {
    await strike(events, fault)
    await expect.poll(store.height, { timeout: 20_000 }).toBe(grow())
    await expect.poll(() => events.connections, { timeout: 20_000 }).toBeGreaterThan(0)
    expect(await readMemory(crawler)).toBeLessThan(MOST_MEMORY)
    await strike(events, 'none')
  })

  test('leaves the very tables of a calm crawl', async () => {
    node.advance(LAST - node.tip())
    good.advance(LAST - good.tip())
    await expect.poll(store.height, { timeout: 30_000 }).toBe(LAST)
    crawler.kill('SIGTERM')
    expect(await crawler.exited, crawler.words()).toBe(0)
    expect(toDifference(await store.dump(), expected)).toEqual([])
  })
})

/** A fault is of new connections, so those that are open end. */
async function strike(wire: FaultyProxy, fault: WireFault): Promise<void> {
  wire.fault = fault
  await wire.stop()
  await wire.start()
}

/** Most memory that it ever had, in kilobytes. */
async function readMemory({ pid }: CrawlerProcess): Promise<number> {
  return Number(/^VmHWM:\s*(\d+) kB$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1])
}
