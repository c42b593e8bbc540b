import type { Era } from '../../src/domain/era.ts'
import type { Network } from '../../src/domain/network.ts'
import type { Change } from '../../src/store/change.ts'
import type { Rows } from './project.ts'

/** The change that consecutive heights make together; null when there are none. */
export function toChange(network: Network, heights: readonly Rows[]): Change | null {
  const last = heights.at(-1)?.block
  if (last === undefined) return null
  const eras = new Map<number, Era>()
  for (const { era } of heights) eras.set(era.id, era)
  const { height, hash, eraId, time } = last
  return {
    network,
    blocks: heights.map(({ block }) => block),
    eras: [...eras.values()],
    transactions: heights.flatMap(({ transactions }) => transactions),
    transfers: heights.flatMap(({ transfers }) => transfers),
    stakeMovements: heights.flatMap(({ stakeMovements }) => stakeMovements),
    eraValidators: heights.flatMap(({ eraValidators }) => eraValidators),
    rewards: heights.flatMap(({ rewards }) => rewards),
    unbondings: heights.flatMap(({ unbondings }) => unbondings),
    auctions: heights.flatMap(({ auctions }) => auctions),
    absences: heights.flatMap(({ absences }) => absences),
    checkpoint: { height, hash, eraId, time },
  }
}
