import type { Tip } from '../ports.ts'
import type { TimedBlock } from './block-page.ts'
import { readBlockRange } from './blocks.ts'
import { joinAll } from './era-list.ts'
import { readEra } from './eras.ts'
import type { ReadPorts, Source } from './ports.ts'
import { readTip } from './tip.ts'

/** Which blocks to list; all bounds inclusive. `after` is the height of the last one seen. */
export interface BlockQuery {
  readonly fromBlock?: number | undefined
  readonly toBlock?: number | undefined
  readonly fromEra?: number | undefined
  readonly toEra?: number | undefined
  readonly order: 'asc' | 'desc'
  readonly limit: number
  readonly after: number | null
}

export interface BlockList {
  readonly tip: Tip
  readonly source: Source
  readonly found: readonly TimedBlock[]
  readonly hasMore: boolean
}

/** Blocks of a range, from pages alone. @throws {ProblemError} before the first commit */
export async function listBlocks(ports: ReadPorts, query: BlockQuery): Promise<BlockList> {
  const { head, tip } = await readTip(ports)
  const { order, limit, after } = query
  const isUp = order === 'asc'
  let { low, high } = await toBounds(ports, query, tip)
  if (after !== null && isUp) low = Math.max(low, after + 1)
  if (after !== null && !isUp) high = Math.min(high, after - 1)

  const from = isUp ? low : Math.max(low, high - limit + 1)
  const to = isUp ? Math.min(high, low + limit - 1) : high
  const reads = await readBlockRange(ports, from, to)
  const found = reads.map(({ value }) => value)
  return {
    tip,
    source: joinAll(head, reads),
    found: isUp ? found : found.reverse(),
    hasMore: isUp ? to < high : from > low,
  }
}

async function toBounds(ports: ReadPorts, query: BlockQuery, tip: Tip) {
  const { fromBlock = 0, toBlock = tip.checkpoint.height, fromEra, toEra } = query
  let low = Math.max(fromBlock, tip.network.firstHeight)
  let high = Math.min(toBlock, tip.checkpoint.height)
  if (fromEra !== undefined && fromEra > 0) {
    const era = await readEra(ports, fromEra)
    // Beyond the newest era there is nothing; before the first stored one nothing is left out.
    if (era !== null) low = Math.max(low, era.value.startHeight)
    else if (fromEra > tip.checkpoint.eraId) low = high + 1
  }
  if (toEra !== undefined && toEra < tip.checkpoint.eraId) {
    const era = await readEra(ports, toEra)
    high = era === null ? low - 1 : Math.min(high, era.value.endHeight ?? high)
  }
  return { low, high }
}
