import type { Tip } from '../ports.ts'
import type { TimedBlock } from './block-page.ts'
import { readBlockRange } from './blocks.ts'
import { readEra } from './eras.ts'
import type { ReadPorts } from './ports.ts'
import { readTip } from './tip.ts'
import { readWindow, type Walk, type Window } from './window.ts'

/** Which blocks to list; all bounds inclusive. `after` is the height of the last one seen. */
export interface BlockQuery extends Walk {
  readonly fromBlock?: number | undefined
  readonly toBlock?: number | undefined
  readonly fromEra?: number | undefined
  readonly toEra?: number | undefined
}

export interface BlockList extends Window<TimedBlock> {
  readonly tip: Tip
}

/** Blocks of a range, from pages alone. @throws {ProblemError} before the first commit */
export async function listBlocks(ports: ReadPorts, query: BlockQuery): Promise<BlockList> {
  const { head, tip } = await readTip(ports)
  const bounds = await toBounds(ports, query, tip)
  return { tip, ...(await readWindow(bounds, query, head, (from, to) => readBlockRange(ports, from, to))) }
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
