import { toAccountHash } from '../../src/domain/keys.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import type { Change } from '../../src/store/change.ts'
import { NETWORK } from '../support/builders.ts'
import type { Height } from './store-chain.ts'

/** The change that consecutive heights make together, as the crawler's batches do. */
export function toChange(heights: readonly Height[], network = NETWORK): Change {
  const last = heights.at(-1)?.block
  if (last === undefined) throw new RangeError('no heights')
  return {
    network,
    blocks: heights.map(({ block }) => block),
    eras: [...new Map(heights.map(({ era }) => [era.id, era])).values()],
    transactions: heights.flatMap(({ transactions }) => transactions),
    transfers: heights.flatMap(({ transfers }) => transfers),
    stakeMovements: heights.flatMap(({ stakeMovements }) => stakeMovements),
    eraValidators: heights.flatMap(({ eraValidators }) => eraValidators),
    rewards: heights.flatMap(({ rewards }) => rewards),
    checkpoint: { height: last.height, hash: last.hash, eraId: last.eraId, time: last.time },
  }
}

/** The changes of a chain in batches of the given sizes, the last repeated. */
export function toChanges(chain: readonly Height[], ...sizes: number[]): Change[] {
  const changes: Change[] = []
  for (let first = 0, batch = 0; first < chain.length; batch++) {
    const size = sizes[Math.min(batch, sizes.length - 1)] ?? chain.length
    changes.push(toChange(chain.slice(first, first + size)))
    first += size
  }
  return changes
}

/** Transfers as they read: keys are those that the whole chain has shown, wherever it did. */
export function toStoredTransfers(chain: readonly Height[]): Transfer[] {
  const keys = new Map<string, string>()
  const learn = (shown: string | null) => shown !== null && keys.set(toAccountHash(shown), shown)
  for (const height of chain) {
    learn(height.block.proposer)
    for (const { sender } of height.transactions) if (sender.kind === 'key') learn(sender.key)
    for (const { fromKey, toKey } of height.transfers) for (const shown of [fromKey, toKey]) learn(shown)
    for (const { validator, delegator } of height.stakeMovements) {
      for (const party of [validator, delegator]) if (party?.kind === 'key') learn(party.key)
    }
    for (const { validator } of height.eraValidators) learn(validator)
    for (const { delegator } of height.rewards) if (delegator.kind === 'key') learn(delegator.key)
  }
  return chain
    .flatMap(({ transfers }) => transfers)
    .map((transfer) => ({
      ...transfer,
      fromKey: keys.get(transfer.from) ?? null,
      toKey: transfer.to === null ? null : (keys.get(transfer.to) ?? null),
    }))
}
