import type { Change } from './change.ts'

interface Placed {
  readonly height: number
  readonly ordinal: number
}

/**
 * Whether a change is whole: consecutive blocks, each the parent of the next, ending at the checkpoint, and lists in the
 * order of the chain without two rows for one place. A list out of order would give other ids to parties, and a
 * second row for a place would silently replace the first.
 * @throws {RangeError} a fault of whoever made the change
 */
export function checkChange(change: Change): void {
  const { blocks, checkpoint } = change
  const first = blocks[0]
  const last = blocks.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('A change must hold a block.')
  for (let index = 1; index < blocks.length; index++) {
    const before = blocks[index - 1]
    const block = blocks[index]
    if (block?.height !== (before?.height ?? 0) + 1 || block.parentHash !== before?.hash) {
      throw new RangeError(`Block ${block?.height} of a change does not follow block ${before?.height}.`)
    }
  }
  if (checkpoint.height !== last.height || checkpoint.hash !== last.hash) {
    throw new RangeError(`A change that ends at block ${last.height} has its checkpoint elsewhere.`)
  }
  checkOrder('transactions', change.transactions, first.height, last.height)
  checkOrder('transfers', change.transfers, first.height, last.height)
  checkOrder('stake movements', change.stakeMovements, first.height, last.height)
}

function checkOrder(what: string, rows: readonly Placed[], first: number, last: number): void {
  let height = first
  let ordinal = -1
  for (const row of rows) {
    if (row.height > height) ordinal = -1
    if (row.height < height || row.ordinal <= ordinal || row.height > last) {
      throw new RangeError(`The ${what} of a change are out of order at block ${row.height}, ${row.ordinal}.`)
    }
    height = row.height
    ordinal = row.ordinal
  }
}
