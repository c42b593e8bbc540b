import type { Network } from '../../src/domain/network.ts'
import type { Change } from '../../src/store/change.ts'
import { toChange } from '../project/change.ts'
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
    this.rows += countRows(rows)
  }

  get blocks(): number {
    return this.heights.length
  }

  /** Whether a height would bring it to its bounds. */
  isFilledBy(rows: Rows, maxBlocks: number, maxRows: number): boolean {
    return this.heights.length + 1 >= maxBlocks || this.rows + countRows(rows) >= maxRows
  }

  hasSwitch(): boolean {
    return this.heights.some(({ block }) => block.isSwitch)
  }

  /** The change that these heights make together; null when there are none. */
  toChange(network: Network): Change | null {
    return toChange(network, this.heights)
  }
}

/** The rows that make a commit long. A validator's row is written once a commit, however often it was counted on. */
function countRows({ block, transactions, transfers, rewards, eraValidators, auctions }: Rows): number {
  const delegations = auctions.reduce((sum, auction) => sum + auction.delegations.length, 0)
  const validators = block.isSwitch ? eraValidators.length : 0
  return 1 + transactions.length + transfers.length + rewards.length + delegations + validators
}
