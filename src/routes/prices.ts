import type { Hono } from 'hono'
import { endpoints } from '../api/endpoints.ts'
import { toCompatiblePrice } from '../api/wire/prices.ts'
import { DAY } from '../domain/price.ts'
import { andThen } from '../lib/soon.ts'
import { readCurrentPrice, readHours } from '../read/prices.ts'
import { toJson } from './replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'

/** Three years of hours, as `/prices` has always given at most. */
const MOST_HOURS = 26_280

/** The compatible price paths. */
export function createPriceRoutes({ read, clock, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    /** A bare number, 0 for "not known": widgets read nothing else. A day without any source is not known. */
    getPriceNumber: () =>
      andThen(readCurrentPrice(read), (found) => {
        const { value } = found
        const isKnown = value !== null && clock.now() - value.at <= DAY
        return toJson(isKnown ? value.usd : 0, found, endpoints.getPriceNumber.cache)
      }),

    /** Ascending, wherever it begins: with a beginning from there on, else up to the end. */
    async getPriceRows({ from, to }) {
      const { source, found } = await readHours(read, {
        order: from === undefined ? 'desc' : 'asc',
        from: from ?? 0,
        to: to ?? Number.MAX_SAFE_INTEGER,
        limit: MOST_HOURS,
      })
      const hours = from === undefined ? found.toReversed() : found
      return toJson(hours.map(toCompatiblePrice), source, endpoints.getPriceRows.cache)
    },
  })
}
