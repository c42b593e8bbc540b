import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { createRecordedNode } from '../../../../crawler/devnet/node.ts'
import { followEvents } from '../../../../crawler/node/events.ts'
import { systemClock } from '../../../../crawler/node/pool/clock.ts'
import type { PoolClock } from '../../../../crawler/node/pool/contract.ts'
import { recorded } from '../../devnet/call.ts'

const closing: (() => unknown)[] = []
afterAll(() => Promise.all(closing.map((close) => close())))

/** Time that passes fifty times as fast, for pauses and silences. */
const quick: PoolClock = {
  now: () => performance.now() * 50,
  after: (ms, run) => systemClock.after(ms / 50, run),
}

function follow(url: string, clock: PoolClock = quick) {
  const stop = new AbortController()
  const seen: (number | null)[] = []
  const done = followEvents(url, (block) => seen.push(block === null ? null : block.height), stop.signal, {
    clock,
    random: () => 0,
  })
  closing.push(async () => {
    stop.abort()
    await done
  })
  return { seen, stop, done }
}

/** A server of one's own making. */
async function serve(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const requests: string[] = []
  const server = createServer((request, response) => {
    requests.push(request.url ?? '')
    handle(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`, requests }
}

const asEvents = (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'text/event-stream' })
const added = (height: number, id: number, filler = '') =>
  `data:{"BlockAdded":{"block_hash":"ab","block":{"Version2":{"hash":"ab","header":{"height":${height}},"x":"${filler}"}}}}\nid:${id}\n\n`
const start = 'data:{"ApiVersion":"2.0.0"}\n\n'

test.each([
  ['casper-1x', 60],
  ['casper-2x', 60],
] as const)('each new block of %s is told with its height', async (name, at) => {
  const node = createRecordedNode({ recording: recorded(name), start: at })
  await node.listen()
  closing.push(() => node.close())
  const { seen } = follow(node.eventsUrl, systemClock)
  await expect.poll(node.subscribers).toBe(1)
  node.advance(5)
  await expect.poll(() => seen).toEqual([61, 62, 63, 64, 65])
})

test('after a loss it goes on from the last event, and wakes once without a height', async () => {
  const node = createRecordedNode({ recording: recorded('casper-2x'), start: 60 })
  await node.listen()
  closing.push(() => node.close())
  const { seen } = follow(node.eventsUrl)
  await expect.poll(node.subscribers).toBe(1)
  node.advance(1)
  await expect.poll(() => seen).toEqual([61])
  const id = node.faults.add({ kind: 'gone' })
  node.advance(2)
  await sleep(30)
  node.faults.remove(id)
  await expect.poll(() => seen, { timeout: 5_000 }).toEqual([61, null, 62, 63])
})

test('the event named as the last one is asked for, and not told twice', async () => {
  const { url, requests } = await serve((_request, response) => {
    asEvents(response).end(`${start}${added(7, 123)}`)
  })
  const { seen } = follow(url)
  await expect.poll(() => requests.length).toBeGreaterThan(2)
  expect(requests.slice(0, 3)).toEqual(['/events', '/events?start_from=123', '/events?start_from=123'])
  expect(seen.filter((height) => height !== null)).toEqual([7])
})

test('pieces of any size make the same events', async () => {
  const { url } = await serve(async (request, response) => {
    if (request.url !== '/events') return
    asEvents(response)
    for (const letter of `${start}:\n\n${added(1, 1)}data:"Shutdown"\nid:2\n\n${added(2, 3)}`) {
      response.write(letter)
      if (letter === 'B' || letter === '\n') await sleep(2)
    }
  })
  const { seen } = follow(url, systemClock)
  await expect.poll(() => seen).toEqual([1, 2])
})

test('a block too large to be kept wakes without a height; other events cost no memory', async () => {
  const { url } = await serve((request, response) => {
    if (request.url !== '/events') return
    asEvents(response)
    response.write(start)
    response.write(`data:{"TransactionProcessed":{"x":"${'y'.repeat(10_000_000)}"}}\nid:4\n\n`)
    response.write(added(1, 5, 'z'.repeat(3_000_000)))
    response.write(added(2, 6))
  })
  const { seen } = follow(url, systemClock)
  await expect.poll(() => seen).toEqual([null, 2])
})

test.each<[string, (response: ServerResponse) => void]>([
  // Kept open, all of them: that it is garbage must be seen, not that it ends.
  ['HTML', (response) => response.writeHead(200, { 'content-type': 'text/html' }).write('data:{}\n\n')],
  ['a page under the right type', (response) => asEvents(response).write('<html>\n<body>\n')],
  ['JSON that is none', (response) => asEvents(response).write('data:{"BlockAdded":{"block":\n\n')],
  ['data without JSON', (response) => asEvents(response).write('data:hello\n\n')],
  ['an event of endless lines', (response) => asEvents(response).write('data:{}\n'.repeat(100))],
  [
    'a refusal',
    (response) => response.writeHead(503, { 'content-type': 'text/event-stream' }).write('data:{}\n\n'),
  ],
  [
    'a compressed body',
    (response) =>
      response
        .writeHead(200, { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' })
        .flushHeaders(),
  ],
  ['a reset', (response) => response.destroy()],
])('%s is dropped and tried again, with growing pauses, until it is a stream', async (_name, garbage) => {
  let isMended = false
  const { url, requests } = await serve((_request, response) => {
    if (!isMended) return void garbage(response)
    asEvents(response).write(`${start}${added(9, 1)}`)
  })
  const { seen } = follow(url)
  await sleep(300)
  // 15 s of its time, with tries after 0.5, 1, 2, 4, 8 s.
  expect(requests.length).toBeGreaterThan(1)
  expect(requests.length).toBeLessThan(9)
  isMended = true
  await expect.poll(() => seen.includes(9), { timeout: 5_000 }).toBe(true)
})

test('a stream that falls silent is left and followed anew', async () => {
  const { url, requests } = await serve((_request, response) => void asEvents(response).write(start))
  follow(url)
  await expect.poll(() => requests.length, { timeout: 5_000 }).toBeGreaterThan(1)
})

test('keep-alives hold a quiet stream open', async () => {
  const { url, requests } = await serve((_request, response) => {
    asEvents(response).write(start)
    const timer = setInterval(() => response.write(':\n\n'), 100)
    response.on('close', () => clearInterval(timer))
  })
  follow(url)
  // 100 s of its time, in which silence is borne for 50 s.
  await sleep(2_000)
  expect(requests).toHaveLength(1)
})

test('a server that accepts and never answers is left as well; a stop ends all at once', async () => {
  const { url, requests } = await serve(() => {})
  const { stop, done } = follow(url)
  await expect.poll(() => requests.length, { timeout: 5_000 }).toBeGreaterThan(1)
  stop.abort()
  await done
})
