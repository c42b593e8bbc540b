import type { Hono } from 'hono'
import { parseCursor, toCursor } from '../api/cursor.ts'
import type { ParamsOf } from '../api/endpoint.ts'
import { endpoints } from '../api/endpoints.ts'
import { ProblemError, toProblem } from '../api/problem.ts'
import * as wire from '../api/wire/prices.ts'
import { DAY, HOUR, type HourlyPrice, toDays } from '../domain/price.ts'
import type { Ms } from '../domain/time.ts'
import { andThen } from '../lib/soon.ts'
import { joinSources } from '../read/ports.ts'
import { type HourWalk, readCurrentPrice, readHours } from '../read/prices.ts'
import { readTip } from '../read/tip.ts'
import { toAsOf } from './as-of.ts'
import { createShape, toItemReply, toListReply } from './list-replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'

const price = createShape('price', wire.price)
const periods = createShape('prices', wire.pricePeriod)

type Params = ParamsOf<typeof endpoints.listPrices>

export function createV1PriceRoutes({ read, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    getPrice: ({ fields }) =>
      andThen(readCurrentPrice(read), (found) => {
        if (found.value === null) throw priceUnknown()
        return toItemReply(price, { fields }, wire.toWirePrice(found.value), found, endpoints.getPrice.cache)
      }),

    async listPrices(params, request) {
      const { order, resolution, cursor, limit } = params
      const list = `prices/${resolution}/${order}`
      const after = cursor === undefined ? null : (parseCursor(list, cursor, 1)[0] as number)
      const { head, tip } = await readTip(read)
      const { source, found, isAny } = await readHours(read, toWalk(params, after))
      if (!isAny) throw priceUnknown()
      const all = resolution === 'hour' ? found.map(toHourItem) : toDayItems(found)
      const shown = all.slice(0, limit)
      const last = shown.at(-1)
      return toListReply(
        periods,
        params,
        {
          items: shown.map(({ item }) => item),
          asOf: toAsOf(tip),
          next: all.length > limit && last ? toCursor(list, [last.start / STEP[resolution]]) : null,
          source: joinSources(head, source),
          cacheClass: endpoints.listPrices.cache,
        },
        request,
      )
    },
  })
}

const STEP = { hour: HOUR, day: DAY } as const

/** Past every time of four digits a year, and a whole number of days. */
const END: Ms = 253_402_300_800_000

/**
 * The hours of one period more than is shown. Periods that begin within the bounds are meant: a day is whole, or it is
 * left out.
 */
function toWalk({ order, resolution, limit, fromTime, toTime }: Params, after: number | null): HourWalk {
  const step = STEP[resolution]
  let low = Math.max(0, Math.ceil((fromTime ?? 0) / step))
  let high = Math.floor((toTime ?? END) / step)
  if (after !== null && order === 'asc') low = Math.max(low, after + 1)
  if (after !== null && order === 'desc') high = Math.min(high, after - 1)
  return { order, from: low * step, to: (high + 1) * step - HOUR, limit: (limit + 1) * (step / HOUR) }
}

interface Item {
  readonly start: Ms
  readonly item: wire.WirePricePeriod
}

function toHourItem(hour: HourlyPrice): Item {
  return { start: hour.hour, item: wire.toWireHour(hour) }
}

/** In the order of the hours. */
function toDayItems(found: readonly HourlyPrice[]): Item[] {
  const isUp = found.length < 2 || (found[0] as HourlyPrice).hour < (found[1] as HourlyPrice).hour
  const days = toDays(isUp ? found : found.toReversed())
  const items = days.map((day) => ({ start: day.day, item: wire.toWireDay(day) }))
  return isUp ? items : items.reverse()
}

function priceUnknown(): ProblemError {
  const detail = 'No price is stored: no price source is configured, or none has answered yet.'
  return new ProblemError(toProblem('price-unknown', detail))
}
