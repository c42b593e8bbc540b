import { expect, test } from 'vitest'
import { toIso } from '../../../src/domain/time.ts'
import { createArrayStore } from '../../support/array-store.ts'
import { hashOf, keyOf } from '../../support/builders.ts'
import { makeChain } from '../../support/made-chain.ts'
import { mountRoutes, type RoutesUnderTest } from '../../support/routes.ts'

const chain = makeChain({ eras: [1, ...Array(14).fill(100), 30] })
const tip = chain.blocks.at(-1)!

function setUp() {
  const store = createArrayStore(chain)
  return { store, ...mountRoutes(store) }
}

/** Follows `next` to the end. */
async function readAll(ask: RoutesUnderTest['ask'], path: string): Promise<any[]> {
  const all: any[] = []
  let next: string | null = path
  while (next !== null) {
    const { json, headers } = await ask(next)
    all.push(...json().data)
    const link = headers.get('Link')
    expect(link === null).toBe(json().next === null)
    next = link && (/^<(.+)>; rel="next"$/.exec(link)?.[1] ?? null)
  }
  return all
}

test('/v1/blocks/{id} by height, hash and latest', async () => {
  const { ask } = setUp()
  const block = chain.blocks[150]!
  const { json, reply } = await ask('/v1/blocks/150')
  expect(json()).toMatchObject({
    height: 150,
    hash: block.hash,
    parentHash: chain.blocks[149]!.hash,
    blockTime: 16_384,
    totalSupply: block.totalSupply!.toString(),
    transactions: { total: block.counts.transfers + block.counts.wasm },
    transfers: { count: block.transfersCount, volume: block.transfersVolume.toString() },
  })
  expect(reply?.cacheClass).toBe('IMMUTABLE')
  expect((await ask(`/v1/blocks/${block.hash}`)).json()).toEqual(json())
  const latest = await ask('/v1/blocks/latest')
  expect(latest.json().height).toBe(tip.height)
  expect(latest.reply?.cacheClass).toBe('PER_BLOCK')
  expect((await ask('/v1/blocks/0')).json().blockTime).toBe(null)
})

test('/v1: units and fields', async () => {
  const { ask } = setUp()
  const block = chain.blocks[100]!
  expect((await ask('/v1/blocks/100?units=cspr&fields=totalSupply,height,transfers.count')).body).toBe(
    JSON.stringify({
      height: 100,
      transfers: { count: block.transfersCount },
      totalSupply:
        `${block.totalSupply! / 1_000_000_000n}.${(block.totalSupply! % 1_000_000_000n).toString().padStart(9, '0')}`.replace(
          /0+$/,
          '',
        ),
    }),
  )
  const { status, json } = await ask('/v1/blocks/100?fields=nosuch')
  expect(status).toBe(400)
  expect(json().errors[0].allowed).toContain('transactions.wasm')
})

test('/v1: what is not there is 404, what cannot be is 400 naming the accepted forms', async () => {
  const { ask } = setUp()
  const statusOf = async (path: string) => (await ask(path)).status
  expect(await statusOf('/v1/blocks/999999')).toBe(404)
  expect(await statusOf(`/v1/blocks/${hashOf('nobody')}`)).toBe(404)
  expect(await statusOf('/v1/eras/999')).toBe(404)
  expect(await statusOf('/v1/eras/999/transfers')).toBe(404)
  expect(await statusOf('/v1/blocks/99999999/transactions')).toBe(404)
  const { status, json } = await ask('/v1/blocks/abc')
  expect(status).toBe(400)
  expect(json().errors).toEqual([
    expect.objectContaining({
      parameter: 'id',
      allowed: 'a height, a block hash of 64 hex digits, or latest',
    }),
  ])
  expect(await statusOf('/v1/eras/-1')).toBe(400)
  expect(await statusOf('/v1/blocks/1.5')).toBe(400)
})

test('/v1: an unknown parameter is 400 naming it and the allowed ones', async () => {
  const { ask } = setUp()
  const { status, json } = await ask('/v1/blocks?limt=5&form=csv')
  expect(status).toBe(400)
  expect(json()).toMatchObject({
    type: '/docs/problems#unknown-parameter',
    errors: [
      {
        parameter: 'limt',
        allowed: 'limit, cursor, order, format, units, fields, fromBlock, toBlock, fromEra, toEra',
      },
      { parameter: 'form' },
    ],
    error: { statusCode: 400, code: 'UNKNOWN_PARAMETER' },
  })
  expect((await ask('/v1/blocks/5?id=6')).status).toBe(400)
  expect((await ask('/v1/status?x=1')).status).toBe(400)
  for (const query of [
    'limit=0',
    'limit=1001',
    'limit=',
    'order=up',
    'units=euro',
    'limit=1&limit=2',
    'cursor=abc',
  ]) {
    expect((await ask(`/v1/blocks?${query}`)).status, query).toBe(400)
  }
})

test('/v1/blocks goes through all blocks once, in both orders', async () => {
  const { ask } = setUp()
  const heights = (blocks: any[]) => blocks.map(({ height }) => height)
  const all = chain.blocks.map(({ height }) => height)
  expect(heights(await readAll(ask, '/v1/blocks?order=asc&limit=400'))).toEqual(all)
  expect(heights(await readAll(ask, '/v1/blocks?limit=333'))).toEqual([...all].reverse())
  expect(heights(await readAll(ask, '/v1/blocks?limit=7&fromBlock=5&toBlock=20'))).toEqual(
    all.slice(5, 21).reverse(),
  )
  expect(heights(await readAll(ask, '/v1/blocks?limit=1000&fromEra=2&toEra=2'))).toEqual(
    all.slice(101, 201).reverse(),
  )
  expect(heights(await readAll(ask, '/v1/blocks?fromEra=15'))).toEqual(all.slice(1_401).reverse())
  expect(heights(await readAll(ask, '/v1/blocks?toEra=0&order=asc'))).toEqual([0])
  expect(heights(await readAll(ask, '/v1/blocks?fromEra=99'))).toEqual([])
  expect(heights(await readAll(ask, '/v1/blocks?fromBlock=9&toBlock=3'))).toEqual([])
})

test('a cursor stays right while the chain grows, and is refused by another list', async () => {
  const { ask, store, ...clock } = setUp()
  store.tipHeight = tip.height - 10
  const mounted = mountRoutes(store)
  const first = (await mounted.ask('/v1/blocks?limit=5')).json()
  store.tipHeight = tip.height
  mounted.now += 100_000
  const second = (await mounted.ask(`/v1/blocks?limit=5&cursor=${first.next}`)).json()
  expect(second.data[0].height).toBe(first.data[4].height - 1)
  expect(first.asOf).toEqual({
    height: tip.height - 10,
    era: 15,
    time: toIso(chain.blocks[tip.height - 10]!.time),
  })
  for (const path of ['/v1/blocks?order=asc', '/v1/eras?order=desc', '/v1/transfers?order=desc']) {
    expect((await ask(`${path}&cursor=${first.next}`)).status, path).toBe(400)
  }
  const tampered = `${first.next.slice(0, -1)}${first.next.endsWith('A') ? 'B' : 'A'}`
  expect((await ask(`/v1/blocks?cursor=${tampered}`)).status).toBe(400)
  void clock
})

test('/v1/eras lists eras by id and by time, the open one among them', async () => {
  const { ask } = setUp()
  const ids = async (query: string) => (await readAll(ask, `/v1/eras?${query}`)).map(({ id }) => id)
  const all = chain.eras.map(({ id }) => id)
  expect(await ids('limit=4')).toEqual([...all].reverse())
  expect(await ids('limit=4&order=asc')).toEqual(all)
  expect(await ids('fromEra=3&toEra=5')).toEqual([5, 4, 3])
  const [low, high] = [chain.eras[4]!, chain.eras[6]!]
  expect(await ids(`fromTime=${toIso(low.start)}&toTime=${toIso(high.start)}`)).toEqual([6, 5, 4])
  // Between two eras: the one before is over, the one after has not begun.
  expect(await ids(`fromTime=${toIso(low.end! + 1)}&toTime=${toIso(low.end! + 2)}`)).toEqual([])
  expect(await ids(`fromTime=${toIso(low.end! + 1)}&toTime=${toIso(high.start - 1)}`)).toEqual([5])
  expect(await ids('toTime=2001-01-01T00:00:00Z')).toEqual([])
  expect((await ids('fromTime=2001-01-01T00:00:00Z')).length).toBe(16)
  expect(await ids('fromTime=2091-01-01T00:00:00Z')).toEqual([15])
})

test('/v1/eras/{id} by id, latest and current', async () => {
  const { ask } = setUp()
  expect((await ask('/v1/eras/latest')).json()).toMatchObject({ id: 14, open: false })
  expect((await ask('/v1/eras/latest')).reply?.cacheClass).toBe('PER_ERA')
  const current = (await ask('/v1/eras/current')).json()
  expect(current).toMatchObject({ id: 15, open: true, end: null, supply: { circulating: null } })
  const era = (await ask('/v1/eras/3?units=cspr')).json()
  expect(era.rewards.total).toBe('123456.789012345')
  expect(era.supply.circulatingMethod).toBe('made')
  const closed = mountRoutes(createArrayStore(makeChain({ eras: [1, 3], isClosed: true })))
  expect((await closed.ask('/v1/eras/current')).status).toBe(404)
})

test('/v1 lists as CSV, by parameter and by Accept', async () => {
  const { ask } = setUp()
  const named = await ask('/v1/eras?limit=2&format=csv&fields=id,rewards.total,end')
  expect(named.headers.get('Content-Type')).toBe('text/csv; charset=utf-8')
  expect(named.headers.get('Content-Disposition')).toBe(
    `attachment; filename="casper-eras-${tip.height}.csv"`,
  )
  expect(named.headers.get('Vary')).toBe(null)
  expect(named.body).toBe(
    `id,end,rewards.total\r\n15,,0\r\n14,${toIso(chain.eras[14]!.end!)},123456789012345\r\n`,
  )
  expect(named.headers.get('Link')).toContain('rel="next"')
  const accepted = await ask('/v1/eras?limit=2', { headers: { Accept: 'text/csv' } })
  expect(accepted.headers.get('Vary')).toBe('Accept')
  expect(accepted.body.split('\r\n')[0]).toContain('supply.circulatingMethod')
  const browser = await ask('/v1/eras?limit=2', { headers: { Accept: 'text/html,*/*' } })
  expect(browser.headers.get('Content-Type')).toBe('application/json')
  const refused = await ask('/v1/eras?limit=2', { headers: { Accept: 'text/csv;q=0' } })
  expect(refused.headers.get('Content-Type')).toBe('application/json')
  const empty = await ask('/v1/eras?fromEra=9&toEra=3&format=csv&fields=id,open')
  expect(empty.body).toBe('id,open\r\n')
})

test('/v1/blocks/{id}/transfers and /transactions', async () => {
  const { ask } = setUp()
  const { height } = chain.blocks.find(({ transfersCount }) => transfersCount === 2)!
  const transfers = (await ask(`/v1/blocks/${height}/transfers`)).json()
  expect(transfers.data.length).toBe(2)
  expect(transfers.asOf.height).toBe(height)
  expect(transfers.next).toBe(null)
  expect(transfers.data[0]).toMatchObject({ block: height, id: height * 65_536 })
  const transactions = await ask(`/v1/blocks/${height}/transactions`)
  expect(transactions.json().data).toMatchObject([
    { block: height, kind: 'transfer', sender: keyOf('sender'), cost: '100000000' },
    { block: height },
  ])
  expect(transactions.reply?.cacheClass).toBe('IMMUTABLE')
})

test('/v1/eras/{id}/transfers', async () => {
  const { ask } = setUp()
  const { data, asOf } = (await ask('/v1/eras/4/transfers?limit=5')).json()
  expect(data.length).toBe(5)
  expect(asOf).toEqual({ height: 400, era: 4, time: toIso(chain.eras[4]!.end!) })
  expect((await ask('/v1/eras/4/transfers?limit=201')).status).toBe(400)
  expect((await ask('/v1/eras/current/transfers')).json().asOf.height).toBe(tip.height)
})

test('/v1/transfers by party, amount and range, through all pages', async () => {
  const { ask } = setUp()
  const all = await readAll(ask, '/v1/transfers?limit=200')
  expect(all.map(({ id }) => id)).toEqual(
    chain.transfers.map(({ height, ordinal }) => height * 65_536 + ordinal).reverse(),
  )
  const account = hashOf('account 3')
  const out = await readAll(
    ask,
    `/v1/transfers?limit=1000&account=ACCOUNT-HASH-${account.toUpperCase()}&direction=out`,
  )
  expect(out.length).toBe(chain.transfers.filter(({ from }) => from === account).length)
  expect(new Set(out.map(({ from }) => from))).toEqual(new Set([`account-hash-${account}`]))
  const large = (
    await ask('/v1/transfers?limit=1000&minAmount=80000000000000000&fromBlock=100&toBlock=300')
  ).json().data
  expect(large.length).toBeGreaterThan(0)
  for (const { amount, block } of large) {
    expect(BigInt(amount)).toBeGreaterThanOrEqual(80_000_000_000_000_000n)
    expect(block).toBeGreaterThanOrEqual(100)
    expect(block).toBeLessThanOrEqual(300)
  }
  expect((await ask('/v1/transfers?direction=in')).status).toBe(400)
  expect((await ask('/v1/transfers?account=xyz')).status).toBe(400)
  expect((await ask('/v1/transfers?minAmount=1.5')).status).toBe(400)
})

test('HEAD works wherever GET does', async () => {
  const { ask } = setUp()
  for (const path of ['/block', '/era', '/health', '/v1/blocks', '/v1/status', '/transfersByEraId']) {
    const { status, body } = await ask(path, { method: 'HEAD' })
    expect(status, path).toBe(200)
    expect(body).toBe('')
  }
})

test('/health says that the edge answers, without the store', async () => {
  const { ask, store } = setUp()
  store.isDown = true
  const { body, reply } = await ask('/health')
  expect(body).toBe("I'm fine!")
  expect(reply?.type).toBe('text/plain')
  expect(store.asked).toEqual([])
})
