import type { Era } from '../domain/era.ts'
import type { Ms } from '../domain/time.ts'
import type { Tip } from '../ports.ts'
import { readEraAt, readEraBounds, readEraRange } from './eras.ts'
import { readHead } from './head.ts'
import { type Read, type ReadPorts, toRead } from './ports.ts'
import { readTip } from './tip.ts'
import { joinAll, readWindow, type Walk, type Window } from './window.ts'

/** Eras in the order of their ids, from pages. The caller bounds `limit`. */
export async function readErasInOrder(
  ports: ReadPorts,
  { order, skip, limit }: { order: 'ASC' | 'DESC'; skip: number; limit: number },
): Promise<Read<readonly Era[]>> {
  const head = await readHead(ports)
  const bounds = await readEraBounds(ports)
  if (bounds === null) return toRead([], head, false)
  const { first, newest } = bounds
  const isUp = order === 'ASC'
  const from = isUp ? first + skip : Math.max(first, newest - skip - limit + 1)
  const to = isUp ? Math.min(newest, first + skip + limit - 1) : newest - skip
  const reads = await readEraRange(ports, from, to)
  const eras = reads.map(({ value }) => value)
  return toRead(isUp ? eras : eras.reverse(), joinAll(head, reads), false)
}

/** Which eras to list; all bounds inclusive. `after` is the id of the last one seen. */
export interface EraQuery extends Walk {
  readonly fromEra?: number | undefined
  readonly toEra?: number | undefined
  /** Eras that had not ended before it. */
  readonly fromTime?: Ms | undefined
  /** Eras that had begun by then. */
  readonly toTime?: Ms | undefined
}

export interface EraList extends Window<Era> {
  readonly tip: Tip
}

/** @throws {ProblemError} before the first commit */
export async function listEras(ports: ReadPorts, query: EraQuery): Promise<EraList> {
  const { head, tip } = await readTip(ports)
  const bounds = await toBounds(ports, query)
  return { tip, ...(await readWindow(bounds, query, head, (from, to) => readEraRange(ports, from, to))) }
}

async function toBounds(ports: ReadPorts, query: EraQuery): Promise<{ low: number; high: number }> {
  const bounds = await readEraBounds(ports)
  if (bounds === null) return { low: 0, high: -1 }
  const { fromEra = 0, toEra = bounds.newest, fromTime, toTime } = query
  let low = Math.max(fromEra, bounds.first)
  let high = Math.min(toEra, bounds.newest)
  if (fromTime !== undefined) {
    const era = await readEraAt(ports, fromTime)
    // null: before the first era, which leaves nothing out, or after the last when none is open.
    if (era !== null) low = Math.max(low, era.value.id)
    else if (fromTime > (await readEraEnd(ports, bounds.newest))) low = high + 1
  }
  if (toTime !== undefined) {
    const era = await readEraAt(ports, toTime)
    if (era === null) high = toTime > (await readEraEnd(ports, bounds.newest)) ? high : low - 1
    else high = Math.min(high, era.value.start > toTime ? era.value.id - 1 : era.value.id)
  }
  return { low, high }
}

async function readEraEnd(ports: ReadPorts, id: number): Promise<Ms> {
  const [era] = await readEraRange(ports, id, id)
  return era?.value.end ?? Number.POSITIVE_INFINITY
}
