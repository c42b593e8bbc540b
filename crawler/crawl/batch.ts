import type { Era } from '../../src/domain/era.ts'
import type { Network } from '../../src/domain/network.ts'
import type { Change } from '../../src/store/change.ts'
import type { Rows } from '../project/project.ts'

/**
 * Consecutive heights that go into one transaction. Large while catching up, since a commit costs a disk flush; one
 * block at the tip.
 */
export class Batch {
  private readonly heights: Rows[] = []
  private rows = 0

  add(rows: Rows): void {
    this.heights.push(rows)
    this.rows +=
      1 + rows.transactions.length + rows.transfers.length + rows.rewards.length + rows.eraValidators.length
  }

  get blocks(): number {
    return this.heights.length
  }

  isFull(maxBlocks: number, maxRows: number): boolean {
    return this.heights.length >= maxBlocks || this.rows >= maxRows
  }

  hasSwitch(): boolean {
    return this.heights.some(({ block }) => block.isSwitch)
  }

  /** The change that these heights make together; null when there are none. */
  toChange(network: Network): Change | null {
    const last = this.heights.at(-1)
    if (last === undefined) return null
    const eras = new Map<number, Era>()
    for (const { era } of this.heights) eras.set(era.id, era)
    const { height, hash, eraId, time } = last.block
    return {
      network,
      blocks: this.heights.map(({ block }) => block),
      eras: [...eras.values()],
      transactions: this.heights.flatMap(({ transactions }) => transactions),
      transfers: this.heights.flatMap(({ transfers }) => transfers),
      stakeMovements: this.heights.flatMap(({ stakeMovements }) => stakeMovements),
      eraValidators: this.heights.flatMap(({ eraValidators }) => eraValidators),
      rewards: this.heights.flatMap(({ rewards }) => rewards),
      checkpoint: { height, hash, eraId, time },
    }
  }
}
