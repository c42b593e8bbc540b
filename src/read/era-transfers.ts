import type { Found, Key } from '../cache/cache.ts'
import type { Era } from '../domain/era.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import type { EraTransfers } from '../ports.ts'
import { readEra } from './eras.ts'
import { type Head, readHead, toSettledEra } from './head.ts'
import { joinSources, type Read, type ReadPorts, readThrough, toRead } from './ports.ts'
import {
  ERAS_PER_TRANSFER_PAGE,
  findEraTransfers,
  TOP_TRANSFERS,
  type TransferPage,
  toTransferPage,
  transferPageCodec,
} from './transfer-page.ts'

export interface TransfersOfEra extends EraTransfers {
  readonly era: Era
}

/** The `limit` largest transfers of an era, `TOP_TRANSFERS` at most (see `findEraTransfers`); null when there is no such era. */
export function readEraTransfers(
  ports: ReadPorts,
  eraId: number,
  limit: number,
): Soon<Read<TransfersOfEra> | null> {
  return andThen(readEra(ports, eraId), (era) => {
    if (era === null) return null
    return andThen(readPageOf(ports, era), (page) => {
      const transfers = findEraTransfers(page.value, eraId, limit)
      if (transfers === null) throw new RangeError(`Era ${eraId} is missing in its page of transfers`)
      return toRead({ ...transfers, era: era.value }, joinSources(era, page), era.closed)
    })
  })
}

/** The newest page of closed eras' transfers, for loading it as soon as it is complete. */
export function readNewestTransferPage(ports: ReadPorts, head: Head): Soon<unknown> {
  const number = Math.floor(toSettledEra(head) / ERAS_PER_TRANSFER_PAGE) - 1
  return number < 0 ? null : readPage(ports, number)
}

/** The page that an era is in, or its own entry as long as its run of eras is not closed. */
function readPageOf(ports: ReadPorts, { value: era, closed }: Read<Era>): Soon<Found<TransferPage>> {
  const number = Math.floor(era.id / ERAS_PER_TRANSFER_PAGE)
  const page = ports.cache.peek(toPageKey(number))
  if (page) return page
  return andThen(readHead(ports), (head) =>
    (number + 1) * ERAS_PER_TRANSFER_PAGE <= toSettledEra(head.value)
      ? readPage(ports, number)
      : readOne(ports, era.id, closed),
  )
}

function toPageKey(number: number): Key<TransferPage> {
  const reach = { eraId: (number + 1) * ERAS_PER_TRANSFER_PAGE - 1 }
  return { id: `transfers/${number}`, cacheClass: 'IMMUTABLE', codec: transferPageCodec, reach }
}

function readPage(ports: ReadPorts, number: number): Soon<Found<TransferPage>> {
  const from = number * ERAS_PER_TRANSFER_PAGE
  const to = from + ERAS_PER_TRANSFER_PAGE - 1
  return readThrough(ports.cache, toPageKey(number), () => load(ports, from, to))
}

/** An open era and the same era completed are two values: the one must not be shown for the other. */
function readOne(ports: ReadPorts, eraId: number, isClosed: boolean): Soon<Found<TransferPage>> {
  const key: Key<TransferPage> = {
    id: `era-transfers/${isClosed ? '' : 'open-'}${eraId}`,
    cacheClass: isClosed ? 'PER_ERA' : 'PER_BLOCK',
    codec: transferPageCodec,
  }
  return readThrough(ports.cache, key, () => load(ports, eraId, eraId))
}

async function load(ports: ReadPorts, from: number, to: number): Promise<TransferPage> {
  return toTransferPage(from, to, await ports.store.readEraTransfers(from, to, TOP_TRANSFERS))
}
