import type { Hono } from 'hono'
import type { ParamsOf } from '../api/endpoint.ts'
import { endpoints } from '../api/endpoints.ts'
import type { Filter } from '../api/filter.ts'
import { toFilterFields } from '../api/filter-fields.ts'
import { MAX_ROWS, parseFilter } from '../api/filter-parser.ts'
import { invalidParameter, notFound } from '../api/problem.ts'
import { compatibleEra } from '../api/wire/compatible.ts'
import { pickFields, toCompatibleEra } from '../api/wire/to-compatible.ts'
import type { Era } from '../domain/era.ts'
import type { Reply } from '../lib/reply.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import { readCountedEra } from '../read/circulating.ts'
import { readErasInOrder } from '../read/era-list.ts'
import { readEra, readEraAt, readEraOfHeight, readLastCompletedEra, readOpenEra } from '../read/eras.ts'
import { readHead } from '../read/head.ts'
import type { Read, ReadPorts } from '../read/ports.ts'
import { findEras } from '../read/questions.ts'
import { askFilter } from './filters.ts'
import { toClass, toJson, toText } from './replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'
import { readCirculating, supplyUnknown, toTotal } from './supply.ts'

const fields = toFilterFields(compatibleEra)

/** All eras at once, as charts have always asked for them: `skip=0` together with an order. */
const ALL_ERAS = 20_000
const MAX_SKIP = 4_294_967_295

type Params = ParamsOf<typeof endpoints.getEras>

/** The compatible `/era` paths. A filter wins over an id, an id over a height, a height over a time. */
export function createEraRoutes({ read, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    getEras(params) {
      const { filter, id, blockHeight, timestamp } = params
      if (filter !== undefined) return answerFilter(read, filter)
      const window = parseWindow(params)
      if (id !== undefined) return andThen(readEra(read, id), (era) => answerOne(read, era, window.skip))
      if (blockHeight !== undefined) {
        return readEraOfHeight(read, blockHeight).then((era) => answerOne(read, era, window.skip))
      }
      if (timestamp !== undefined) {
        return readEraAt(read, timestamp).then((era) => answerOne(read, era, window.skip))
      }
      return answerList(read, window)
    },

    getEraCirculating({ eraId }) {
      return andThen(readNamed(read, eraId), (era) =>
        andThen(readCountedEra(read, era), (counted) => {
          if (counted === null) throw supplyUnknown('No era is completed yet.')
          const isFinal = eraId !== undefined && counted.closed
          const cacheClass = isFinal ? 'IMMUTABLE' : endpoints.getEraCirculating.cache
          return andThen(readCirculating(read, counted.value), (digits) =>
            toText(digits, counted, cacheClass),
          )
        }),
      )
    },

    getEraTotal({ eraId }) {
      return andThen(readNamed(read, eraId), (era) => {
        const digits = toTotal(era.value.totalSupply, `of era ${era.value.id}`)
        return toText(digits, era, eraId === undefined ? endpoints.getEraTotal.cache : toClass(era))
      })
    },
  })
}

interface Window {
  readonly order: Filter['order'][number]
  /** null: not given. */
  readonly skip: number | null
  readonly limit: number
}

function parseWindow({ limit, skip, order }: Params): Window {
  const mayBeAll = skip === 0 && order !== undefined
  const rows = limit === undefined ? 1 : parseWhole('limit', limit) || 1
  return {
    order: order === undefined ? { field: 'id', direction: 'DESC' } : parseOrderText(order),
    skip: skip === undefined ? null : parseWhole('skip', skip),
    limit: Math.min(rows, mayBeAll ? ALL_ERAS : MAX_ROWS),
  }
}

function parseWhole(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 0) throw invalidParameter(name, value, 'a whole number from 0')
  return Math.min(value, MAX_SKIP)
}

const ORDER = /^(\w+)(?: +(ASC|DESC))?$/i

function parseOrderText(text: string): Filter['order'][number] {
  const [, field, direction] = ORDER.exec(text) ?? []
  if (field === undefined || !fields.has(field)) {
    throw invalidParameter(
      'order',
      text,
      `"<field> ASC" or "<field> DESC" of ${[...fields.keys()].join(', ')}`,
    )
  }
  return { field, direction: direction?.toUpperCase() === 'DESC' ? 'DESC' : 'ASC' }
}

/** One era or none is a list, too: it may be skipped. */
async function answerOne(read: ReadPorts, era: Read<Era> | null, skip: number | null): Promise<Reply> {
  if (era === null) return toJson([], await readHead(read), endpoints.getEras.cache)
  return toJson(skip ? [] : [toCompatibleEra(era.value)], era, toClass(era))
}

/** Without `skip` the open era is stepped over, wherever the order puts it last: as ever, by skipping one. */
async function answerList(read: ReadPorts, { order, skip, limit }: Window): Promise<Reply> {
  if (order.field !== 'id') {
    const found = await findEras(read, { where: null, order: [order], fields: null, skip: skip ?? 1, limit })
    return toJson(found.value.map(toCompatibleEra), found, endpoints.getEras.cache)
  }
  const { direction } = order
  // Between an era's last block and the next block no era is open, and the last completed one is the newest.
  const isNewestDone = direction === 'DESC' && skip === null && (await readOpenEra(read)) === null
  const list = await readErasInOrder(read, { order: direction, skip: skip ?? (isNewestDone ? 0 : 1), limit })
  return toJson(list.value.map(toCompatibleEra), list, endpoints.getEras.cache)
}

async function answerFilter(read: ReadPorts, text: string): Promise<Reply> {
  const filter = parseFilter(fields, text)
  const found = await askFilter(() => findEras(read, filter))
  const eras = found.value.map((era) => pickFields(toCompatibleEra(era), filter.fields))
  return toJson(eras, found, endpoints.getEras.cache)
}

/** @throws {ProblemError} for one that is not there */
function readNamed(read: ReadPorts, eraId: number | undefined): Soon<Read<Era>> {
  return andThen(eraId === undefined ? readLastCompletedEra(read) : readEra(read, eraId), (era) => {
    if (era !== null) return era
    throw eraId === undefined ? supplyUnknown('No era is completed yet.') : notFound('Era', eraId)
  })
}
