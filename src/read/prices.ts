import type { Found, Key } from '../cache/cache.ts'
import {
  type CurrentPrice,
  findHour,
  HOUR,
  HOURS_PER_RUN,
  type HourlyPrice,
  toHour,
  toRun,
} from '../domain/price.ts'
import type { Ms } from '../domain/time.ts'
import type { Soon } from '../lib/soon.ts'
import type { PriceRun } from '../ports.ts'
import { type ReadPorts, readThrough, type Source } from './ports.ts'
import {
  currentPriceCodec,
  type PricePage,
  pricePageCodec,
  priceRunsCodec,
  toPricePage,
} from './price-page.ts'
import { joinAll } from './window.ts'

/** No cut of the chain changes a price. */
const BESIDE_CHAIN = {}

const currentKey: Key<CurrentPrice | null> = {
  id: 'price',
  cacheClass: 'PER_MINUTE',
  codec: currentPriceCodec,
  reach: BESIDE_CHAIN,
}
const runsKey: Key<readonly PriceRun[]> = {
  id: 'price-runs',
  cacheClass: 'PER_MINUTE',
  codec: priceRunsCodec,
  reach: BESIDE_CHAIN,
}

/** null before the first price. */
export function readCurrentPrice(ports: ReadPorts): Soon<Found<CurrentPrice | null>> {
  return readThrough(ports.cache, currentKey, () => ports.store.readCurrentPrice())
}

/** Which runs of hours have prices: every walk begins with it. */
export function readPriceRuns(ports: ReadPorts): Soon<Found<readonly PriceRun[]>> {
  return readThrough(ports.cache, runsKey, () => ports.store.readPriceRuns(HOURS_PER_RUN))
}

/** Which hours to read; bounds are inclusive, and mean the starts of hours. */
export interface HourWalk {
  readonly order: 'asc' | 'desc'
  readonly from: Ms
  readonly to: Ms
  readonly limit: number
}

export interface Hours {
  readonly source: Source
  /** In the walk's order. */
  readonly found: readonly HourlyPrice[]
  /** Whether any price is stored at all. */
  readonly isAny: boolean
}

/** Pages that a long walk asks for at once. */
const PAGES_AT_ONCE = 8

/** The first `limit` hours of a range, from pages alone. */
export async function readHours(ports: ReadPorts, { order, from, to, limit }: HourWalk): Promise<Hours> {
  const runs = await readPriceRuns(ports)
  const within = runs.value.filter(({ number }) => number >= toRun(from) && number <= toRun(to))
  const walk = order === 'asc' ? within : within.reverse()
  const found: HourlyPrice[] = []
  const pages: Source[] = []
  for (let next = 0; next < walk.length && found.length < limit; ) {
    // The first page of a walk may hold little of it.
    const wanted = Math.ceil((limit - found.length) / HOURS_PER_RUN) + 1
    const some = walk.slice(next, next + Math.min(wanted, PAGES_AT_ONCE))
    next += some.length
    const read = await Promise.all(some.map((run) => readPage(ports, run)))
    read.forEach((page, index) => {
      if (found.length >= limit) return
      pages.push(toSource(page, isClosed(some[index] as PriceRun)))
      take(page.value, from, to, order, limit, found)
    })
  }
  return { source: joinAll(runs, pages), found, isAny: runs.value.length > 0 }
}

/** The price of the hour that a time lies in; null in a gap. */
export async function readPriceAt(
  ports: ReadPorts,
  time: Ms,
): Promise<{ source: Source; price: HourlyPrice | null }> {
  const hour = toHour(time)
  const { source, found } = await readHours(ports, { order: 'asc', from: hour, to: hour, limit: 1 })
  return { source, price: findHour(found, time) }
}

function take(
  page: PricePage,
  from: Ms,
  to: Ms,
  order: HourWalk['order'],
  limit: number,
  found: HourlyPrice[],
): void {
  for (let step = 0; step < page.count && found.length < limit; step++) {
    const price = page.at(order === 'asc' ? step : page.count - 1 - step)
    if (price.hour >= from && price.hour <= to) found.push(price)
  }
}

/** A run that is whole and settled never changes but by an operator's import, which drops it. */
function isClosed({ settled }: PriceRun): boolean {
  return settled === HOURS_PER_RUN
}

function readPage(ports: ReadPorts, run: PriceRun): Soon<Found<PricePage>> {
  const { number } = run
  const key: Key<PricePage> = {
    id: isClosed(run) ? `prices/${number}` : `price-hours/${number}`,
    cacheClass: isClosed(run) ? 'IMMUTABLE' : 'PER_MINUTE',
    codec: pricePageCodec,
    reach: BESIDE_CHAIN,
  }
  return readThrough(ports.cache, key, async () => {
    const from = number * HOURS_PER_RUN * HOUR
    const hours = await ports.store.readPrices(from, from + (HOURS_PER_RUN - 1) * HOUR)
    if (isClosed(run) && hours.length !== HOURS_PER_RUN) {
      throw new RangeError(`The store does not hold all prices of run ${number}`)
    }
    return toPricePage(number, hours)
  })
}

function toSource({ tier, stale, storedAt }: Found<PricePage>, fixed: boolean): Source {
  return { tier, stale, storedAt, fixed }
}
