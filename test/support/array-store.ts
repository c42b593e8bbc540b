import type { Condition, Filter, FilterValue } from '../../src/api/filter.ts'
import { toCompatibleBlock, toCompatibleEra } from '../../src/api/wire/to-compatible.ts'
import type { Party } from '../../src/domain/keys.ts'
import type { Cut, Heartbeat } from '../../src/domain/network.ts'
import type { Peer } from '../../src/domain/peer.ts'
import { type CurrentPrice, HOUR, type HourlyPrice, isSettled } from '../../src/domain/price.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import type { PriceRun, StoreReader, Tip, TransferQuery } from '../../src/ports.ts'
import { StoreUnavailableError } from '../../src/store/errors.ts'
import type { MadeChain } from './made-chain.ts'

/** A store of arrays: answers as the real one does, counts what it was asked, and can be down. */
export interface ArrayStore extends StoreReader {
  readonly asked: string[]
  isDown: boolean
  /** Newest height that is stored; the rest of the chain is still to come. */
  tipHeight: number
  heartbeat: Heartbeat
  cuts: readonly Cut[]
  /** Ascending. */
  prices: readonly HourlyPrice[]
  currentPrice: CurrentPrice | null
  peers: readonly Peer[]
}

export function createArrayStore(chain: MadeChain, now = 1_700_000_000_000): ArrayStore {
  const last = chain.blocks.at(-1)
  const ask = <T>(name: string, answer: () => T): Promise<T> => {
    store.asked.push(name)
    if (store.isDown) return Promise.reject(new StoreUnavailableError('The test took the store down'))
    return Promise.resolve().then(answer)
  }
  const stored = () => chain.blocks.filter(({ height }) => height <= store.tipHeight)
  const store: ArrayStore = {
    asked: [],
    isDown: false,
    tipHeight: last?.height ?? -1,
    heartbeat: {
      at: now,
      networkHeight: last?.height ?? 0,
      networkTime: last?.time ?? 0,
      grownAt: now,
      trouble: null,
    },

    cuts: [],
    prices: [],
    currentPrice: null,
    peers: [],

    readTip: () =>
      ask('tip', (): Tip | null => {
        const tip = stored().at(-1)
        if (!tip) return null
        const { height, hash, eraId, time } = tip
        return {
          network: chain.network,
          checkpoint: { height, hash, eraId, time },
          cuts: store.cuts,
          heartbeat: store.heartbeat,
        }
      }),
    readBlocks: (from, to) =>
      ask(`blocks ${from}-${to}`, () => stored().filter(({ height }) => height >= from && height <= to)),
    readHeightOfHash: (hash) =>
      ask('height of hash', () => stored().find((block) => block.hash === hash)?.height ?? null),
    readEras: (from, to) =>
      ask(`eras ${from}-${to}`, () => chain.eras.filter(({ id }) => id >= from && id <= to)),
    readEraTransfers: (fromEra, toEra, limit) =>
      ask(`era transfers ${fromEra}-${toEra}`, () =>
        chain.eras
          .filter(({ id }) => id >= fromEra && id <= toEra)
          .map(({ id }) => {
            const all = chain.transfers.filter(({ eraId, auction }) => eraId === id && !auction)
            const volume = all.reduce((sum, { amount }) => sum + amount, 0n)
            return { eraId: id, count: all.length, volume, top: all.sort(byAmount).slice(0, limit) }
          }),
      ),
    readTransfers: (query) => ask('transfers', () => select(chain.transfers, query)),
    readTransactions: (height) =>
      ask(`transactions ${height}`, () => chain.transactions.filter((each) => each.height === height)),
    readTransaction: (hash) =>
      ask('transaction', () => chain.transactions.find((each) => each.hash === hash) ?? null),
    findBlocks: (filter) =>
      ask('find blocks', () => {
        const eras = new Map(chain.eras.map((era) => [era.id, era]))
        const times = new Map(chain.blocks.map(({ height, time }) => [height, time]))
        const rows = stored().map((block) => {
          const era = eras.get(block.eraId)
          if (!era) throw new Error('A block without an era')
          return { block, era, previousTime: times.get(block.height - 1) ?? null }
        })
        return find(rows, filter, 'blockHeight', (row) =>
          toCompatibleBlock(row.block, row.previousTime, row.era),
        )
      }),
    readCurrentPrice: () => ask('price', () => store.currentPrice),
    readPrices: (from, to) =>
      ask(`prices ${from / HOUR}-${to / HOUR}`, () =>
        store.prices.filter(({ hour }) => hour >= from && hour <= to),
      ),
    readPeers: ({ validators = false, newest = false, limit }) =>
      ask('peers', () => {
        const at = Math.max(...store.peers.map(({ seenAt }) => seenAt))
        return store.peers
          .filter(
            ({ validator, seenAt }) => (!validators || validator !== null) && (!newest || seenAt === at),
          )
          .slice(0, limit)
      }),
    readPriceRuns: (length) => ask('price runs', () => toRuns(store.prices, length)),
    findEras: (filter) => ask('find eras', () => find(chain.eras, filter, 'id', toCompatibleEra)),
  }
  return store
}

function toRuns(prices: readonly HourlyPrice[], length: number): PriceRun[] {
  const runs = Map.groupBy(prices, ({ hour }) => Math.floor(hour / HOUR / length))
  return [...runs].map(([number, hours]) => ({
    number,
    hours: hours.length,
    settled: hours.filter(isSettled).length,
  }))
}

/** Largest first, then by position. */
function byAmount(a: Transfer, b: Transfer): number {
  if (a.amount !== b.amount) return a.amount > b.amount ? -1 : 1
  return a.height - b.height || a.ordinal - b.ordinal
}

function select(transfers: readonly Transfer[], query: TransferQuery): Transfer[] {
  const sign = query.order === 'asc' ? 1 : -1
  const { after } = query
  return transfers
    .filter((transfer) => !transfer.auction && isWithin(transfer, query))
    .filter((transfer) => !after || sign * toPlace(transfer) > sign * toPlace(after))
    .sort((a, b) => sign * (toPlace(a) - toPlace(b)))
    .slice(0, query.limit)
}

const toPlace = ({ height, ordinal }: { height: number; ordinal: number }) => height * 65_536 + ordinal

function isWithin(transfer: Transfer, query: TransferQuery): boolean {
  const { height, eraId, time, amount } = transfer
  const isIn = <T extends number | bigint>(value: T, low: T | undefined, high: T | undefined) =>
    (low === undefined || value >= low) && (high === undefined || value <= high)
  return (
    isIn(height, query.fromBlock, query.toBlock) &&
    isIn(eraId, query.fromEra, query.toEra) &&
    isIn(time, query.fromTime, query.toTime) &&
    isIn(amount, query.minAmount, query.maxAmount) &&
    (query.party === undefined || isParty(transfer, query.party, query.direction))
  )
}

function isParty(transfer: Transfer, party: Party, direction: 'in' | 'out' | undefined): boolean {
  const isOut =
    party.kind === 'key'
      ? transfer.fromKey === party.key
      : party.kind === 'account'
        ? transfer.from === party.hash
        : transfer.source === party.purse
  const isInto =
    party.kind === 'key'
      ? transfer.toKey === party.key
      : party.kind === 'account'
        ? transfer.to === party.hash
        : transfer.target === party.purse
  return (direction !== 'in' && isOut) || (direction !== 'out' && isInto)
}

type Wire = Readonly<Record<string, unknown>>

/** The filter's meaning in plain words: compared as the answer shows it. */
function find<T>(rows: readonly T[], filter: Filter, key: string, toWire: (row: T) => object): T[] {
  const order = [...filter.order, { field: key, direction: 'ASC' as const }]
  return rows
    .map((row) => ({ row, wire: toWire(row) as Wire }))
    .filter(({ wire }) => filter.where === null || holds(filter.where, wire))
    .sort((a, b) => {
      for (const { field, direction } of order) {
        const [x, y] = [a.wire[field] ?? null, b.wire[field] ?? null] as [number | null, number | null]
        if (x === y) continue
        const isLess = x === null || (y !== null && x < y)
        return isLess === (direction === 'ASC') ? -1 : 1
      }
      return 0
    })
    .slice(filter.skip, filter.skip + filter.limit)
    .map(({ row }) => row)
}

function holds(condition: Condition, wire: Wire): boolean {
  if ('conditions' in condition) {
    const { conditions } = condition
    return condition.op === 'and'
      ? conditions.every((part) => holds(part, wire))
      : conditions.some((part) => holds(part, wire))
  }
  const value = (wire[condition.field] ?? null) as FilterValue | null
  if (condition.op === 'eq') return value === condition.value
  if (condition.op === 'neq') return value !== condition.value
  if (condition.op === 'exists') return (value !== null) === condition.value
  return value !== null && compares(condition, value)
}

type Comparison = Exclude<Condition, { op: 'and' | 'or' | 'exists' }>

/** As in SQL, none of these holds for null. */
function compares(condition: Comparison, value: FilterValue): boolean {
  switch (condition.op) {
    case 'gt':
      return value > (condition.value as FilterValue)
    case 'gte':
      return value >= (condition.value as FilterValue)
    case 'lt':
      return value < (condition.value as FilterValue)
    case 'lte':
      return value <= (condition.value as FilterValue)
    case 'inq':
      return condition.values.includes(value)
    case 'nin':
      return !condition.values.includes(value)
    case 'between':
      return value >= condition.low && value <= condition.high
    case 'regexp':
      return new RegExp(condition.pattern, condition.ignoreCase ? 'i' : '').test(String(value))
    case 'like':
    case 'ilike':
      return toLike(condition.pattern, condition.op === 'ilike').test(String(value))
    case 'nlike':
    case 'nilike':
      return !toLike(condition.pattern, condition.op === 'nilike').test(String(value))
    default:
      throw new RangeError(`Not a comparison: ${condition.op}`)
  }
}

function toLike(pattern: string, ignoreCase: boolean): RegExp {
  const escaped = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll('%', '.*').replaceAll('_', '.')}$`, ignoreCase ? 'i' : '')
}
