import { createApp } from '../../../src/app.ts'
import { parseConfig } from '../../../src/config.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { makeChain } from '../../support/made-chain.ts'
import { MemoryTier, TestBackground, TestClock } from '../cache/helpers.ts'
import { ask } from './helpers.ts'

export const PURGE_TOKEN = 'a-token-of-the-crawler'

/** The whole edge over a store of arrays and tiers of memory. */
export function startApp(settings: Record<string, string> = {}, chain = makeChain({ eras: [10, 12, 11] })) {
  const clock = new TestClock()
  const background = new TestBackground()
  const store = createArrayStore(chain, clock.time)
  const edge = new MemoryTier('edge')
  const kv = new MemoryTier('kv', { isLastResort: true })
  const lines: string[] = []
  const make = () =>
    createApp<string>(
      {
        store,
        tiers: [edge, kv],
        clock,
        background,
        addressOf: (_headers, address) => address,
        write: (line) => lines.push(line),
        assets: (_request, path) =>
          path === '/' || path === '/charts' ? new Response('<!doctype html>') : null,
      },
      parseConfig({ GATEWAY_URL: 'http://a:b@127.0.0.1:1', PURGE_TOKEN, ...settings }),
    )
  const app = make()
  return {
    clock,
    background,
    store,
    edge,
    kv,
    lines,
    get: async (path: string, init: RequestInit = {}) => app.fetch(ask(path, init), '192.0.2.1'),
    /** Another isolate over the same tiers. */
    again: () => {
      const other = make()
      return async (path: string, init: RequestInit = {}) => other.fetch(ask(path, init), '192.0.2.1')
    },
    purge: async (
      body: unknown,
      headers: Record<string, string> = { authorization: `Bearer ${PURGE_TOKEN}` },
    ) =>
      app.fetch(
        ask('/internal/purge', {
          method: 'POST',
          headers,
          body: typeof body === 'string' ? body : JSON.stringify(body),
        }),
        '192.0.2.1',
      ),
  }
}
