import type { Hono } from 'hono'
import { parseCursor, toCursor } from '../api/cursor.ts'
import type { ParamsOf } from '../api/endpoint.ts'
import { endpoints } from '../api/endpoints.ts'
import { notFound } from '../api/problem.ts'
import { toWireEra, toWireTransfer, UNITS } from '../api/wire/to-v1.ts'
import * as v1 from '../api/wire/v1.ts'
import type { Era } from '../domain/era.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import { listEras } from '../read/era-list.ts'
import { readEraTransfers } from '../read/era-transfers.ts'
import { readEra, readLastCompletedEra, readOpenEra } from '../read/eras.ts'
import type { Read, ReadPorts } from '../read/ports.ts'
import { readTip } from '../read/tip.ts'
import { toAsOf, toAsOfEra } from './as-of.ts'
import { createShape, toItemReply, toListReply } from './list-replies.ts'
import { toClass } from './replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'

const eras = createShape('eras', v1.era)
const transfers = createShape('era-transfers', v1.transfer)

type EraRef = ParamsOf<typeof endpoints.getEra>['id']

export function createV1EraRoutes({ read, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    getEra: ({ id, units, fields }) =>
      andThen(readByRef(read, id), (era) =>
        toItemReply(eras, { fields }, toWireEra(era.value, UNITS[units]), era, toNamedClass(id, era)),
      ),

    async listEras(params, request) {
      const { order, units, cursor } = params
      const list = `eras/${order}`
      const after = cursor === undefined ? null : (parseCursor(list, cursor, 1)[0] as number)
      const { tip, source, found, hasMore } = await listEras(read, { ...params, after })
      const last = found.at(-1)
      return toListReply(
        eras,
        params,
        {
          items: found.map((era) => toWireEra(era, UNITS[units])),
          asOf: toAsOf(tip),
          next: hasMore && last ? toCursor(list, [last.id]) : null,
          source,
          cacheClass: endpoints.listEras.cache,
        },
        request,
      )
    },

    async listEraTransfers({ id, limit, units, ...look }, request) {
      const era = await readByRef(read, id)
      const found = await readEraTransfers(read, era.value.id, limit)
      if (found === null) throw notFound('Era', era.value.id)
      return toListReply(
        transfers,
        look,
        {
          items: found.value.top.map((transfer) => toWireTransfer(transfer, UNITS[units])),
          asOf: toAsOfEra(found.value.era) ?? toAsOf((await readTip(read)).tip),
          next: null,
          source: found,
          cacheClass: toNamedClass(id, found),
        },
        request,
      )
    },
  })
}

/** @throws {ProblemError} for one that is not there */
function readByRef(read: ReadPorts, id: EraRef): Soon<Read<Era>> {
  return andThen(findByRef(read, id), (era) => {
    if (era === null) throw notFound('Era', id)
    return era
  })
}

function findByRef(read: ReadPorts, id: EraRef): Soon<Read<Era> | null> {
  if (id === 'latest') return readLastCompletedEra(read)
  return id === 'current' ? readOpenEra(read) : readEra(read, id)
}

function toNamedClass(id: EraRef, read: { readonly closed: boolean }) {
  if (id === 'latest') return 'PER_ERA'
  return id === 'current' ? 'PER_BLOCK' : toClass(read)
}
