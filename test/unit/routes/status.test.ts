import { expect, test } from 'vitest'
import { createArrayStore } from '../../support/array-store.ts'
import { makeChain } from '../../support/made-chain.ts'
import { mountRoutes } from '../../support/routes.ts'

const chain = makeChain({ eras: [1, 10, 10] })
const tip = chain.blocks.at(-1)!
const now = tip.time + 4_000

function setUp() {
  const store = createArrayStore(chain, now)
  const routes = mountRoutes(store, now)
  return { store, routes, read: async () => (await routes.ask('/v1/status')).json() }
}

test('/v1/status while it follows', async () => {
  const { routes, read } = setUp()
  expect(await read()).toMatchObject({
    network: 'casper-made',
    status: 'ok',
    degraded: [],
    indexed: { height: 20, hash: tip.hash, era: 2 },
    networkHeight: 20,
    lag: { blocks: 0, seconds: 0 },
    mode: 'following',
    percent: 100,
    store: 'ok',
    version: 'test',
  })
  expect((await routes.ask('/v1/status')).reply?.cacheClass).toBe('NEVER')
})

test('/v1/status while it catches up', async () => {
  const { store, read } = setUp()
  store.heartbeat = { ...store.heartbeat, networkHeight: 3_000, networkTime: tip.time + 90_000 }
  expect(await read()).toMatchObject({
    mode: 'catching-up',
    lag: { blocks: 2_980, seconds: 90 },
    percent: 0.66,
    status: 'ok',
  })
})

test('/v1/status before the first block', async () => {
  const { store, read } = setUp()
  store.tipHeight = -1
  expect(await read()).toMatchObject({ mode: 'starting', indexed: null, lag: null, store: 'ok' })
})

test('/v1/status while the store is down: 200, from what is held', async () => {
  const { store, routes, read } = setUp()
  await routes.ask('/block')
  store.isDown = true
  const { status, json } = await routes.ask('/v1/status')
  expect(status).toBe(200)
  expect(json()).toMatchObject({ status: 'degraded', store: 'down', indexed: { height: 20 } })
  expect(json().degraded).toEqual([expect.stringContaining('store')])
  store.isDown = false
  routes.now += 2_000
  expect((await read()).store).toBe('ok')
})

test('/v1/status tells that the store is spared after failures, though it answers again', async () => {
  const { store, routes, read } = setUp()
  await routes.ask('/block')
  expect(await read()).toMatchObject({ breaker: 'closed', status: 'ok' })
  store.isDown = true
  for (const eraId of [0, 1, 2]) {
    await routes.ask(`/v1/transfers?fromEra=${eraId}`).catch(() => {})
    routes.now += 250
  }
  store.isDown = false
  // The look at the store is kept for a while, what is told of the breaker is not.
  expect(await read()).toMatchObject({
    breaker: 'open',
    store: 'ok',
    status: 'degraded',
    degraded: ['store: questions to it have failed; it is spared for some seconds'],
  })
  routes.now += 600
  expect(await read()).toMatchObject({ breaker: 'half-open', status: 'ok' })
  await routes.ask('/v1/transfers?fromEra=1')
  expect(await read()).toMatchObject({ breaker: 'closed' })
})

test('/v1/status with a store that was never seen up', async () => {
  const { store, read } = setUp()
  store.isDown = true
  expect(await read()).toMatchObject({ mode: 'starting', indexed: null, store: 'down', status: 'degraded' })
})

test('/v1/status tells a silent crawler and a halted network', async () => {
  const { routes, read } = setUp()
  routes.now += 700_000
  expect((await read()).degraded).toEqual([
    'crawler: no sign of life for 700 s',
    'network: no new block for 700 s',
  ])
})

test('/v1/status looks at the store once in two seconds, however many ask', async () => {
  const { store, routes, read } = setUp()
  await Promise.all(Array.from({ length: 50 }, read))
  expect(store.asked).toEqual(['tip'])
  routes.now += 2_000
  await read()
  expect(store.asked).toEqual(['tip', 'tip'])
})

test('/v1/status shows a block as soon as any other answer does', async () => {
  const { store, routes, read } = setUp()
  store.tipHeight = 19
  expect((await read()).indexed.height).toBe(19)
  store.tipHeight = 20
  await routes.ask('/block')
  expect((await read()).indexed.height).toBe(20)
})

test('/v1/status says what holds the crawl up', async () => {
  const { store, read } = setUp()
  store.heartbeat = { ...store.heartbeat, trouble: 'block 21 refused (PARENT_HASH)' }
  expect(await read()).toMatchObject({
    status: 'degraded',
    degraded: ['crawler: block 21 refused (PARENT_HASH)'],
  })
})

test('/v1/status answers in good time while the store hangs', async () => {
  const { store, read } = setUp()
  store.readTip = () => new Promise(() => {})
  expect(await read()).toMatchObject({ store: 'down', status: 'degraded' })
})
