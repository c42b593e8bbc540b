import type { Bid, Delegation } from '../../src/domain/auction.ts'
import type { PublicKey } from '../../src/domain/keys.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { Field } from './field.ts'
import { parseDelegatorKind } from './party.ts'

/** A bid before its delegators are added up. */
export type PlainBid = Omit<Bid, 'delegatorsStake' | 'delegatorsCount' | 'reservations'>

/** `Validator` of 2.x. */
export function parseValidator(body: Field): PlainBid {
  return {
    ...parseBid(body.get('validator_public_key').key(), body),
    vestingFrom: parseVesting(body.orNull('vesting_schedule')),
    // Bare numbers up to 2^64 - 1.
    minDelegation: body.get('minimum_delegation_amount').u64(),
    maxDelegation: body.get('maximum_delegation_amount').u64(),
    reservedSlots: body.get('reserved_slots').int(U32_MAX),
  }
}

const U32_MAX = 2 ** 32 - 1

/** `Delegator` of 2.x. */
export function parseDelegator(body: Field): Delegation {
  return {
    validator: body.get('validator_public_key').key(),
    delegator: parseDelegatorKind(body.get('delegator_kind')),
    stake: body.get('staked_amount').motes(),
  }
}

/**
 * A bid with its delegators inside: of 1.x, of the retrofit, and `Unified`, as 2.x shows a state of 1.x.
 * @throws {DecodeFault} also for a delegator of another validator
 */
export function parseUnified(
  validator: PublicKey,
  body: Field,
): { bid: PlainBid; delegations: readonly Delegation[] } {
  const own = body.find('validator_public_key')
  if (own !== null && own.key() !== validator) throw own.fault(`the bid's own key, ${validator}`)
  return {
    bid: {
      ...parseBid(validator, body),
      // 1.x nodes do not show it.
      vestingFrom: parseVesting(body.find('vesting_schedule')),
      minDelegation: null,
      maxDelegation: null,
      reservedSlots: null,
    },
    delegations: body
      .get('delegators')
      .list()
      .map((item) => parseInner(item, validator)),
  }
}

/** `{public_key, delegatee, …}` of a 1.x node, `{delegator_public_key, delegator: {validator_public_key, …}}` of a sidecar. */
function parseInner(item: Field, validator: PublicKey): Delegation {
  const isNode = item.has('delegatee')
  const body = isNode ? item : item.get('delegator')
  const of = body.get(isNode ? 'delegatee' : 'validator_public_key')
  if (of.key() !== validator) throw of.fault(`the bid's own key, ${validator}`)
  return {
    validator,
    delegator: { kind: 'key', key: item.get(isNode ? 'public_key' : 'delegator_public_key').key() },
    stake: body.get('staked_amount').motes(),
  }
}

function parseBid(validator: PublicKey, body: Field) {
  return {
    validator,
    selfStake: body.get('staked_amount').motes(),
    delegationRate: body.get('delegation_rate').int(100),
    active: !body.get('inactive').bool(),
  }
}

/** null where nothing is locked. */
function parseVesting(schedule: Field | null): Ms | null {
  return schedule?.get('initial_release_timestamp_millis').int() ?? null
}
