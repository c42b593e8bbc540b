import { expect, test } from 'vitest'
import { createCache } from '../../../src/cache/tiers.ts'
import { toEtag } from '../../../src/lib/etag.ts'
import { readFigures } from '../../../src/read/blocks.ts'
import { createPageAnswers } from '../../../src/routes/blocks.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { makeChain } from '../../support/made-chain.ts'
import { mountRoutes } from '../../support/routes.ts'
import { TestBackground, TestClock } from '../cache/helpers.ts'

/** Two full pages, and what is not in one yet. */
const chain = makeChain({ eras: [...Array(23).fill(100), 30] })
const LOADED = 1_024

async function setUp() {
  const store = createArrayStore(chain)
  const cache = createCache(
    { namespace: () => 'test', memoryBytes: 16 * 1024 * 1024 },
    { tiers: [], clock: new TestClock(), background: new TestBackground() },
  )
  const read = { store, cache }
  // The first page alone comes into memory.
  await readFigures(read, 5)
  return { answer: createPageAnswers(read), ask: mountRoutes(store).ask }
}

test('a block of a page in memory is answered as the routes do', async () => {
  const { answer, ask } = await setUp()
  for (const height of [0, 1, 99, 100, 101, 512, LOADED - 1]) {
    const path = `/block?blockHeight=${height}`
    const { body, reply } = await ask(path)
    const found = answer(path)
    expect(found?.reply).toMatchObject({ status: 200, body, type: 'application/json', etag: toEtag(body) })
    expect(found?.reply).toMatchObject({ cacheClass: 'IMMUTABLE', tier: 'memory', stale: false })
    expect(reply?.cacheClass).toBe('IMMUTABLE')
    expect(found?.budget).toBe('cheap')
  }
  expect(answer('/block?blockHeight=007')).toEqual(answer('/block?blockHeight=7'))
})

test.each([
  '/block?blockHeight=1024',
  '/block?blockHeight=2320',
  '/block?blockHeight=99999999999',
  '/block?blockHeight=',
  '/block?blockHeight=-1',
  '/block?blockHeight=1.5',
  '/block?blockHeight=1e2',
  '/block?blockHeight=%31',
  '/block?blockHeight=1&blockHeight=2',
  '/block?blockHeight=1&filter={}',
  '/block?hash=1',
  '/block/?blockHeight=1',
  '/block/total?blockHeight=1',
  '/block',
])('%s is left to the routes', async (key) => {
  const { answer } = await setUp()
  expect(answer(key)).toBe(null)
})
