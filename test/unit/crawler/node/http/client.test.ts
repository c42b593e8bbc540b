import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { type Client, type ClientOptions, createClient } from '../../../../../crawler/node/http/client.ts'
import { ConnectionError, TimeoutError, TooLargeError } from '../../../../../crawler/node/http/errors.ts'

const opened: (() => void)[] = []
afterEach(() => opened.splice(0).forEach((close) => close()))

interface Served {
  readonly client: Client
  /** Bodies as they came, over all connections. */
  readonly asked: string[]
  readonly connections: () => number
}

type OnAsked = (body: string, socket: Socket, connection: number) => void

/** A server of raw bytes: what a faulty node does cannot be said with an HTTP library. */
async function serve(onAsked: OnAsked, options: Partial<ClientOptions> = {}): Promise<Served> {
  const asked: string[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server: Server = createServer((socket) => {
    const connection = ++connections
    sockets.add(socket)
    socket.on('error', () => {})
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes
      for (;;) {
        const match = /^POST [^\r]*\r\n[^]*?content-length: (\d+)\r\n\r\n/.exec(text)
        const end = match ? match[0].length + Number(match[1]) : 0
        if (!match || text.length < end) return
        const body = text.slice(match[0].length, end)
        text = text.slice(end)
        asked.push(body)
        onAsked(body, socket, connection)
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`
  const client = createClient({
    url,
    connections: 2,
    pipeline: 1,
    timeoutMs: 5_000,
    maxBytes: 1_000,
    ...options,
  })
  opened.push(() => {
    client.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { client, asked, connections: () => connections }
}

const ok = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`
const texts = (client: Client, bodies: readonly string[]) =>
  Promise.all(bodies.map(async (body) => (await client.post(body)).text))
const NUMBERS = Array.from({ length: 40 }, (_, i) => `${i}`)

test.each([1, 8])(
  'createClient() keeps to its connections and gives each its own answer (pipeline %i)',
  async (pipeline) => {
    let under = 0
    let most = 0
    const { client, connections } = await serve(
      (body, socket) => {
        most = Math.max(most, ++under)
        setImmediate(() => {
          under--
          socket.write(ok(`<${body}>`))
        })
      },
      { pipeline },
    )
    expect(await texts(client, NUMBERS)).toEqual(NUMBERS.map((body) => `<${body}>`))
    expect(connections()).toBe(2)
    expect(most).toBeLessThanOrEqual(2 * pipeline)
  },
)

test('createClient() opens another connection where the server closes after each answer', async () => {
  const { client, connections } = await serve((body, socket) => {
    socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
  })
  expect(await texts(client, NUMBERS.slice(0, 5))).toEqual(NUMBERS.slice(0, 5))
  expect(connections()).toBe(5)
})

test.each([1, 8])(
  'createClient() asks once more what was lost with a connection (pipeline %i)',
  async (pipeline) => {
    const { client } = await serve(
      (body, socket, connection) => {
        if (connection <= 2 && body === '3') socket.destroy()
        else socket.write(ok(body))
      },
      { pipeline },
    )
    expect(await texts(client, NUMBERS)).toEqual(NUMBERS)
  },
)

test('createClient() gives up on what is lost twice, and on a truncated answer', async () => {
  const { client, asked } = await serve((_body, socket) => socket.end(ok('whole').slice(0, -2)))
  await expect(client.post('1')).rejects.toThrow()
  expect(asked.length).toBeLessThanOrEqual(2)
})

test('createClient() says that nobody listens', async () => {
  const client = createClient({
    url: 'http://127.0.0.1:1/rpc',
    connections: 1,
    pipeline: 1,
    timeoutMs: 5_000,
    maxBytes: 10,
  })
  await expect(client.post('1')).rejects.toThrow(ConnectionError)
  await expect(client.post('1')).rejects.toThrow(/ECONNREFUSED/)
})

test('createClient() ends a wait by its time though headers and half of the body came, and others go on', async () => {
  const stalled = new Set<Socket>()
  const { client } = await serve(
    (body, socket) => {
      if (stalled.has(socket)) return
      if (body === 'stall') stalled.add(socket)
      socket.write(body === 'stall' ? ok('whole').slice(0, -2) : ok(body))
    },
    { timeoutMs: 300, connections: 1, pipeline: 4 },
  )
  const [first, other] = await Promise.allSettled([client.post('stall'), client.post('other')])
  expect(first).toMatchObject({ status: 'rejected', reason: expect.any(TimeoutError) })
  expect(other.status === 'fulfilled' ? other.value.text : String(other.reason)).toMatch(
    /^other$|TimeoutError/,
  )
  expect((await client.post('after')).text).toBe('after')
})

test('createClient() drops a question by its signal and keeps answering others', async () => {
  const { client } = await serve((body, socket) => {
    if (body !== 'held') socket.write(ok(body))
  })
  const stop = new AbortController()
  const held = client.post('held', stop.signal)
  const seen = expect(held).rejects.toThrow('enough')
  expect((await client.post('1')).text).toBe('1')
  stop.abort(new Error('enough'))
  await seen
  await expect(client.post('2', stop.signal)).rejects.toThrow('enough')
  expect(await texts(client, ['3', '4', '5'])).toEqual(['3', '4', '5'])
})

test('createClient() refuses too much, and an answer that nobody asked for ends the connection unseen', async () => {
  const { client, connections } = await serve((body, socket) => {
    socket.write(body === 'large' ? ok('x'.repeat(1_001)) : ok(body) + ok('smuggled'))
  })
  await expect(client.post('large')).rejects.toThrow(TooLargeError)
  expect((await client.post('1')).text).toBe('1')
  await new Promise((resolve) => setImmediate(resolve))
  expect((await client.post('2')).text).toBe('2')
  expect(connections()).toBe(3)
})

test('createClient() holds no more of all unfinished answers together than of one, and takes large ones after them', async () => {
  const large = ok('x'.repeat(900))
  const { client } = await serve((body, socket) => {
    socket.write(body === 'half' ? large.slice(0, -200) : large)
  })
  const halves = [client.post('half'), client.post('half')]
  const settled = Promise.allSettled(halves)
  await expect(Promise.race(halves)).rejects.toThrow(TooLargeError)
  // The other one is asked again, and lost again.
  client.renew()
  client.renew()
  expect((await client.post('whole')).text).toHaveLength(900)
  client.close()
  await settled
})

test('close() fails what is under way and what comes later', async () => {
  const { client, asked } = await serve(() => {})
  const waits = Promise.allSettled(NUMBERS.slice(0, 5).map((body) => client.post(body)))
  while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 5))
  client.close()
  expect((await waits).map(({ status }) => status)).toEqual(Array(5).fill('rejected'))
  await expect(client.post('later')).rejects.toThrow('closed')
})
