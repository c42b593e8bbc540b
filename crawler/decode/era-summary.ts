import type { Party, PublicKey } from '../../src/domain/keys.ts'
import type { Motes } from '../../src/domain/motes.ts'
import type { Field } from './field.ts'
import { parseDelegatorKind } from './party.ts'

/** One payment of an era's end. 2.x lists the same pair more than once: these are to be added up. */
export interface Allocation {
  readonly validator: PublicKey
  /** null: the validator's own share. */
  readonly delegator: Party | null
  readonly amount: Motes
}

export interface EraSummary {
  readonly eraId: number
  readonly allocations: readonly Allocation[]
}

/** Answer of `chain_get_era_summary` or `chain_get_era_info_by_switch_block`. @throws {DecodeFault} */
export function parseEraSummary(answer: Field): EraSummary {
  const summary = answer.get('era_summary')
  return {
    eraId: summary.get('era_id').int(),
    allocations: summary
      .get('stored_value')
      .get('EraInfo')
      .get('seigniorage_allocations')
      .list()
      .map(parseAllocation),
  }
}

function parseAllocation(item: Field): Allocation {
  const [kind, body] = item.variant()
  const validator = body.get('validator_public_key').key()
  const amount = body.get('amount').motes()
  if (kind === 'Validator') return { validator, delegator: null, amount }
  if (kind === 'Delegator')
    return { validator, delegator: { kind: 'key', key: body.get('delegator_public_key').key() }, amount }
  if (kind === 'DelegatorKind')
    return { validator, delegator: parseDelegatorKind(body.get('delegator_kind')), amount }
  throw item.fault('Validator, Delegator or DelegatorKind')
}
