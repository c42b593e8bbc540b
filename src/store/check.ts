import type { Unbonding } from '../domain/auction.ts'
import type { Change } from './change.ts'
import { toPartyWord } from './party-order.ts'

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
  checkUnbondings(change.unbondings ?? [], first.height, last.height)
  checkAuctions(change)
}

/** By transaction as the other lists, and the entries of one transaction counted from 0 without a gap. */
function checkUnbondings(rows: readonly Unbonding[], first: number, last: number): void {
  const starts = rows.filter(({ entry }) => entry === 0)
  checkOrder('unbondings', starts, first, last)
  for (const [index, { height, ordinal, entry }] of rows.entries()) {
    const before = rows[index - 1]
    const follows = before?.height === height && before.ordinal === ordinal && before.entry === entry - 1
    if (entry !== 0 && !follows)
      throw new RangeError(`The unbondings of a change have a gap at block ${height}, ${ordinal}, ${entry}.`)
  }
}

/** The auction stands as it does after a switch block of the change, with one bid a validator and one row a pair. */
function checkAuctions({ auctions = [], blocks }: Change): void {
  const closed = new Map(
    blocks.filter(({ isSwitch }) => isSwitch).map(({ height, eraId }) => [height, eraId]),
  )
  for (const { height, eraId, bids, delegations } of auctions) {
    if (closed.get(height) !== eraId)
      throw new RangeError(
        `A change has an auction after block ${height}, which does not close era ${eraId} in it.`,
      )
    const validators = new Set(bids.map(({ validator }) => validator))
    const pairs = new Set(
      delegations.map(({ validator, delegator }) => `${validator} ${toPartyWord(delegator)}`),
    )
    if (validators.size !== bids.length || pairs.size !== delegations.length)
      throw new RangeError(`The auction after block ${height} names a validator or a pair twice.`)
  }
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
