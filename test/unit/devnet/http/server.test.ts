import { once } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import type { HttpPorts } from '../../../../crawler/devnet/http/connection.ts'
import { listen } from '../../../../crawler/devnet/http/listen.ts'
import { message, type Reply } from '../../../../crawler/devnet/http/reply.ts'
import { createHttpServer } from '../../../../crawler/devnet/http/server.ts'
import { fuzz, pick, type Random } from '../../../support/fuzz.ts'
import { openRaw, type RawClient, toAnswers, toRequest } from '../raw-client.ts'

const closing: (() => unknown)[] = []
afterEach(() => Promise.all(closing.splice(0).map((close) => close())))

/** Gives each body back. */
const echo: HttpPorts = { answer: ({ body }) => ({ status: 200, body: ['<', body, '>'] }) }

async function start(ports: HttpPorts = echo) {
  const server = createHttpServer(ports)
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket))
  const { port, close } = await listen(server, 0, '127.0.0.1')
  closing.push(close)
  return { port, close, sockets, open: () => openRaw(port) }
}

const bodies = (text: string) => toAnswers(text).map(({ body }) => body)
const statuses = (text: string) => toAnswers(text).map(({ status }) => status)
/** Whether so many whole answers have come. */
const whole = (count: number) => (text: string) => {
  try {
    return toAnswers(text).length >= count
  } catch {
    return false
  }
}

async function ask(client: RawClient, bytes: string, answers: number): Promise<string> {
  client.socket.write(bytes, 'latin1')
  return client.until(whole(answers))
}

describe('answers', () => {
  test('come in the order of requests that were sent ahead, small and large, byte for byte', async () => {
    const client = await (await start()).open()
    const sent = [1, 5000, 0, 3, 4095, 4096, 200_000, 7, 300_000, 2].map((size, i) => `${i}é`.repeat(size))
    const text = await ask(client, sent.map((body) => toRequest(body)).join(''), sent.length)
    expect(bodies(text)).toEqual(sent.map((body) => `<${Buffer.from(body).toString('latin1')}>`))
    expect(toAnswers(text)[1]?.headers).toEqual({
      'content-type': 'application/json',
      'content-length': '15002',
    })
  })

  test('wait for one that is late on their connection, and on no other', async () => {
    const late = Promise.withResolvers<Reply>()
    const { open } = await start({
      answer: ({ body }) => (`${body}` === 'late' ? late.promise : { status: 200, body: [body] }),
    })
    const [client, other] = [await open(), await open()]
    await ask(client, `${toRequest('first')}${toRequest('late')}${toRequest('last')}`, 1)
    expect(bodies(await ask(other, toRequest('other'), 1))).toEqual(['other'])
    expect(bodies(client.text())).toEqual(['first'])
    late.resolve({ status: 200, body: ['late'] })
    expect(bodies(await client.until(whole(3)))).toEqual(['first', 'late', 'last'])
  })

  test('are given to a client that says it asks no more, late ones too; then the connection ends', async () => {
    const late = Promise.withResolvers<Reply>()
    const { open, sockets } = await start({ answer: () => late.promise })
    const client = await open()
    client.socket.end(toRequest('x'))
    await once(sockets[0] as Socket, 'end')
    late.resolve({ status: 200, body: ['late'] })
    expect(bodies(await client.ended())).toEqual(['late'])
  })

  test('to HEAD have no body', async () => {
    const client = await (await start()).open()
    client.socket.write(`HEAD / HTTP/1.1\r\n\r\n${toRequest('x')}`)
    expect(await client.until((text) => text.endsWith('<x>'))).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[^<]*content-length: 2\r\n\r\nHTTP\/1\.1 200 OK\r\n[^<]*\r\n\r\n<x>$/,
    )
  })
})

describe('a connection', () => {
  test.each([
    ['1.1', '', undefined],
    ['1.1', 'connection: Close\r\n', 'close'],
    ['1.0', '', 'close'],
    ['1.0', 'connection: keep-alive\r\n', 'keep-alive'],
  ])('of HTTP/%s with %j answers connection: %s', async (version, field, told) => {
    const client = await (await start()).open()
    const requests = toRequest('1', field, '/', version) + toRequest('2', field, '/', version)
    client.socket.write(requests)
    const text = await (told === 'close' ? client.ended() : client.until(whole(2)))
    expect(bodies(text)).toEqual(told === 'close' ? ['<1>'] : ['<1>', '<2>'])
    expect(toAnswers(text)[0]?.headers.connection).toBe(told)
  })

  test('that ends is read to its end, so that the last answer is not lost', async () => {
    const client = await (await start()).open()
    client.socket.write(`POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n`)
    await client.until(whole(1))
    // The client has not looked yet and sends the body that nobody wants.
    client.socket.end(Buffer.alloc(3_000_000, 'x'))
    expect(statuses(await client.ended())).toEqual([413])
  })

  test('is told of its end after a bad request, with the answers before it', async () => {
    const client = await (await start()).open()
    client.socket.write(`${toRequest('1')}${toRequest('2')}nonsense\r\n${toRequest('3')}`)
    const answers = toAnswers(await client.ended())
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 400])
    expect(answers[2]).toMatchObject({ headers: { connection: 'close' }, body: '{"message":"Bad Request"}' })
  })

  test('goes on after a request that was refused before its body came', async () => {
    const refuse: HttpPorts['refuse'] = ({ path }) =>
      path === '/rpc' ? null : message(404, 'Path not found')
    const client = await (await start({ ...echo, refuse })).open()
    const request = toRequest('0123456789', '', '/nowhere')
    expect(statuses(await ask(client, request.slice(0, -6), 1))).toEqual([404])
    expect(statuses(await ask(client, `${request.slice(-6)}${toRequest('x')}`, 2))).toEqual([404, 200])
  })

  test('asks for a body that is held back, after the answers before it', async () => {
    const client = await (await start()).open()
    const request = toRequest('held back', 'expect: 100-continue\r\n')
    expect(statuses(await ask(client, toRequest('x') + request.slice(0, -9), 2))).toEqual([200, 100])
    expect(bodies(await ask(client, request.slice(-9), 3))).toEqual(['<x>', '', '<held back>'])
  })

  test('whose client does not take its answers is read no further until it does', async () => {
    const large = Buffer.alloc(128 * 1024, 'x')
    let most = 0
    const { open, sockets } = await start({
      answer() {
        most = Math.max(most, sockets[0]?.writableLength ?? 0)
        return { status: 200, body: [large] }
      },
    })
    const client = await open()
    client.socket.pause()
    const request = toRequest('', `x: ${'y'.repeat(8000)}\r\n`)
    client.socket.write(request.repeat(100))
    client.socket.write(toRequest('', 'connection: close\r\n'))
    // Its answers no longer fit into what the system holds for it.
    await expect.poll(() => (sockets[0]?.writableLength ?? 0) > 0).toBe(true)
    client.socket.resume()
    expect(statuses(await client.ended())).toHaveLength(101)
    expect(most).toBeLessThan(7 * 1024 * 1024)
  })
})

describe('the server', () => {
  test('goes on when clients go away in the middle of heads, bodies and answers', async () => {
    const late = Promise.withResolvers<Reply>()
    const { open, sockets } = await start({
      answer: ({ body }) => (`${body}` === 'late' ? late.promise : { status: 200, body: [body] }),
    })
    for (const bytes of ['', 'POST /r', toRequest('{}').slice(0, -1), toRequest('late')]) {
      const client = await open()
      client.socket.write(bytes)
      client.socket.resetAndDestroy()
    }
    await expect.poll(() => sockets.filter(({ destroyed }) => destroyed)).toHaveLength(4)
    late.resolve({ status: 200, body: ['late'] })
    expect(bodies(await ask(await open(), toRequest('still here'), 1))).toEqual(['still here'])
  })

  test('destroys the connection of a request that it fails on, after the answers before it', async () => {
    const { open } = await start({
      answer({ body }) {
        if (`${body}` === 'throw') throw new Error('thrown')
        return `${body}` === 'reject' ? Promise.reject(new Error('rejected')) : { status: 200, body: [body] }
      },
    })
    for (const failing of ['throw', 'reject']) {
      const client = await open()
      client.socket.write(toRequest('before') + toRequest(failing) + toRequest('after'))
      expect(bodies(await client.ended())).toEqual(['before'])
    }
    expect(bodies(await ask(await open(), toRequest('x'), 1))).toEqual(['x'])
  })

  test('ends with all its connections, also those that wait for an answer', async () => {
    const { open, close } = await start({ answer: () => new Promise<Reply>(() => {}) })
    const client = await open()
    client.socket.write(toRequest('x'))
    await close()
    expect(await client.ended()).toBe('')
  })

  test('answers or ends whatever comes, and goes on', async () => {
    const { open } = await start()
    const valid = [
      toRequest('{"jsonrpc":"2.0"}'),
      toRequest('x'.repeat(50), 'connection: close\r\n'),
      'GET /devnet HTTP/1.0\r\n\r\n',
      'POST / HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n',
      toRequest('{}', 'expect: 100-continue\r\n'),
    ]
    await fuzz(200, async (random) => {
      const bytes = damage(Buffer.from(Array.from({ length: 4 }, () => pick(valid, random)).join('')), random)
      const client = await open()
      for (let at = 0; at < bytes.length; ) {
        const to = at + 1 + random(bytes.length)
        client.socket.write(bytes.subarray(at, to))
        if (random(3) === 0) await new Promise(setImmediate)
        at = to
      }
      client.socket.end()
      for (const { status } of toAnswers(await client.ended())) {
        expect([100, 200, 400, 413, 431]).toContain(status)
      }
    })
    expect(bodies(await ask(await open(), toRequest('still here'), 1))).toEqual(['<still here>'])
  })
})

/** Bytes with some changed, lost, doubled or put in; now and then nothing but noise. */
function damage(bytes: Buffer, random: Random): Buffer {
  if (random(8) === 0) return Buffer.from(Array.from({ length: 1 + random(300) }, () => random(256)))
  let damaged = bytes
  for (let times = random(4); times > 0; times--) {
    const at = random(damaged.length)
    const [before, after] = [damaged.subarray(0, at), damaged.subarray(at)]
    const noise = Buffer.from(pick(['\r\n', '\n', '\0', ':', ' ', '\xff', '9', 'HTTP/1.1'], random), 'latin1')
    const rest = after.subarray(random(3))
    damaged = Buffer.concat(
      pick(
        [
          [before, noise, rest],
          [before, rest],
          [before, after, after],
        ],
        random,
      ),
    )
  }
  return damaged
}
