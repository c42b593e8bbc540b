import { Hono } from 'hono'
import { ProblemError } from '../../src/api/problem.ts'
import { createCache } from '../../src/cache/tiers.ts'
import type { Reply } from '../../src/lib/reply.ts'
import { createRoutesOf } from '../../src/routes/all.ts'
import { StoreUnavailableError } from '../../src/store/errors.ts'
import type { ArrayStore } from './array-store.ts'

/** An answer with what its headers would be made of. */
export interface Asked {
  readonly status: number
  readonly body: string
  readonly headers: Headers
  /** null for a problem. */
  readonly reply: Reply | null
  json<T = any>(): T
}

export interface RoutesUnderTest {
  ask(path: string, init?: RequestInit): Promise<Asked>
  now: number
}

/** All routes over an array store and a cache without tiers, with the thinnest possible answer. */
export function mountRoutes(store: ArrayStore, now = 1_700_000_000_000): RoutesUnderTest {
  const test = { now, ask }
  const clock = { now: () => test.now }
  const cache = createCache(
    {
      namespace: () => 'test',
      memoryBytes: 64 * 1024 * 1024,
      isOutage: (error) => error instanceof StoreUnavailableError,
    },
    { tiers: [], clock, background: { run: (work) => void work.catch(() => {}) } },
  )
  let last: Reply | null = null
  const app = new Hono()
  app.onError((error) => {
    if (!(error instanceof ProblemError)) throw error
    const { problem, headers } = error
    return new Response(JSON.stringify(problem), { status: problem.status, headers })
  })
  const routes = createRoutesOf({
    read: { store, cache },
    clock,
    version: 'test',
    answer: async (_context, _endpoint, soon) => {
      const reply = await soon
      last = reply
      return new Response(reply.body, {
        status: reply.status,
        headers: { ...reply.headers, 'Content-Type': reply.type },
      })
    },
  })
  for (const route of routes) app.route('/', route)

  async function ask(path: string, init?: RequestInit): Promise<Asked> {
    last = null
    const response = await app.request(path, init)
    const body = await response.text()
    return {
      status: response.status,
      body,
      headers: response.headers,
      reply: last,
      json: () => JSON.parse(body),
    }
  }
  return test
}
