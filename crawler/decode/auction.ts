import type { AuctionState, Bid, Delegation } from '../../src/domain/auction.ts'
import type { Hash } from '../../src/domain/hash.ts'
import type { Party, PublicKey } from '../../src/domain/keys.ts'
import { sumMotes } from '../../src/domain/motes.ts'
import { type PlainBid, parseDelegator, parseUnified, parseValidator } from './auction-bid.ts'
import { parseUnbond } from './effects.ts'
import type { Field } from './field.ts'
import { parseDelegatorKind } from './party.ts'

/** The block whose state was asked for. */
export interface AskedBlock {
  readonly height: number
  readonly eraId: number
  readonly stateRootHash: Hash
  readonly generation: 1 | 2
}

/**
 * Answer of `state_get_auction_info_v2` (a flat list of bid kinds) or `state_get_auction_info` (a bid with its delegators
 * inside). For a 2.x block the latter is a lossy retrofit that leaves purse delegators out: what is summed over delegators is
 * null then, and no delegation is listed.
 * @throws {DecodeFault} for an unknown kind, a validator or a pair that comes twice, and for the state of another block
 */
export function parseAuction(answer: Field, block: AskedBlock): AuctionState {
  const state = answer.get('auction_state')
  if (state.get('block_height').int() !== block.height)
    throw state.get('block_height').fault(`the height asked for, ${block.height}`)
  if (state.get('state_root_hash').hash() !== block.stateRootHash)
    throw state.get('state_root_hash').fault(`the block's state root, ${block.stateRootHash}`)

  const found = new Found()
  let isFlat = block.generation === 1
  for (const item of state.get('bids').list()) {
    const bid = item.get('bid')
    if (bid.has('staked_amount')) found.addUnified(item, item.get('public_key').key(), bid)
    else {
      isFlat = true
      found.addKind(item, bid)
    }
  }
  return { height: block.height, eraId: block.eraId, ...found.toLists(isFlat) }
}

/** Collects a list's items by whom they are of, refusing a second one of the same. */
class Found {
  private readonly bids = new Map<PublicKey, PlainBid>()
  private readonly delegations = new Map<string, Delegation>()
  private readonly reservations = new Map<PublicKey, Set<string>>()

  addUnified(item: Field, validator: PublicKey, body: Field): void {
    const { bid, delegations } = parseUnified(validator, body)
    this.addBid(item, bid)
    for (const delegation of delegations) this.addDelegation(item, delegation)
  }

  addKind(item: Field, kind: Field): void {
    const [name, body] = kind.variant()
    switch (name) {
      case 'Unified':
        return this.addUnified(item, body.get('validator_public_key').key(), body)
      case 'Validator':
        return this.addBid(item, parseValidator(body))
      case 'Delegator':
        return this.addDelegation(item, parseDelegator(body))
      case 'Reservation':
        return this.addReservation(item, body)
      // Read and let go: what is on its way out is known from the blocks, and a bridge (which may come twice, under the old
      // address and a new one) and a credit hold no stake.
      case 'Unbond':
        parseUnbond(body)
        return
      case 'Bridge':
        body.get('old_validator_public_key').key()
        body.get('new_validator_public_key').key()
        return
      case 'Credit':
        body.get('validator_public_key').key()
        return
    }
    throw kind.fault('Unified, Validator, Delegator, Reservation, Unbond, Bridge or Credit')
  }

  private addBid(item: Field, bid: PlainBid): void {
    if (this.bids.has(bid.validator)) throw item.fault(`one bid of ${bid.validator}`)
    this.bids.set(bid.validator, bid)
  }

  private addDelegation(item: Field, delegation: Delegation): void {
    const pair = `${delegation.validator} ${toWord(delegation.delegator)}`
    if (this.delegations.has(pair)) throw item.fault(`one delegation of ${pair}`)
    this.delegations.set(pair, delegation)
  }

  private addReservation(item: Field, body: Field): void {
    const validator = body.get('validator_public_key').key()
    body.get('delegation_rate').int(100)
    const delegator = toWord(parseDelegatorKind(body.get('delegator_kind')))
    const reserved = this.reservations.get(validator) ?? new Set()
    if (reserved.has(delegator)) throw item.fault(`one reservation of ${delegator}`)
    this.reservations.set(validator, reserved.add(delegator))
  }

  /** In an order of their own: nodes differ in theirs. */
  toLists(isWhole: boolean): { bids: Bid[]; delegations: Delegation[] } {
    const delegations = [...this.delegations].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
    const byValidator = Map.groupBy(delegations, ({ validator }) => validator)
    const bids = [...this.bids.values()].map((bid): Bid => {
      const own = byValidator.get(bid.validator) ?? []
      return {
        ...bid,
        delegatorsStake: isWhole ? sumMotes(own.map(({ stake }) => stake)) : null,
        delegatorsCount: isWhole ? own.length : null,
        reservations: bid.reservedSlots === null ? null : (this.reservations.get(bid.validator)?.size ?? 0),
      }
    })
    return {
      bids: bids.sort((a, b) => (a.validator < b.validator ? -1 : 1)),
      delegations: isWhole ? delegations : [],
    }
  }
}

function toWord(party: Party): string {
  return party.kind === 'key' ? party.key : party.kind === 'purse' ? `uref-${party.purse}` : party.hash
}
