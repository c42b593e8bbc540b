import { expect, test } from 'vitest'
import { toWholeCspr } from '../../../src/domain/motes.ts'
import { toIso } from '../../../src/domain/time.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { makeChain } from '../../support/made-chain.ts'
import { mountRoutes } from '../../support/routes.ts'

/** 20 closed eras, of which 0 and 7 are a single switch block, and an open one. */
const chain = makeChain({ eras: [1, ...Array(6).fill(10), 1, ...Array(12).fill(10), 4] })
const open = chain.eras.at(-1)!
const done = chain.eras.at(-2)!

function setUp(made = chain) {
  const store = createArrayStore(made)
  const { ask } = mountRoutes(store)
  const ids = async (query: string) =>
    (await ask(`/era?${query}`)).json<{ id: number }[]>().map(({ id }) => id)
  const filter = (value: unknown) => ids(`filter=${encodeURIComponent(JSON.stringify(value))}`)
  return { store, ask, ids, filter }
}

test('/era without parameters is the last completed era', async () => {
  const { ask } = setUp()
  const { json, reply } = await ask('/era')
  const [era, ...more] = json()
  expect(more).toEqual([])
  expect(Object.keys(era)).toEqual([
    'id',
    'startBlock',
    'transfersCount',
    'deploysCount',
    'endBlock',
    'start',
    'end',
    'circulatingSupply',
    'validatorsCirculatingSupply',
    'transfersCirculatingSupply',
    'rewardsCirculatingSupply',
    'validatorsWeights',
    'totalSupply',
    'validatorsRewards',
    'delegatorsRewards',
    'rewards',
    'validatorsCount',
    'delegatorsCount',
    'stakedThisEra',
    'undelegatedThisEra',
    'stakedDiffThisEra',
  ])
  expect(era).toMatchObject({
    id: done.id,
    startBlock: done.startHeight,
    endBlock: done.endHeight,
    end: toIso(done.end!),
    rewards: 123_456,
    stakedThisEra: toWholeCspr(done.staked),
    stakedDiffThisEra: toWholeCspr(done.staked - done.undelegated),
  })
  expect(reply?.cacheClass).toBe('PER_BLOCK')
})

test('/era is the last completed era also between a switch block and the next block', async () => {
  const { ids } = setUp(makeChain({ eras: [1, 5, 5], isClosed: true }))
  expect(await ids('')).toEqual([2])
  expect(await ids('limit=2')).toEqual([2, 1])
})

test('/era?id', async () => {
  const { ask, ids } = setUp()
  expect(await ids('id=0')).toEqual([0])
  expect(await ids(`id=${open.id}`)).toEqual([open.id])
  expect((await ask(`/era?id=${open.id}`)).json()[0]).toMatchObject({ endBlock: null, end: null })
  expect((await ask(`/era?id=${open.id}`)).reply?.cacheClass).toBe('PER_BLOCK')
  expect((await ask('/era?id=3')).reply?.cacheClass).toBe('IMMUTABLE')
  for (const id of ['999', '-1', '1.5', '1e30']) expect(await ids(`id=${id}`), id).toEqual([])
  expect(await ids('id=3&skip=1')).toEqual([])
  expect(await ids('id=3&skip=0')).toEqual([3])
})

test('/era?blockHeight', async () => {
  const { ids } = setUp()
  for (const { height, eraId } of chain.blocks) expect(await ids(`blockHeight=${height}`)).toEqual([eraId])
  expect(await ids('blockHeight=99999999')).toEqual([open.id])
  expect(await ids('blockHeight=-1')).toEqual([])
  const closed = setUp(makeChain({ eras: [1, 5], isClosed: true }))
  expect(await closed.ids('blockHeight=99999999')).toEqual([])
})

test('/era?timestamp', async () => {
  const { ask, ids } = setUp()
  const at = (time: number) => ids(`timestamp=${toIso(time)}`)
  const era = chain.eras[3]!
  expect(await at(era.start)).toEqual([3])
  expect(await at(era.start + 1)).toEqual([3])
  expect(await at(era.end!)).toEqual([3])
  // Between the switch block and the next era's first block.
  expect(await at(era.end! + 1)).toEqual([4])
  // An immediate switch block has the time of the block before: the newer era wins.
  expect(chain.eras[7]!.start).toBe(chain.eras[6]!.end)
  expect(await at(chain.eras[7]!.start)).toEqual([7])
  expect(await at(chain.eras[0]!.start - 1)).toEqual([])
  expect(await at(open.start + 1e9)).toEqual([open.id])
  expect(await ids('timestamp=2021-03-31T02:00:00%2B02:00')).toEqual([0])
  for (const text of ['INVALID', '2021-03-31', '2021-03-31T00:00:00', '1617148800000']) {
    expect((await ask(`/era?timestamp=${text}`)).status, text).toBe(400)
  }
})

test('/era: filter, id, height, time, in this order', async () => {
  const { ids } = setUp()
  const filter = encodeURIComponent('{"where":{"id":2}}')
  const time = toIso(chain.eras[9]!.start)
  expect(await ids(`filter=${filter}&id=3&blockHeight=1&timestamp=${time}`)).toEqual([2])
  expect(await ids(`id=3&blockHeight=1&timestamp=${time}`)).toEqual([3])
  expect(await ids(`blockHeight=1&timestamp=${time}`)).toEqual([1])
  expect(await ids(`filter=&id=3`)).toEqual([3])
  expect(await ids(`filter=null&id=3`)).toEqual([3])
})

test('/era lists: limit, skip and order', async () => {
  const { ask, ids } = setUp()
  expect(await ids('limit=3')).toEqual([19, 18, 17])
  expect(await ids('limit=0')).toEqual([19])
  expect(await ids('limit=3&skip=0')).toEqual([20, 19, 18])
  expect(await ids('limit=3&order=id ASC')).toEqual([1, 2, 3])
  expect(await ids('limit=3&order=id')).toEqual([1, 2, 3])
  expect(await ids('limit=3&order=id ASC&skip=0')).toEqual([0, 1, 2])
  expect(await ids('limit=1000&order=id DESC&skip=5')).toEqual(Array.from({ length: 16 }, (_, i) => 15 - i))
  expect(await ids('limit=5&skip=100')).toEqual([])
  expect(await ids('limit=5&skip=19&order=id ASC')).toEqual([19, 20])
  expect(await ids('limit=2&skip=0&order=startBlock DESC')).toEqual([20, 19])
  expect(await ids('limit=2&order=startBlock DESC')).toEqual([19, 18])
  for (const query of [
    'limit=-1',
    'limit=1.5',
    'skip=-1',
    'skip=x',
    'order=nosuch',
    'order=id SIDEWAYS',
    'order=id;DROP TABLE eras',
    'order=id&order=start',
  ]) {
    const { status, json } = await ask(`/era?${query}`)
    expect(status, query).toBe(400)
    expect(json().errors[0].parameter).toBe(query.split('=')[0])
  }
})

test('/era gives all eras at once with an order and skip=0, a thousand otherwise', async () => {
  const { ids } = setUp(makeChain({ eras: Array(1_100).fill(1), transfersPerBlock: 0 }))
  expect((await ids('limit=20000&order=id ASC&skip=0')).length).toBe(1_100)
  expect((await ids('limit=20000&order=id ASC&skip=1')).length).toBe(1_000)
  expect((await ids('limit=20000&skip=0')).length).toBe(1_000)
})

test('/era?filter: the examples that clients are known to send', async () => {
  const { ask, filter } = setUp()
  const send = async (value: unknown) =>
    (await ask(`/era?filter=${encodeURIComponent(JSON.stringify(value))}`)).json()
  expect(
    await send({
      where: { and: [{ startBlock: { gte: 11 } }, { startBlock: { lte: 50 } }] },
      fields: ['id', 'rewards'],
      order: ['rewards DESC'],
      limit: 2,
    }),
  ).toEqual([
    { id: 2, rewards: 123_456 },
    { id: 3, rewards: 123_456 },
  ])
  expect(
    await send({
      where: { and: [{ id: { gte: 6 } }, { id: { lte: 9 } }], validatorsCount: { gt: 1 } },
      fields: ['id', 'validatorsCount', 'endBlock'],
      order: ['id ASC'],
      limit: 4,
    }),
  ).toEqual([6, 8, 9].map((id) => ({ id, endBlock: chain.eras[id]!.endHeight, validatorsCount: 5 })))
  // A light client pages through switch blocks until a page is empty.
  const page = { fields: ['id', 'endBlock'], where: { id: { gte: 18 }, endBlock: { gt: 0 } }, limit: 1000 }
  expect(await send(page)).toEqual([18, 19].map((id) => ({ id, endBlock: chain.eras[id]!.endHeight })))
  expect(await filter({ where: { id: { gte: 999 } } })).toEqual([])
  // Both operators of one object count, and groups stay together.
  expect(await filter({ where: { id: { gt: 1, lt: 4 } } })).toEqual([2, 3])
  expect(await filter({ where: { id: 5, or: [{ id: 5 }, { id: 6 }] } })).toEqual([5])
  expect(await filter({ where: { end: null } })).toEqual([20])
  expect(await filter({ where: { endBlock: { exists: false } } })).toEqual([20])
  expect(await filter({ where: { id: { inq: [] } } })).toEqual([])
  expect(await filter({ where: { id: { nin: [0, '1', 2] } }, limit: 2 })).toEqual([3, 4])
  expect(await filter({ where: { start: { gte: toIso(open.start) } } })).toEqual([20])
})

test('/era/circulating and /era/total', async () => {
  const { ask } = setUp()
  const whole = (era: typeof done) => String(toWholeCspr(era.circulating!.total))
  expect((await ask('/era/circulating')).body).toBe(whole(done))
  expect((await ask('/era/circulating?eraId=0')).body).toBe(whole(chain.eras[0]!))
  // Never 0 because an era is open: what was counted last holds.
  expect((await ask(`/era/circulating?eraId=${open.id}`)).body).toBe(whole(done))
  expect((await ask('/era/total')).body).toBe(String(toWholeCspr(done.totalSupply!)))
  expect((await ask(`/era/total?eraId=${open.id}`)).body).toBe(String(toWholeCspr(open.totalSupply!)))
  expect((await ask('/era/total?eraId=4')).reply).toMatchObject({
    type: 'text/plain',
    cacheClass: 'IMMUTABLE',
  })
  for (const path of ['/era/circulating?eraId=999', '/era/total?eraId=999']) {
    const { status, json } = await ask(path)
    expect(status).toBe(404)
    expect(json().error).toEqual({
      statusCode: 404,
      name: 'Error',
      message: 'Entity not found: Era with id 999',
      code: 'ENTITY_NOT_FOUND',
    })
  }
})

test('the first era alone: nothing is completed yet', async () => {
  const { ask, ids } = setUp(makeChain({ eras: [5] }))
  expect(await ids('')).toEqual([])
  expect(await ids('skip=0')).toEqual([0])
  expect((await ask('/era/circulating')).status).toBe(404)
  expect((await ask('/era/circulating?eraId=0')).status).toBe(404)
  expect((await ask('/transfersByEraId')).json().eraId).toBe(0)
})

test('a history that begins in the middle', async () => {
  const made = makeChain({ eras: [5, 10, 10, 3], firstHeight: 70_000, firstEra: 900 })
  const { ask, ids } = setUp(made)
  expect(await ids('limit=10&skip=0&order=id ASC')).toEqual([900, 901, 902, 903])
  expect(await ids('id=3')).toEqual([])
  expect(await ids('id=899')).toEqual([])
  expect(await ids('blockHeight=3')).toEqual([])
  expect(await ids(`timestamp=${toIso(made.eras[0]!.start - 5)}`)).toEqual([])
  expect(await ids(`timestamp=${toIso(made.eras[1]!.start)}`)).toEqual([901])
  expect((await ask('/block?blockHeight=3')).status).toBe(404)
  expect((await ask('/block?blockHeight=69999')).status).toBe(404)
  expect((await ask('/block?blockHeight=70000')).json()[0].prevBlockTime).toBe(0)
  expect((await ask('/transfersByEraId?eraId=3')).status).toBe(404)
})
