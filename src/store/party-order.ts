import type { AuctionState } from '../domain/auction.ts'
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

/** Blocks of a change with a row that names a party: the first and the last. */
export interface Seen {
  readonly first: number
  readonly last: number
}

/**
 * The parties of a change in the order in which they get their ids, with where they were seen. Both go by the chain alone,
 * block after block, so that a crawl in batches of one and a crawl in batches of a hundred give the same: proposer, senders,
 * transfers (from, to, source, target), stake movements (validator, new validator, delegator), what was unbonded, and at a
 * switch block the era's validators, those of the next, the rewarded, and who has a bid. null for validators that the change
 * only counts on for: they have their ids, and a count is no sighting.
 */
export function orderParties(change: Change): Map<PartyWord, Seen | null> {
  const seen = new Map<PartyWord, Seen | null>()
  let height = 0
  const addWord = (word: PartyWord) => {
    seen.set(word, { first: seen.get(word)?.first ?? height, last: height })
  }
  const add = (party: Party | null) => party !== null && addWord(toPartyWord(party))
  const transactions = byHeight(change.transactions)
  const transfers = byHeight(change.transfers)
  const movements = byHeight(change.stakeMovements)
  const unbondings = byHeight(change.unbondings ?? [])
  const closings = groupByClosing(change)

  for (const block of change.blocks) {
    height = block.height
    addWord(block.proposer)
    for (const transaction of transactions(height)) add(transaction.sender)
    for (const transfer of transfers(height)) {
      const { from, to, source, target } = toTransferWords(transfer)
      addWord(from)
      if (to !== null) addWord(to)
      addWord(source)
      addWord(target)
    }
    for (const movement of movements(height)) {
      add(movement.validator)
      add(movement.newValidator)
      add(movement.delegator)
    }
    for (const { validator, delegator, newValidator } of unbondings(height)) {
      addWord(validator)
      add(delegator)
      if (newValidator !== null) addWord(newValidator)
    }
    const closing = closings.get(height)
    if (closing === undefined) continue
    for (const validator of closing.validators.sort()) addWord(validator)
    for (const reward of closing.rewards) {
      addWord(reward.validator)
      add(reward.delegator)
    }
    for (const { bids, delegations } of closing.auctions) {
      for (const { validator } of bids) addWord(validator)
      for (const { validator, delegator } of delegations) {
        addWord(validator)
        add(delegator)
      }
    }
  }
  for (const { validator } of change.eraValidators) if (!seen.has(validator)) seen.set(validator, null)
  return seen
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
  readonly auctions: AuctionState[]
}

/**
 * What belongs to each switch block: the validators of the era that it closes and of the one that it names, its rewards and
 * the auction after it. Where the store begins in the middle of things, the first era's set belongs to the first block.
 */
function groupByClosing(change: Change): Map<number, Closing> {
  const { blocks, network } = change
  const closed = new Map<number, number>()
  for (const block of blocks) if (block.isSwitch) closed.set(block.eraId, block.height)
  const begun = blocks[0]?.height === network.firstHeight ? blocks[0] : undefined
  const groups = new Map<number, Closing>()
  const at = (height: number): Closing => {
    const found = groups.get(height) ?? { validators: [], rewards: [], auctions: [] }
    groups.set(height, found)
    return found
  }
  for (const { eraId, validator, weight } of toLast(change.eraValidators)) {
    const isNamed = weight !== null
    const named = begun?.eraId === eraId ? begun.height : closed.get(eraId - 1)
    if (isNamed && named !== undefined) at(named).validators.push(validator)
    const end = closed.get(eraId)
    if (end !== undefined) at(end).validators.push(validator)
  }
  for (const reward of change.rewards)
    at(closed.get(reward.eraId) ?? change.checkpoint.height).rewards.push(reward)
  for (const auction of change.auctions ?? []) at(auction.height).auctions.push(auction)
  return groups
}

/** The last row of each validator and era: a batch of a hundred blocks counts the same validators a hundred times. */
export function toLast(rows: readonly EraValidator[]): Iterable<EraValidator> {
  return new Map(rows.map((row) => [`${row.eraId} ${row.validator}`, row])).values()
}
