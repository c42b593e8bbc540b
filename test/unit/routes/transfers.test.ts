import { expect, test } from 'vitest'
import { createArrayStore } from '../../support/array-store.ts'
import { makeChain } from '../../support/made-chain.ts'
import { mountRoutes } from '../../support/routes.ts'

const chain = makeChain({ eras: [1, ...Array(20).fill(10), 5], transfersPerBlock: 30 })

function setUp() {
  const store = createArrayStore(chain)
  return { store, ...mountRoutes(store) }
}

const largest = (eraId: number) =>
  chain.transfers
    .filter((transfer) => transfer.eraId === eraId)
    .sort((a, b) => (a.amount === b.amount ? 0 : a.amount > b.amount ? -1 : 1))

test('/transfersByEraId answers the largest transfers of an era, amounts exact', async () => {
  const { ask } = setUp()
  const { json, reply } = await ask('/transfersByEraId?eraId=5&limit=3')
  const answer = json()
  expect(Object.keys(answer)).toEqual(['eraId', 'eraStart', 'eraEnd', 'transfers', 'count'])
  expect(answer.count).toBe(300)
  expect(answer.transfers.map(({ amount }: { amount: string }) => amount)).toEqual(
    largest(5)
      .slice(0, 3)
      .map(({ amount }) => amount.toString()),
  )
  expect(Object.keys(answer.transfers[0])).toEqual([
    'id',
    'timestamp',
    'depth',
    'approved',
    'blockHeight',
    'eraId',
    'deployHash',
    'from',
    'fromHash',
    'to',
    'toHash',
    'amount',
    'denomAmount',
  ])
  expect(answer.transfers[0].denomAmount).toBe(Number(largest(5)[0]!.amount / 1_000_000_000n))
  expect(answer.transfers[0].fromHash).toMatch(/^account-hash-[0-9a-f]{64}$/)
  expect(reply?.cacheClass).toBe('IMMUTABLE')
})

test('/transfersByEraId: limits are a slice, capped at 200', async () => {
  const { ask } = setUp()
  const count = async (query: string) => (await ask(`/transfersByEraId?${query}`)).json().transfers.length
  expect(await count('eraId=5')).toBe(20)
  expect(await count('eraId=5&limit=0')).toBe(0)
  expect(await count('eraId=5&limit=1.9')).toBe(1)
  expect(await count('eraId=5&limit=5000')).toBe(200)
  expect(await count('eraId=5&limit=-250')).toBe(50)
  expect(await count('eraId=5&limit=-10')).toBe(200)
  expect(await count('eraId=5&limit=-5000')).toBe(0)
  expect((await ask('/transfersByEraId?eraId=5&limit=x')).status).toBe(400)
})

test('/transfersByEraId without an id is that of the last completed era', async () => {
  const { ask } = setUp()
  const { json, reply } = await ask('/transfersByEraId')
  expect(json()).toMatchObject({ eraId: 20, eraEnd: expect.any(String), count: 300 })
  expect(reply?.cacheClass).toBe('PER_ERA')
  expect((await ask('/transfersByEraId?eraId=21')).json()).toMatchObject({
    eraId: 21,
    eraEnd: null,
    count: 150,
  })
})

test('/transfersByEraId of an unknown era is 404', async () => {
  const { ask } = setUp()
  for (const eraId of ['999', '-1', '0.5']) {
    const { status, json } = await ask(`/transfersByEraId?eraId=${eraId}`)
    expect(status).toBe(404)
    expect(json().error.code).toBe('ENTITY_NOT_FOUND')
  }
})

test('/transfersByEraId asks the store once for a run of closed eras', async () => {
  const { ask, store } = setUp()
  for (const eraId of [0, 3, 7, 5]) await ask(`/transfersByEraId?eraId=${eraId}`)
  expect(store.asked.filter((question) => question.startsWith('era transfers'))).toEqual([
    'era transfers 0-7',
  ])
})

test('/transfersByEraId draws an acyclic flow', async () => {
  const { ask } = setUp()
  const { transfers } = (await ask('/transfersByEraId?eraId=5&limit=200')).json()
  const isMarked = ({ toHash }: { toHash: string }) => toHash.startsWith('dub-')
  expect(transfers.some(isMarked)).toBe(true)
  expect(transfers.every(isMarked)).toBe(false)
  const next = new Map<string, Set<string>>()
  for (const { fromHash, toHash } of transfers)
    next.set(fromHash, (next.get(fromHash) ?? new Set()).add(toHash))
  const walk = (node: string, path: string[]): void => {
    expect(path).not.toContain(node)
    for (const target of next.get(node) ?? []) walk(target, [...path, node])
  }
  for (const node of next.keys()) walk(node, [])
})
