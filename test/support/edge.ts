import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll } from 'vitest'

export interface Delivery {
  readonly method: string | undefined
  readonly path: string | undefined
  readonly authorization: string | undefined
  readonly groups: string[]
  readonly drop: string[]
  readonly at: number
}

/** What an edge answers: a status, at once or later. */
export type Answer = (n: number) => number | Promise<number>

export interface FakeEdge {
  readonly url: string
  readonly host: string
  readonly deliveries: Delivery[]
  answer: Answer
  /** Refuses connections until `open`. */
  close(): Promise<void>
  open(): Promise<void>
}

/** An edge's purge door on a real port, which answers as told and remembers. Closed after the file. */
export async function useEdge(answer: Answer = () => 200): Promise<FakeEdge> {
  const deliveries: Delivery[] = []
  const server = createServer(async (request, response) => {
    const { method, url: path, headers } = request
    const { groups, drop = [] } = await readOrder(request)
    deliveries.push({ method, path, authorization: headers.authorization, groups, drop, at: Date.now() })
    response.writeHead(await edge.answer(deliveries.length), { 'content-type': 'application/json' })
    response.end(JSON.stringify({ groups, drop }))
  })
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const edge: FakeEdge = {
    url: `http://127.0.0.1:${port}`,
    host: `127.0.0.1:${port}`,
    deliveries,
    answer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
    open: () => listen(port),
  }
  afterAll(() => edge.close())
  return edge
}

async function readOrder(request: IncomingMessage): Promise<{ groups: string[]; drop?: string[] }> {
  let text = ''
  for await (const chunk of request) text += chunk
  return JSON.parse(text)
}
