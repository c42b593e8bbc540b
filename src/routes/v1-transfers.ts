import type { Hono } from 'hono'
import { parseCursor, toCursor } from '../api/cursor.ts'
import { endpoints } from '../api/endpoints.ts'
import { invalidParameter } from '../api/problem.ts'
import { toWireTransfer, UNITS } from '../api/wire/to-v1.ts'
import * as v1 from '../api/wire/v1.ts'
import type { TransferQuery } from '../ports.ts'
import { joinSources } from '../read/ports.ts'
import { readTransfers } from '../read/questions.ts'
import { readTip } from '../read/tip.ts'
import { toAsOf } from './as-of.ts'
import { createShape, toListReply } from './list-replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'

const transfers = createShape('transfers', v1.transfer)

export function createV1TransferRoutes({ read, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    async listTransfers(params, request) {
      const { order, limit, units, cursor, account, direction, fields, format, ...bounds } = params
      if (direction !== undefined && account === undefined) {
        throw invalidParameter('direction', direction, 'given together with account')
      }
      const list = `transfers/${order}`
      const after = cursor === undefined ? null : parseCursor(list, cursor, 2)
      const { head, tip } = await readTip(read)
      const query: TransferQuery = {
        ...toDefined(bounds),
        ...(account && { party: account }),
        ...(direction && { direction }),
        ...(after && { after: { height: after[0] as number, ordinal: after[1] as number } }),
        // Nothing newer than the tip that the answer says to be as of.
        toBlock: Math.min(bounds.toBlock ?? tip.checkpoint.height, tip.checkpoint.height),
        order,
        // One more than is shown: whether the list goes on.
        limit: limit + 1,
      }
      const found = await readTransfers(read, query)
      const shown = found.value.slice(0, limit)
      const last = shown.at(-1)
      return toListReply(
        transfers,
        { fields, format },
        {
          items: shown.map((transfer) => toWireTransfer(transfer, UNITS[units])),
          asOf: toAsOf(tip),
          next: found.value.length > limit && last ? toCursor(list, [last.height, last.ordinal]) : null,
          source: joinSources(head, found),
          cacheClass: endpoints.listTransfers.cache,
        },
        request,
      )
    },
  })
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the members that are undefined. */
function toDefined<T extends object>(value: T): Defined<T> {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as Defined<T>
}
