import type { Era } from '../../src/domain/era.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import { pickConfig } from '../config.ts'
import { findSystemContracts } from '../crawl/chain-check.ts'
import type { Replay, ReplayPorts } from '../crawl/replay.ts'
import type { Log } from '../log.ts'
import { CommandError, type Given, UsageError } from './command.ts'
import { openNodes } from './nodes.ts'

/** What `verify` and `repair` work with. */
export interface Opened {
  readonly ports: ReplayPorts
  readonly replay: Replay
  readonly databaseUrl: string
  close(): Promise<void>
}

/** Heights on the command line; null where none was given. */
export interface Bounds {
  readonly from: number | null
  readonly to: number | null
}

/**
 * Opens store and nodes for the eras that hold a range of heights.
 * @param against URL of the node to ask instead of CASPER_NODES
 * @throws {CommandError} when the store is empty or does not hold the range
 */
export async function openEras(
  { env }: Given,
  { from, to }: Bounds,
  {
    against,
    toAuction,
  }: { readonly against: string | undefined; readonly toAuction: ReplayPorts['toAuction'] },
  log: Log,
  signal: AbortSignal,
): Promise<Opened> {
  const config = pickConfig(
    against === undefined ? env : { ...env, CASPER_NODES: against },
    'DATABASE_URL',
    'CASPER_NODES',
    'NODE_TIMEOUT_MS',
    'NODE_CONNECTIONS',
    'NODE_PIPELINE',
    'FETCH_AHEAD',
  )
  const store = createStoreWriter(config.DATABASE_URL)
  const pool = openNodes(config, log)
  const close = async () => void (await Promise.allSettled([store.close(), pool.close()]))
  try {
    const resume = await store.readResume()
    if (resume === null) throw new CommandError('The store is empty: nothing to compare.')
    const { network, checkpoint } = resume
    const low = from ?? network.firstHeight
    const high = to ?? checkpoint.height
    if (low < network.firstHeight || high > checkpoint.height || low > high) {
      throw new CommandError(
        `The store holds blocks ${network.firstHeight} to ${checkpoint.height}; ${low} to ${high} is no part of that.`,
      )
    }
    const eras = await findEras(store, low, high, checkpoint.eraId)
    pool.setNetwork(network.name)
    await pool.look(signal)
    const system = await findSystemContracts(pool, [network.firstHeight, checkpoint.height], signal)
    const onAbsent: ReplayPorts['onAbsent'] = (figure, height, reason) =>
      log.warn('figure absent', { figure, height, reason })
    return {
      ports: { pool, store, onAbsent, toAuction },
      replay: { network, system, eras, last: checkpoint.height, ahead: config.FETCH_AHEAD },
      databaseUrl: config.DATABASE_URL,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function findEras(
  store: ReturnType<typeof createStoreWriter>,
  low: number,
  high: number,
  newest: number,
): Promise<Era[]> {
  const [[first], [last]] = await Promise.all([store.readBlocks(low, low), store.readBlocks(high, high)])
  return store.readEras(first?.eraId ?? 0, last?.eraId ?? newest)
}

/** @throws {UsageError} */
export function parseHeight(name: string, text: string | boolean | undefined): number | null {
  if (text === undefined) return null
  if (typeof text === 'string' && /^\d{1,10}$/.test(text)) return Number(text)
  throw new UsageError(`${name}: must be a height such as 120000, not "${text}"`)
}
