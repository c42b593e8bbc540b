import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test, vi } from 'vitest'
import { untilSilent } from '../../../scripts/watch-edge.ts'

const patience = { lookMs: 100, looks: 5 }

/** An edge that answers each look as told. */
async function useEdge(answer: (response: ServerResponse, look: number) => void) {
  let looks = 0
  const server = createServer((_, response) => answer(response, ++looks))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.close()
    server.closeAllConnections()
  }
  onTestFinished(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, looks: () => looks, close }
}

function watch(url: string) {
  const stop = new AbortController()
  onTestFinished(() => stop.abort())
  const state = { isOver: false }
  const over = untilSilent(url, stop.signal, patience).then(() => void (state.isOver = true))
  return { state, over, stop: () => stop.abort() }
}

test.each<[string, (response: ServerResponse) => void]>([
  ['takes connections and never answers', () => {}],
  ['stops within its head', (response) => void response.socket?.write('HTTP/1.1 200 OK\r\n')],
  ['stops within its body', (response) => void response.writeHead(200, { 'content-length': 9 }).write('o')],
  ['drops connections', (response) => void response.destroy()],
])('an edge that %s is given up after as many looks as patience has', async (_, answer) => {
  const edge = await useEdge(answer)
  await watch(edge.url).over
  expect(edge.looks()).toBe(patience.looks)
})

test('an edge that is gone is given up', async () => {
  const edge = await useEdge((response) => response.end())
  edge.close()
  await watch(edge.url).over
})

test('an edge that misses looks, and never so many one after the other, is kept, whatever it answers', async () => {
  const edge = await useEdge((response, look) => {
    if (look % patience.looks === 0) response.writeHead(look % 2 ? 503 : 404).end('{}')
  })
  const { state } = watch(edge.url)
  await vi.waitUntil(() => edge.looks() > 3 * patience.looks, { timeout: 15_000 })
  expect(state.isOver).toBe(false)
})

test('a stop ends the watch of an edge that answers', async () => {
  const edge = await useEdge((response) => response.end('ok'))
  const { stop, over } = watch(edge.url)
  await vi.waitUntil(() => edge.looks() > 1)
  stop()
  await over
})
