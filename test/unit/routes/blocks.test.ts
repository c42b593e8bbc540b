import { expect, test } from 'vitest'
import { toWholeCspr } from '../../../src/domain/motes.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { hashOf } from '../../support/builders.ts'
import { makeChain } from '../../support/made-chain.ts'
import { mountRoutes } from '../../support/routes.ts'

/** Two full pages and a bit: eras of 100 blocks, an immediate switch block in between, an open era of 30. */
const chain = makeChain({ eras: [1, ...Array(12).fill(100), 1, ...Array(10).fill(100), 30] })
const tip = chain.blocks.at(-1)!
const openEra = chain.eras.at(-1)!
const lastCompleted = chain.eras.at(-2)!

function setUp() {
  const store = createArrayStore(chain)
  return { store, ...mountRoutes(store) }
}

test('/block answers a list of one block with its members in the order that clients know', async () => {
  const { ask } = setUp()
  const { status, json, reply } = await ask('/block?blockHeight=150')
  const block = chain.blocks[150]!
  const era = chain.eras[block.eraId]!
  expect(status).toBe(200)
  expect(reply?.type).toBe('application/json')
  const [answer, ...more] = json()
  expect(more).toEqual([])
  expect(Object.keys(answer)).toEqual([
    'blockHeight',
    'blockHash',
    'eraId',
    'circulatingSupply',
    'validatorsWeights',
    'totalSupply',
    'stateRootHash',
    'transfersCount',
    'deploysCount',
    'stakedThisBlock',
    'nextEraValidatorsWeights',
    'validatorsRewards',
    'delegatorsRewards',
    'rewards',
    'validatorsCount',
    'delegatorsCount',
    'switch',
    'undelegatedThisBlock',
    'timestamp',
    'prevBlockTime',
  ])
  expect(answer).toMatchObject({
    blockHeight: 150,
    blockHash: block.hash,
    eraId: 2,
    circulatingSupply: toWholeCspr(era.circulating!.total),
    validatorsWeights: 6_000_000_000,
    totalSupply: toWholeCspr(block.totalSupply!),
    transfersCount: block.counts.transfers,
    deploysCount: block.counts.wasm,
    rewards: 0,
    validatorsCount: 0,
    switch: false,
    timestamp: new Date(block.time).toISOString(),
    prevBlockTime: 16_384,
  })
})

test("/block shows what an era's end brought on its switch block alone, summed before it is divided", async () => {
  const { ask } = setUp()
  const [answer] = (await ask('/block?blockHeight=100')).json()
  expect(answer).toMatchObject({
    switch: true,
    rewards: 123_456,
    validatorsRewards: 41_152,
    delegatorsRewards: 82_304,
    validatorsCount: 5,
    delegatorsCount: 77,
    nextEraValidatorsWeights: 6_000_000_000,
  })
})

test('/block answers every height alike, wherever it is held', async () => {
  const { ask } = setUp()
  for (const { height, hash, time } of chain.blocks) {
    const [answer] = (await ask(`/block?blockHeight=${height}`)).json()
    const previous = height === 0 ? time : chain.blocks[height - 1]!.time
    expect(answer).toMatchObject({ blockHeight: height, blockHash: hash, prevBlockTime: time - previous })
  }
})

test('/block asks the store once for a page of closed history', async () => {
  const { ask, store } = setUp()
  await ask('/block?blockHeight=3')
  const asked = store.asked.length
  for (const height of [0, 7, 500, 1_023]) await ask(`/block?blockHeight=${height}`)
  expect(store.asked.length).toBe(asked)
  expect(store.asked).toContain('blocks 0-1023')
})

test('/block without parameters is the newest block', async () => {
  const { ask } = setUp()
  const { json, reply } = await ask('/block')
  expect(json()).toMatchObject([{ blockHeight: tip.height, eraId: openEra.id, circulatingSupply: 0 }])
  expect(reply?.cacheClass).toBe('PER_BLOCK')
})

test('/block is immutable in closed eras only', async () => {
  const { ask } = setUp()
  const classOf = async (height: number) => (await ask(`/block?blockHeight=${height}`)).reply?.cacheClass
  expect(await classOf(0)).toBe('IMMUTABLE')
  expect(await classOf(lastCompleted.endHeight!)).toBe('IMMUTABLE')
  expect(await classOf(openEra.startHeight)).toBe('PER_BLOCK')
  expect(await classOf(tip.height)).toBe('PER_BLOCK')
})

test('/block finds a hash in any case; a height wins over a hash, a filter over both', async () => {
  const { ask } = setUp()
  const hash = chain.blocks[77]!.hash
  expect((await ask(`/block?hash=${hash}`)).json()[0].blockHeight).toBe(77)
  expect((await ask(`/block?hash=${hash.toUpperCase()}`)).json()[0].blockHeight).toBe(77)
  expect((await ask(`/block?hash=${hash}&blockHeight=5`)).json()[0].blockHeight).toBe(5)
  const filter = encodeURIComponent(JSON.stringify({ where: { blockHeight: 9 } }))
  expect((await ask(`/block?hash=${hash}&blockHeight=5&filter=${filter}`)).json()[0].blockHeight).toBe(9)
})

test('/block that finds nothing is 404 with the known words', async () => {
  const { ask } = setUp()
  const none = encodeURIComponent(JSON.stringify({ where: { blockHeight: 99_999 } }))
  for (const query of [
    'blockHeight=999999',
    'blockHeight=-1',
    'blockHeight=1.5',
    'blockHeight=1e30',
    'hash=abc',
    `hash=${hashOf('nobody')}`,
    `filter=${none}`,
  ]) {
    const { status, json } = await ask(`/block?${query}`)
    expect(status, query).toBe(404)
    expect(json().error).toEqual({ statusCode: 404, name: 'Error', message: 'Not found.' })
  }
})

test('numbers may be written as JavaScript reads them', async () => {
  const { ask } = setUp()
  for (const text of ['1e2', '100', '100.0', '+100', '0x64', '%20100']) {
    expect((await ask(`/block?blockHeight=${text}`)).json()[0]?.blockHeight, text).toBe(
      text === '+100' ? 100 : 100,
    )
  }
})

test('a value that is no number is 400 in the words that clients know', async () => {
  const { ask } = setUp()
  const { status, json } = await ask('/block?blockHeight=abc')
  expect(status).toBe(400)
  expect(json()).toEqual({
    type: '/docs/problems#invalid-parameter',
    title: 'A parameter has a value that is not allowed',
    status: 400,
    detail: 'Invalid data "abc" for parameter "blockHeight". Allowed: a number.',
    errors: [{ parameter: 'blockHeight', message: 'must be a number', allowed: 'a number', value: '"abc"' }],
    error: {
      statusCode: 400,
      name: 'BadRequestError',
      message: 'Invalid data "abc" for parameter "blockHeight".',
      code: 'INVALID_PARAMETER_VALUE',
    },
  })
  expect((await ask('/block?blockHeight=')).status).toBe(400)
  const twice = await ask('/block?blockHeight=1&blockHeight=2')
  expect(twice.status).toBe(400)
  expect(twice.json().error.message).toBe('Invalid data ["1","2"] for parameter "blockHeight".')
})

test('/block ignores parameters that it does not know', async () => {
  const { ask } = setUp()
  expect((await ask('/block?blockHeight=5&utm=x&__proto__=y')).json()[0].blockHeight).toBe(5)
})

test('/block?filter answers the fields that are asked for, in their own order', async () => {
  const { ask } = setUp()
  const filter = {
    where: { and: [{ blockHeight: { gte: 90, lte: 500 } }], switch: { eq: true } },
    fields: ['eraId', 'switch', 'blockHeight'],
    order: ['blockHeight ASC'],
    limit: 4,
  }
  const { body } = await ask(`/block?filter=${encodeURIComponent(JSON.stringify(filter))}`)
  expect(body).toBe(
    JSON.stringify(
      [100, 200, 300, 400].map((height, index) => ({ blockHeight: height, eraId: index + 1, switch: true })),
    ),
  )
})

test('/block?filter: a helper field that was not asked for changes nothing', async () => {
  const { ask } = setUp()
  const whole = (await ask('/block?blockHeight=250')).json()[0]
  for (const field of ['circulatingSupply', 'prevBlockTime', 'validatorsWeights']) {
    const filter = encodeURIComponent(
      JSON.stringify({ where: { blockHeight: 250 }, fields: { [field]: true } }),
    )
    expect((await ask(`/block?filter=${filter}`)).json()).toEqual([{ [field]: whole[field] }])
  }
})

test('/block?filter in brackets', async () => {
  const { ask } = setUp()
  const query =
    'filter[where][blockHeight][inq][]=3&filter[where][blockHeight][inq][]=5&filter[fields][]=blockHeight&filter[order]=blockHeight%20DESC&filter[limit]=2'
  expect((await ask(`/block?${query}`)).json()).toEqual([{ blockHeight: 5 }, { blockHeight: 3 }])
})

test('/block/total and /block/circulating are digits and nothing else', async () => {
  const { ask } = setUp()
  const total = await ask('/block/total?blockHeight=100')
  expect(total.reply?.type).toBe('text/plain')
  expect(total.body).toBe(String(toWholeCspr(chain.blocks[100]!.totalSupply!)))
  expect(total.reply?.cacheClass).toBe('IMMUTABLE')
  const circulating = await ask('/block/circulating?blockHeight=100')
  expect(circulating.body).toBe(String(toWholeCspr(chain.eras[1]!.circulating!.total)))
  expect((await ask('/block/total')).body).toBe(String(toWholeCspr(tip.totalSupply!)))
  expect((await ask('/block/total?blockHeight=999999')).status).toBe(404)
  expect((await ask('/block/circulating?hash=zz')).status).toBe(404)
})

test('/block/circulating without parameters is that of the last completed era, never 0', async () => {
  const { ask } = setUp()
  const expected = String(toWholeCspr(lastCompleted.circulating!.total))
  const { body, reply } = await ask('/block/circulating')
  expect(body).toBe(expected)
  expect(reply?.cacheClass).toBe('PER_ERA')
  expect((await ask(`/block/circulating?blockHeight=${tip.height}`)).body).toBe(expected)
  expect((await ask('/block/circulating?blockHeight=0')).body).toBe(
    String(toWholeCspr(chain.eras[0]!.circulating!.total)),
  )
})

test('a network without a figure for its circulating supply says so, and why', async () => {
  const made = makeChain({ eras: [1, 5, 3], hasCirculating: false })
  const store = createArrayStore({ ...made, network: { ...made.network, name: 'casper' } })
  const { ask } = mountRoutes(store)
  for (const path of ['/block/circulating', '/block/circulating?blockHeight=2', '/era/circulating?eraId=1']) {
    const { status, json } = await ask(path)
    expect(status, path).toBe(404)
    expect(json()).toMatchObject({ type: '/docs/problems#supply-unknown', error: { code: 'SUPPLY_UNKNOWN' } })
    expect(json().detail).toMatch(/its method lacks inputs: unlock schedule/)
  }
  expect((await ask('/block?blockHeight=2')).json()[0].circulatingSupply).toBe(0)
})

test('closed history is served while the store is down', async () => {
  const { ask, store } = setUp()
  await ask('/block?blockHeight=10')
  await ask('/block?blockHeight=2030')
  store.isDown = true
  expect((await ask('/block?blockHeight=900')).status).toBe(200)
  expect((await ask('/block/total?blockHeight=901')).status).toBe(200)
  expect((await ask('/block?blockHeight=2031')).status).toBe(200)
  expect((await ask('/block')).json()[0].blockHeight).toBe(tip.height)
})

test('nothing stored yet is 404, not a fault', async () => {
  const store = createArrayStore(chain)
  store.tipHeight = -1
  const { ask } = mountRoutes(store)
  expect((await ask('/block')).status).toBe(404)
  expect((await ask('/block/circulating')).status).toBe(404)
  expect((await ask('/era')).json()).toEqual([])
  expect((await ask('/v1/blocks')).status).toBe(503)
})
