import { expect, test } from 'vitest'
import type { Entry, Tier } from '../../../src/cache/cache.ts'
import { createCache } from '../../../src/cache/tiers.ts'
import { BLOCKS_PER_PAGE } from '../../../src/read/block-page.ts'
import { readBlock, readLatestBlock } from '../../../src/read/blocks.ts'
import { readEraTransfers } from '../../../src/read/era-transfers.ts'
import {
  readEra,
  readEraAt,
  readEraRange,
  readLastCompletedEra,
  readOpenEra,
} from '../../../src/read/eras.ts'
import {
  readHead,
  SETTLED_DEPTH,
  toClosedBelow,
  toSettledBelow,
  toSettledEra,
} from '../../../src/read/head.ts'
import { toHeadlines } from '../../../src/read/headlines.ts'
import type { ReadPorts } from '../../../src/read/ports.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { type MadeChain, makeChain } from '../../support/made-chain.ts'

const chain = makeChain({ eras: [1, ...Array(30).fill(100), 1, 1, ...Array(9).fill(100), 40] })

/** A durable tier, to see what stays when the isolate is gone. */
function createDurable(): Tier & { readonly entries: Map<string, Entry> } {
  const entries = new Map<string, Entry>()
  return {
    name: 'kv',
    entries,
    get: async (key) => entries.get(key) ?? null,
    put: async (key, entry) => void entries.set(key, entry),
    delete: async (keys) => keys.forEach((key) => entries.delete(key)),
  }
}

function setUp(made: MadeChain = chain, durable = createDurable()) {
  const store = createArrayStore(made)
  const clock = { time: 1_700_000_000_000, now: () => clock.time }
  const open = (): ReadPorts => ({
    store,
    cache: createCache(
      { namespace: () => 'casper-made', memoryBytes: 64 * 1024 * 1024 },
      { tiers: [durable], clock, background: { run: (work) => void work.catch(() => {}) } },
    ),
  })
  return { store, durable, clock, open, ports: open() }
}

test('readBlock() is at once when the page is in memory', async () => {
  const { ports } = setUp()
  await readBlock(ports, 5)
  const again = readBlock(ports, 900)
  expect(again).not.toBeInstanceOf(Promise)
  expect(await again).toMatchObject({ tier: 'memory', closed: true, value: { block: { height: 900 } } })
})

test('a page filled once serves an isolate that has nothing, while the store is down', async () => {
  const { ports, open, store } = setUp()
  await readBlock(ports, 5)
  await readEra(ports, 3)
  await readEraTransfers(ports, 3, 20)
  store.isDown = true
  const fresh = open()
  for (const height of [0, 512, BLOCKS_PER_PAGE - 1]) {
    expect((await readBlock(fresh, height))?.value.block).toEqual(chain.blocks[height])
  }
  expect((await readEraTransfers(fresh, 6, 5))?.value.era.id).toBe(6)
})

test('durable keys begin with the network and the version of the bytes', async () => {
  const { ports, durable } = setUp()
  await readBlock(ports, 5)
  await readEra(ports, 3)
  expect([...durable.entries.keys()]).toEqual(
    expect.arrayContaining(['casper-made/b1/blocks/0', 'casper-made/h3/head']),
  )
})

test('whatever the height of the tip, every block and era is read as it is stored', async () => {
  const made = makeChain({ eras: [1, 20, 1, 1, ...Array(40).fill(60), 7] })
  for (const tipHeight of [0, 1, 20, 21, 22, 127, 128, 1_023, 1_024, 1_100, 2_047, 2_048, 2_200, 2_429]) {
    const { store, ports } = setUp(made)
    store.tipHeight = tipHeight
    // Eras as they stood then.
    const eras = made.eras
      .filter(({ startHeight }) => startHeight <= tipHeight)
      .map((era) => (era.endHeight! <= tipHeight ? era : { ...era, endHeight: null, end: null }))
    store.readEras = async (from, to) => eras.filter(({ id }) => id >= from && id <= to)
    for (const height of [0, 1, 19, 100, tipHeight - 129, tipHeight - 1, tipHeight]) {
      if (height < 0) continue
      const block = await readBlock(ports, height)
      if (height > tipHeight) expect(block).toBe(null)
      else expect(block?.value.block).toEqual(made.blocks[height])
    }
    expect(await readBlock(ports, tipHeight + 1)).toBe(null)
    expect((await readLatestBlock(ports))?.value.block.height).toBe(tipHeight)
    for (const era of eras) expect((await readEra(ports, era.id))?.value).toEqual(era)
    expect(await readEra(ports, eras.length)).toBe(null)
    expect((await readLastCompletedEra(ports))?.value.id).toBe(eras.findLast(({ end }) => end !== null)?.id)
    expect((await readOpenEra(ports))?.value.id).toBe(eras.find(({ end }) => end === null)?.id)
  }
})

test('no page is closed before the era is, nor within reach of a rollback', async () => {
  const made = makeChain({ eras: [1_022, 2, 10], isClosed: true })
  for (const [tipHeight, settled] of [
    [1_021, 1_014],
    [1_022, 1_015],
    [1_023, 1_016],
    [1_033, 1_026],
  ] as const) {
    const { store, ports } = setUp(made)
    store.tipHeight = tipHeight
    const eras = made.eras
      .filter(({ startHeight }) => startHeight <= tipHeight)
      .map((era) => (era.endHeight! <= tipHeight ? era : { ...era, endHeight: null, end: null }))
    store.readEras = async (from, to) => eras.filter(({ id }) => id >= from && id <= to)
    const { value: head } = await readHead(ports)
    expect(toSettledBelow(head)).toBe(settled)
    expect(toSettledBelow(head)).toBeLessThanOrEqual(toClosedBelow(head))
    expect(tipHeight + 1 - toSettledBelow(head)).toBeGreaterThanOrEqual(SETTLED_DEPTH)
  }
})

test('an era within reach of a rollback is in no closed page', async () => {
  const { ports } = setUp(makeChain({ eras: [50, 50, 3, 3], isClosed: true }))
  expect(toSettledEra((await readHead(ports)).value)).toBe(1)
})

test('a store that lags behind its own tip makes no page', async () => {
  const { store, ports } = setUp()
  const { readBlocks } = store
  store.readBlocks = async (from, to) => (await readBlocks(from, to)).filter(({ height }) => height < 1_000)
  await expect(async () => readBlock(ports, 5)).rejects.toThrow(RangeError)
  store.readBlocks = readBlocks
})

test('a new block costs a query of one segment, not of a page', async () => {
  const { store, ports, clock } = setUp()
  store.tipHeight = chain.blocks.length - 5
  await readBlock(ports, store.tipHeight)
  store.asked.length = 0
  store.tipHeight += 1
  await ports.cache.purge(['block'])
  clock.time += 10
  expect((await readLatestBlock(ports))?.value.block.height).toBe(store.tipHeight)
  const asked = store.asked.filter((question) => question.startsWith('blocks'))
  const [from, to] = /(\d+)-(\d+)/.exec(asked.join())!.slice(1).map(Number)
  expect(asked.length).toBe(1)
  expect(to! - from!).toBeLessThanOrEqual(128)
})

test('readEraAt() agrees with a walk over all eras', async () => {
  const { ports } = setUp()
  for (const era of chain.eras) {
    for (const time of [
      era.start - 1,
      era.start,
      era.start + 1,
      (era.end ?? era.start) + 1,
      era.end ?? era.start + 2,
    ]) {
      const holds = chain.eras.findLast(({ start, end }) => start <= time && (end === null || time <= end))
      const next = chain.eras.find(({ start }) => start > time)
      const expected = time < chain.eras[0]!.start ? undefined : (holds ?? next)
      expect((await readEraAt(ports, time))?.value.id, `${era.id} ${time - era.start}`).toBe(expected?.id)
    }
  }
})

test('readEraRange() leaves out what is not there', async () => {
  const { ports } = setUp()
  expect((await readEraRange(ports, 38, 60)).map(({ value }) => value.id)).toEqual([38, 39, 40, 41, 42])
  expect(await readEraRange(ports, 50, 40)).toEqual([])
})

test('what an open era and the same era completed answer are kept apart', async () => {
  const { ports } = setUp()
  const open = chain.eras.at(-1)!
  expect(await readEraTransfers(ports, open.id, 3)).toMatchObject({
    closed: false,
    value: { count: open.transfersCount },
  })
  expect(await readEraTransfers(ports, open.id - 1, 3)).toMatchObject({ closed: true })
})

test('the headlines leave the newest pages and the last era ready', async () => {
  const { ports, store } = setUp()
  const headlines = await toHeadlines(ports)
  await Promise.all(headlines.map((headline) => headline.read()))
  store.isDown = true
  const last = chain.eras.at(-2)!
  expect(await readEraTransfers(ports, last.id, 20)).toMatchObject({ value: { eraId: last.id } })
  expect((await readBlock(ports, 3 * BLOCKS_PER_PAGE - 1))?.value.block.height).toBe(3 * BLOCKS_PER_PAGE - 1)
  expect((await readLatestBlock(ports))?.value.block.height).toBe(chain.blocks.length - 1)
})

test('headlines of an empty store are nothing to read', async () => {
  const { ports, store } = setUp()
  store.tipHeight = -1
  store.readEras = async () => []
  for (const headline of await toHeadlines(ports)) expect(await headline.read()).toBe(null)
})
