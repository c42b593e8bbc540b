import type { Hono } from 'hono'
import { endpoints } from '../api/endpoints.ts'
import { notFound } from '../api/problem.ts'
import { toCompatibleEraTransfers } from '../api/wire/to-compatible.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import { readEraTransfers, type TransfersOfEra } from '../read/era-transfers.ts'
import { readLastCompletedEra } from '../read/eras.ts'
import type { Read, ReadPorts } from '../read/ports.ts'
import { toClass, toJson } from './replies.ts'
import { createRoutes, type RoutePorts } from './route.ts'

const DEFAULT_LIMIT = 20

/** The compatible `/transfersByEraId`. */
export function createTransferRoutes({ read, answer }: RoutePorts): Hono {
  return createRoutes(answer, {
    getTransfersByEra({ eraId, limit }) {
      return andThen(readNamed(read, eraId, limit ?? DEFAULT_LIMIT), (found) => {
        const { era, count, top } = found.value
        const cacheClass = eraId === undefined ? endpoints.getTransfersByEra.cache : toClass(found)
        return toJson(toCompatibleEraTransfers(era, count, top), found, cacheClass)
      })
    },
  })
}

/**
 * Without an id the last completed era, and as long as there is none, era 0. A limit of 0 shows none, one below 0
 * leaves so many of the smallest out: it has always been a slice.
 */
function readNamed(read: ReadPorts, eraId: number | undefined, limit: number): Soon<Read<TransfersOfEra>> {
  const id = eraId ?? andThen(readLastCompletedEra(read), (era) => era?.value.id ?? 0)
  return andThen(id, (known) =>
    andThen(readEraTransfers(read, known, Math.trunc(limit)), (found) => {
      if (found === null) throw notFound('Era', known)
      return found
    }),
  )
}
