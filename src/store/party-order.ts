import type { Party, PublicKey } from '../domain/keys.ts'
import type { EraValidator, Reward } from '../domain/reward.ts'
import type { Transfer } from '../domain/transfer.ts'
import type { Change } from './change.ts'

/**
 * A party in one word: its public key, its account hash, or `uref-` and its purse. A key and the hash of that key are two
 * words of one party.
 */
export type PartyWord = string

export function toPartyWord(party: Party): PartyWord {
  if (party.kind === 'key') return party.key
  return party.kind === 'account' ? party.hash : `uref-${party.purse}`
}

/** The words of a transfer's four parties. */
export function toTransferWords(transfer: Transfer) {
  return {
    from: transfer.fromKey ?? transfer.from,
    to: transfer.toKey ?? transfer.to,
    source: `uref-${transfer.source}`,
    target: `uref-${transfer.target}`,
  }
}

/**
 * The parties of a change in the order in which they get their ids. The order goes by the chain alone, block after
 * block, so that a crawl in batches of one and a crawl in batches of a hundred give the same ids: proposer, senders,
 * transfers (from, to, source, target), stake movements (validator, new validator, delegator), and at a switch block the
 * era's validators and the rewarded.
 */
export function orderParties(change: Change): Set<PartyWord> {
  const words = new Set<PartyWord>()
  const add = (party: Party | null) => party !== null && words.add(toPartyWord(party))
  const transactions = byHeight(change.transactions)
  const transfers = byHeight(change.transfers)
  const movements = byHeight(change.stakeMovements)
  const closings = groupByClosing(change)

  for (const { height, proposer } of change.blocks) {
    words.add(proposer)
    for (const transaction of transactions(height)) add(transaction.sender)
    for (const transfer of transfers(height)) {
      const { from, to, source, target } = toTransferWords(transfer)
      words.add(from)
      if (to !== null) words.add(to)
      words.add(source).add(target)
    }
    for (const movement of movements(height)) {
      add(movement.validator)
      add(movement.newValidator)
      add(movement.delegator)
    }
    const closing = closings.get(height)
    if (closing === undefined) continue
    for (const validator of closing.validators.sort()) words.add(validator)
    for (const reward of closing.rewards) {
      words.add(reward.validator)
      add(reward.delegator)
    }
  }
  return words
}

/** Rows of one height after the other out of an ascending list. */
function byHeight<T extends { readonly height: number }>(rows: readonly T[]): (height: number) => T[] {
  let next = 0
  return (height) => {
    const first = next
    while (next < rows.length && rows[next]?.height === height) next++
    return rows.slice(first, next)
  }
}

interface Closing {
  readonly validators: PublicKey[]
  readonly rewards: Reward[]
}

/**
 * What belongs to each switch block. A validator with a weight was named by the switch block before its era, if that
 * is in this change; one without was first heard of when it was paid.
 */
function groupByClosing(change: Change): Map<number, Closing> {
  const closed = new Map<number, number>()
  for (const block of change.blocks) if (block.isSwitch) closed.set(block.eraId, block.height)
  const groups = new Map<number, Closing>()
  const at = (height: number | undefined): Closing => {
    const key = height ?? change.checkpoint.height
    const found = groups.get(key) ?? { validators: [], rewards: [] }
    groups.set(key, found)
    return found
  }
  const named = ({ eraId, weight }: EraValidator) => (weight === null ? undefined : closed.get(eraId - 1))
  for (const validator of change.eraValidators) {
    at(named(validator) ?? closed.get(validator.eraId)).validators.push(validator.validator)
  }
  for (const reward of change.rewards) at(closed.get(reward.eraId)).rewards.push(reward)
  return groups
}
