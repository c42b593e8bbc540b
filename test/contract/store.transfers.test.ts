import { describe, expect, test } from 'vitest'
import { type Party, SYSTEM_ACCOUNT, toAccountHash } from '../../src/domain/keys.ts'
import { sumMotes } from '../../src/domain/motes.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import type { StoreReader, TransferQuery } from '../../src/ports.ts'
import { connectMysql } from '../../src/store/mysql.ts'
import { readTransfers } from '../../src/store/queries/transfers.ts'
import {
  buildTransfer,
  createRandom,
  hashOf,
  key,
  keyOf,
  NETWORK,
  purse,
  purseOf,
  timeOf,
} from '../support/builders.ts'
import { buildChain, type Height } from './store-chain.ts'
import { toChange, toStoredTransfers } from './store-changes.ts'
import { useReaders, useStore } from './store-suite.ts'

const FILLED = 101
const chain = buildChain({ heights: 131, blocksPerEra: 10, people: 12, seed: 7 })
const stored = toStoredTransfers(chain)

/** What a query means, said in another way than the store's SQL does. */
function expected(query: TransferQuery, height: number): Transfer[] {
  const place = (transfer: { height: number; ordinal: number }) => transfer.height * 65_536 + transfer.ordinal
  const after = query.after && place(query.after)
  const found = stored.filter((transfer) => {
    if (transfer.auction || transfer.height > height) return false
    if (transfer.height < (query.fromBlock ?? 0) || transfer.height > (query.toBlock ?? 1e9)) return false
    if (transfer.eraId < (query.fromEra ?? 0) || transfer.eraId > (query.toEra ?? 1e9)) return false
    if (transfer.time < (query.fromTime ?? 0) || transfer.time > (query.toTime ?? 1e15)) return false
    if (query.minAmount !== undefined && transfer.amount < query.minAmount) return false
    if (query.maxAmount !== undefined && transfer.amount > query.maxAmount) return false
    if (query.party !== undefined && !takesPart(transfer, query.party, query.direction)) return false
    if (after === undefined) return true
    return query.order === 'asc' ? place(transfer) > after : place(transfer) < after
  })
  found.sort((a, b) => (query.order === 'asc' ? place(a) - place(b) : place(b) - place(a)))
  return found.slice(0, query.limit)
}

function takesPart(transfer: Transfer, party: Party, direction?: 'in' | 'out'): boolean {
  const [out, into] =
    party.kind === 'purse'
      ? [transfer.source === party.purse, transfer.target === party.purse]
      : [transfer.from, transfer.to].map(
          (hash) => hash === (party.kind === 'key' ? toAccountHash(party.key) : party.hash),
        )
  return (direction !== 'in' && out === true) || (direction !== 'out' && into === true)
}

const parties: readonly Party[] = [
  key(3),
  { kind: 'account', hash: toAccountHash(keyOf(5)) },
  purse(4),
  purse('bare 1'),
  { kind: 'account', hash: SYSTEM_ACCOUNT },
  { kind: 'account', hash: hashOf('nobody') },
]

/** A query of any combination of bounds, the same in every run. */
function randomQuery(random: (below: number) => number): TransferQuery {
  const maybe = <T>(value: T): T | undefined => (random(3) === 0 ? value : undefined)
  const query = {
    order: random(2) === 0 ? ('asc' as const) : ('desc' as const),
    limit: [1, 3, 10, 1_000][random(4)] ?? 1,
    fromBlock: maybe(random(110)),
    toBlock: maybe(random(110)),
    fromEra: maybe(random(12)),
    toEra: maybe(random(12)),
    fromTime: maybe(timeOf(random(110)) + random(3) - 1),
    toTime: maybe(timeOf(random(110)) + random(3) - 1),
    minAmount: maybe([0n, 5_000_000_000n, 10_000_000_001n, 10n ** 16n][random(4)]),
    maxAmount: maybe([5_000_000_000n, 12_500_000_000n, 10n ** 16n + 2n, 10n ** 37n][random(4)]),
    party: maybe(parties[random(parties.length)]),
    direction: maybe(random(2) === 0 ? 'in' : 'out'),
    after: maybe({ height: random(110), ordinal: random(8) }),
  }
  return Object.fromEntries(
    Object.entries(query).filter(([, value]) => value !== undefined),
  ) as unknown as TransferQuery
}

const store = await useStore()
await store.writer.commit(toChange(chain.slice(0, FILLED)))
const readers = await useReaders(store)

/** Follows cursors to the end. */
async function readAll(
  reader: StoreReader,
  query: TransferQuery,
  between?: () => Promise<void>,
): Promise<Transfer[]> {
  const all: Transfer[] = []
  for (;;) {
    const last = all.at(-1)
    const page = await reader.readTransfers(last === undefined ? query : { ...query, after: last })
    all.push(...page)
    if (page.length < query.limit) return all
    await between?.()
  }
}

for (const { name, reader } of readers) {
  describe(name, () => {
    test('every combination of bounds, parties, orders and cursors finds what it should', async () => {
      const random = createRandom(42)
      let found = 0
      for (let n = 0; n < 400; n++) {
        const query = randomQuery(random)
        const wanted = expected(query, FILLED - 1)
        found += wanted.length
        expect(await reader.readTransfers(query), JSON.stringify(query, toJson)).toEqual(wanted)
      }
      expect(found).toBeGreaterThan(1_000)
    })

    test('pages of any size are the whole list, each transfer once', async () => {
      for (const order of ['asc', 'desc'] as const) {
        const wanted = expected({ order, limit: 100_000 }, FILLED - 1)
        for (const limit of [1, 7, 64]) expect(await readAll(reader, { order, limit })).toEqual(wanted)
      }
      const party = { order: 'desc', limit: 3, party: key(3) } as const
      expect(await readAll(reader, party)).toEqual(expected({ ...party, limit: 100_000 }, FILLED - 1))
    })

    test('a limit of nothing is nothing', async () => {
      expect(await reader.readTransfers({ order: 'asc', limit: 0 })).toEqual([])
    })

    test("an era's largest: by amount, equal amounts by their place in the chain", async () => {
      const byEra = await reader.readEraTransfers(0, 30, 4)
      expect(byEra.map(({ eraId }) => eraId)).toEqual(Array.from({ length: 11 }, (_, id) => id))
      for (const { eraId, count, volume, top } of byEra) {
        const all = stored.filter(
          (transfer) => transfer.eraId === eraId && !transfer.auction && transfer.height < FILLED,
        )
        const sorted = all.toSorted((a, b) =>
          a.amount === b.amount ? a.height - b.height || a.ordinal - b.ordinal : a.amount > b.amount ? -1 : 1,
        )
        expect(top).toEqual(sorted.slice(0, 4))
        expect({ count, volume }).toEqual({
          count: all.length,
          volume: sumMotes(all.map(({ amount }) => amount)),
        })
      }
      expect(byEra.some(({ top }) => new Set(top.map(({ amount }) => amount)).size < top.length)).toBe(true)
    })

    test('the same of one era, of none, and without any transfer', async () => {
      const [one] = await reader.readEraTransfers(3, 3, 1_000)
      expect(one?.top).toHaveLength(one?.count ?? -1)
      expect(await reader.readEraTransfers(4, 3, 5)).toEqual([])
      expect(await reader.readEraTransfers(500, 600, 5)).toEqual([])
      expect((await reader.readEraTransfers(3, 4, 0)).map(({ top }) => top.length)).toEqual([0, 0])
      await expect(reader.readEraTransfers(0, 1_000, 1)).rejects.toThrow(RangeError)
    })
  })
}

test('amounts that are not rare are found on the walk itself', async () => {
  const { db, close } = connectMysql(store.readerUrl)
  const random = createRandom(43)
  for (let n = 0; n < 200; n++) {
    const query = { minAmount: 5_000_000_000n, ...randomQuery(random) }
    const wanted = expected(query, FILLED - 1)
    expect(await readTransfers(db, query, -1), JSON.stringify(query, toJson)).toEqual(wanted)
  }
  await close()
})

test('a cursor stays true while the chain grows', async () => {
  const [{ reader }] = readers
  let next = FILLED
  const grow = async () => {
    if (next < chain.length) await store.writer.commit(toChange(chain.slice(next, ++next)))
  }
  const before = expected({ order: 'desc', limit: 100_000 }, FILLED - 1)
  expect(await readAll(reader, { order: 'desc', limit: 11 }, grow)).toEqual(before)
  expect(next).toBeGreaterThan(FILLED + 10)
  while (next < chain.length) await grow()
  const after = expected({ order: 'asc', limit: 100_000 }, chain.length)
  expect(await readAll(reader, { order: 'asc', limit: 50 })).toEqual(after)
})

describe('amounts that a double cannot tell apart', async () => {
  const precise = await useStore()
  const readers = await useReaders(precise)
  const base = 2n ** 53n
  const transfers = [0n, 1n, 2n, 3n, 10n ** 37n - base, 10n ** 37n - base + 1n].map((more, ordinal) =>
    buildTransfer(0, ordinal, { amount: base + more, source: purseOf(`p ${ordinal % 2}`) }),
  )
  const [first] = chain
  const genesis: Height = { ...(first as Height), transfers }
  await precise.writer.commit(toChange([genesis], NETWORK))

  test.for(readers)('are told apart by $name', async ({ reader }) => {
    const amounts = async (query: Partial<TransferQuery>) =>
      (await reader.readTransfers({ order: 'asc', limit: 10, ...query })).map(({ amount }) => amount - base)
    expect(await amounts({ minAmount: base + 1n, maxAmount: base + 2n })).toEqual([1n, 2n])
    expect(await amounts({ minAmount: base + 1n, maxAmount: base + 1n, party: purse('p 1') })).toEqual([1n])
    expect(await amounts({ minAmount: 10n ** 37n + 1n })).toEqual([10n ** 37n - base + 1n])
    const [era] = await reader.readEraTransfers(0, 0, 3)
    expect(era?.top.map(({ amount }) => amount)).toEqual([10n ** 37n + 1n, 10n ** 37n, base + 3n])
  })
})

function toJson(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
