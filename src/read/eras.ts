import type { Found, Key } from '../cache/cache.ts'
import { ERAS_PER_PAGE, type Era } from '../domain/era.ts'
import type { Ms } from '../domain/time.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import type { StoreReader } from '../ports.ts'
import { readBlock } from './blocks.ts'
import { type EraPage, eraPageCodec, findEra, toEraPage } from './era-page.ts'
import { ERAS_PER_SEGMENT, type Head, readHead, toLastCompleted, toOpenEra, toSettledEra } from './head.ts'
import { type Read, type ReadPorts, readThrough, toRead } from './ports.ts'

/** An era by id; null when there is none, also for an id that no era can have. */
export function readEra(ports: ReadPorts, id: number): Soon<Read<Era> | null> {
  if (!Number.isInteger(id) || id < 0) return null
  const page = ports.cache.peek(toPageKey(Math.floor(id / ERAS_PER_PAGE)))
  if (page) return readFrom(page, id)
  return andThen(readHead(ports), (head) => readEraBehind(ports, head, id))
}

/** null as long as no era was completed. */
export function readLastCompletedEra(ports: ReadPorts): Soon<Read<Era> | null> {
  return andThen(readHead(ports), (head) => {
    const era = toLastCompleted(head.value)
    return era && toRead(era, head, true)
  })
}

/** null between an era's switch block and the next block. */
export function readOpenEra(ports: ReadPorts): Soon<Read<Era> | null> {
  return andThen(readHead(ports), (head) => {
    const era = toOpenEra(head.value)
    return era && toRead(era, head, false)
  })
}

/** The era of a block, where the block's page does not hold it. @throws {RangeError} when it is missing: both are committed together */
export function readEraOf(ports: ReadPorts, height: number, eraId: number): Soon<Read<Era>> {
  return andThen(readEra(ports, eraId), (era) => {
    if (era === null) throw new RangeError(`Era ${eraId} of block ${height} is missing`)
    return era
  })
}

/** The era that a height belongs to; a height beyond the tip will be in the open one. */
export async function readEraOfHeight(ports: ReadPorts, height: number): Promise<Read<Era> | null> {
  const block = await readBlock(ports, height)
  if (block) return readEra(ports, block.value.block.eraId)
  const head = await readHead(ports)
  const tip = head.value.head.tip
  return tip && height > tip.checkpoint.height ? readOpenEra(ports) : null
}

/**
 * The era of an instant: the newest that began at or before it, unless that one ended before it. Then the instant
 * lies between a switch block and the first block of the next era, and belongs to the next. null before the first
 * stored era and after the last one when none is open.
 */
export async function readEraAt(ports: ReadPorts, time: Ms): Promise<Read<Era> | null> {
  const bounds = await readEraBounds(ports)
  if (bounds === null) return null

  // Invariant: every era below `low` began at or before the time, every era from `high` on began after it.
  let low = bounds.first
  let high = bounds.newest + 1
  while (low < high) {
    const middle = (low + high) >>> 1
    const era = await readEra(ports, middle)
    if (era !== null && era.value.start <= time) low = middle + 1
    else high = middle
  }
  if (low === bounds.first) return null
  const era = await readEra(ports, low - 1)
  const isOver = era !== null && era.value.end !== null && era.value.end < time
  return isOver ? readEra(ports, low) : era
}

/** Pages that a long range asks for at once. */
const PAGES_AT_ONCE = 8

/** Eras of an inclusive range that exist, ascending. The caller bounds its length. */
export async function readEraRange(ports: ReadPorts, from: number, to: number): Promise<Read<Era>[]> {
  // All eras of mainnet are fifty pages: fetched one after the other they would take seconds when cold.
  const run = PAGES_AT_ONCE * ERAS_PER_PAGE
  const eras: Read<Era>[] = []
  for (let start = from; start <= to; start += run) {
    const end = Math.min(to, start + run - 1)
    const firsts: number[] = []
    for (let id = start; id <= end; id += ERAS_PER_PAGE) firsts.push(id)
    await Promise.all(firsts.map((id) => readEra(ports, id)))
    for (let id = start; id <= end; id++) {
      const soon = readEra(ports, id)
      const era = soon instanceof Promise ? await soon : soon
      if (era) eras.push(era)
    }
  }
  return eras
}

/** Ids of the first stored era and of the newest, which may be open; null before the first commit. */
export async function readEraBounds(ports: ReadPorts): Promise<{ first: number; newest: number } | null> {
  const head = await readHead(ports)
  const { tip, eras } = head.value.head
  const newest = eras.at(-1)
  if (tip === null || newest === undefined) return null
  const { firstHeight } = tip.network
  const first = firstHeight === 0 ? null : await readBlock(ports, firstHeight)
  return { first: first?.value.block.eraId ?? 0, newest: newest.id }
}

/** The newest page of closed eras, for loading it as soon as it is complete. */
export function readNewestEraPage(ports: ReadPorts, head: Head): Soon<unknown> {
  const number = Math.floor(toSettledEra(head) / ERAS_PER_PAGE) - 1
  return number < 0 ? null : readPage(ports, number)
}

function readEraBehind(ports: ReadPorts, head: Found<Head>, id: number): Soon<Read<Era> | null> {
  const { eras } = head.value.head
  const [oldest] = eras
  if (oldest === undefined || id > oldest.id + eras.length - 1) return null
  if (id >= oldest.id) {
    const era = eras[id - oldest.id]
    return era ? toRead(era, head, era.endHeight !== null) : null
  }
  return andThen(isBeforeHistory(ports, head, id), (isBefore) => {
    if (isBefore) return null
    const number = Math.floor(id / ERAS_PER_PAGE)
    const isClosed = (number + 1) * ERAS_PER_PAGE <= toSettledEra(head.value)
    const page = isClosed ? readPage(ports, number) : readSegment(ports, Math.floor(id / ERAS_PER_SEGMENT))
    return andThen(page, (found) => readFrom(found, id))
  })
}

/** A history may begin at any height, where its node is not archival. */
function isBeforeHistory(ports: ReadPorts, head: Found<Head>, id: number): Soon<boolean> {
  const firstHeight = head.value.head.tip?.network.firstHeight ?? 0
  if (firstHeight === 0) return false
  return andThen(readBlock(ports, firstHeight), (first) => first === null || id < first.value.block.eraId)
}

function readFrom(page: Found<EraPage>, id: number): Read<Era> | null {
  const era = findEra(page.value, id)
  return era && toRead(era, page, true)
}

function toPageKey(number: number): Key<EraPage> {
  const reach = { eraId: (number + 1) * ERAS_PER_PAGE - 1 }
  return { id: `eras/${number}`, cacheClass: 'IMMUTABLE', codec: eraPageCodec, reach }
}

function readPage(ports: ReadPorts, number: number): Soon<Found<EraPage>> {
  return readThrough(ports.cache, toPageKey(number), () => loadEras(ports.store, number, ERAS_PER_PAGE))
}

/** Completed eras that are in no closed page yet. */
function readSegment(ports: ReadPorts, number: number): Soon<Found<EraPage>> {
  const key: Key<EraPage> = { id: `era-segments/${number}`, cacheClass: 'PER_ERA', codec: eraPageCodec }
  return readThrough(ports.cache, key, () => loadEras(ports.store, number, ERAS_PER_SEGMENT))
}

/** @throws {RangeError} when the store does not hold the range up to its end, or one of it is open */
async function loadEras(store: StoreReader, number: number, length: number): Promise<EraPage> {
  const last = (number + 1) * length - 1
  const eras = await store.readEras(number * length, last)
  if (eras.at(-1)?.id !== last || eras.some((era) => era.endHeight === null)) {
    throw new RangeError(`The store does not hold all eras up to ${last}`)
  }
  return toEraPage(eras)
}
