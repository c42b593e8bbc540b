import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const folder = join(import.meta.dirname, '../../../fixtures/prices')

export const fixture = (name: string): string => readFileSync(join(folder, `${name}.json`), 'utf8')

export interface Given {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
}

export interface Seen {
  readonly url: URL
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
}

/** A source's server that answers as told, and remembers what it was asked. */
export async function serve(answer: (seen: Seen) => Given): Promise<{ url: string; seen: Seen[] }> {
  const seen: Seen[] = []
  const server = createServer((request, response) => {
    const asked = { url: new URL(request.url ?? '/', 'http://source'), headers: request.headers }
    seen.push(asked)
    const { status = 200, headers = {}, body } = answer(asked)
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

export const signal = new AbortController().signal
