import type { Unbonding } from '../../src/domain/auction.ts'
import type { Party, PublicKey } from '../../src/domain/keys.ts'
import type { ChainBlock } from '../decode/block.ts'
import type { QueueEntry } from '../decode/effects.ts'
import type { ChainTransaction } from '../decode/transaction.ts'

/**
 * How many entries of one era the blocks so far made, for each validator and unbonder. An execution's effects show whole
 * queues: what is beyond these is new.
 */
export interface Queued {
  readonly eraId: number
  readonly counts: ReadonlyMap<string, number>
}

export const NOTHING_QUEUED: Queued = { eraId: -1, counts: new Map() }

export function toPair(validator: PublicKey, unbonder: Party): string {
  const word =
    unbonder.kind === 'key'
      ? unbonder.key
      : unbonder.kind === 'purse'
        ? `uref-${unbonder.purse}`
        : unbonder.hash
  return `${validator} ${word}`
}

/**
 * The entries that a block's transactions put into unbonding queues, in the order of the chain. Entries are appended, and
 * those of an era lie together at a queue's end, so that of each pair the first ones are those made before.
 *
 * Not here: what the end of an era does without a transaction (the step's effects are in no block).
 * @param delay eras from creation to payment; null where it is not known
 */
export function toUnbondings(
  block: Pick<ChainBlock, 'height' | 'eraId'>,
  executed: readonly ChainTransaction[],
  queued: Queued,
  delay: number | null,
): { unbondings: Unbonding[]; queued: Queued } {
  const { height, eraId } = block
  const before = queued.eraId === eraId ? queued : { eraId, counts: new Map<string, number>() }
  const touched = executed.some(({ execution }) => execution.success && execution.effects.queues.length > 0)
  if (!touched) return { unbondings: [], queued: before }

  const counts = new Map(before.counts)
  const unbondings: Unbonding[] = []
  const releaseEra = delay === null ? null : eraId + delay
  for (const [ordinal, { execution }] of executed.entries()) {
    if (!execution.success) continue
    const made = execution.effects.queues.flatMap((queue) => takeNew(queue, eraId, counts))
    for (const [entry, { validator, unbonder, newValidator, amount }] of made.entries()) {
      const place = { height, ordinal, entry, eraId }
      unbondings.push({ ...place, validator, delegator: unbonder, newValidator, amount, releaseEra })
    }
  }
  return { unbondings, queued: { eraId, counts } }
}

/** Entries of the era beyond those counted so far, which they are counted into. */
function takeNew(queue: readonly QueueEntry[], eraId: number, counts: Map<string, number>): QueueEntry[] {
  const met = new Map<string, number>()
  const made: QueueEntry[] = []
  for (const entry of queue) {
    if (entry.eraOfCreation !== eraId) continue
    const pair = toPair(entry.validator, entry.unbonder)
    const nth = (met.get(pair) ?? 0) + 1
    met.set(pair, nth)
    if (nth > (counts.get(pair) ?? 0)) made.push(entry)
  }
  for (const [pair, count] of met) counts.set(pair, Math.max(count, counts.get(pair) ?? 0))
  return made
}
