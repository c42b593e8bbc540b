import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createAnnouncer } from '../../../crawler/announce.ts'
import { createLog } from '../../../crawler/log.ts'

interface Delivery {
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly groups: string[]
}

const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** An edge that answers as told, and remembers. */
async function startEdge(answer: (n: number) => number | Promise<number>) {
  const deliveries: Delivery[] = []
  const read = async (request: IncomingMessage) => {
    let text = ''
    for await (const chunk of request) text += chunk
    return JSON.parse(text).groups as string[]
  }
  const server = createServer(async (request, response) => {
    deliveries.push({
      path: request.url,
      authorization: request.headers.authorization,
      groups: await read(request),
    })
    response.writeHead(await answer(deliveries.length)).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, deliveries }
}

const silent = createLog(() => {})

test('announces groups to the edge with the bearer', async () => {
  const { url, deliveries } = await startEdge(() => 200)
  const announcer = createAnnouncer({ url, token: 'secret-of-16-chars' }, silent)
  announcer.announce(['block', 'era'])
  await announcer.settle()
  expect(deliveries).toEqual([
    { path: '/internal/purge', authorization: 'Bearer secret-of-16-chars', groups: ['block', 'era'] },
  ])
})

test('what is announced during a delivery goes out together in the next', async () => {
  let release = () => {}
  const { url, deliveries } = await startEdge((n) =>
    n === 1 ? new Promise((r) => (release = () => r(200))) : 200,
  )
  const announcer = createAnnouncer({ url, token: null }, silent)
  announcer.announce(['block'])
  await expect.poll(() => deliveries.length).toBe(1)
  for (let i = 0; i < 20; i++) announcer.announce(i === 7 ? ['block', 'era'] : ['block'])
  release()
  await announcer.settle()
  expect(deliveries.map(({ groups }) => groups)).toEqual([['block'], ['block', 'era']])
})

test('a failed delivery is tried again with its groups', async () => {
  const { url, deliveries } = await startEdge((n) => (n < 3 ? 503 : 200))
  const announcer = createAnnouncer({ url, token: null }, silent)
  announcer.announce(['era'])
  await announcer.settle()
  expect(deliveries.map(({ groups }) => groups)).toEqual([['era'], ['era'], ['era']])
})

test('an edge that is away is given up with a warning, and tried anew at the next block', async () => {
  const lines: string[] = []
  const { url, deliveries } = await startEdge((n) => (n <= 2 ? 500 : 200))
  const announcer = createAnnouncer(
    { url, token: null, attempts: 2 },
    createLog((line) => lines.push(line)),
  )
  announcer.announce(['block'])
  await announcer.settle()
  expect(lines.join('')).toContain('announcement given up')
  announcer.announce(['block'])
  await announcer.settle()
  expect(deliveries.at(-1)?.groups).toEqual(['block'])
})

test('without an edge nothing is sent and nothing waits', async () => {
  const announcer = createAnnouncer({ url: null, token: null }, silent)
  announcer.announce(['block'])
  await announcer.settle()
})
