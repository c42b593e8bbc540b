import type { Shape } from './block-text.ts'
import type { GeneratedTail } from './chain.ts'
import type { Header } from './header.ts'
import type { Allocation } from './rewards.ts'
import type { ValidatorSet } from './validators.ts'

/** Proofs are of no state: nobody here can check one. */
export const MERKLE_PROOF = '0100000000'

/**
 * `era_summary` of a block. At one that pays nothing it is that of the last era which did, under the block's own era, as
 * nodes answer. null where no era has paid yet on a 2.x chain, of which a node says that the value is not there.
 */
export function toEraSummaryText(tail: GeneratedTail, header: Header): string | null {
  const { place, hash, stateRootHash } = header
  const paid = tail.lastPaid(place.height)
  if (paid === null && place.generation === 2) return null
  const write = paid?.place.generation === 2 ? allocation2 : allocation1
  const parts: string[] = []
  for (const allocation of paid === null ? [] : tail.allocations(paid)) parts.push(write(allocation))
  return `{"block_hash":"${hash}","era_id":${place.eraId},"stored_value":{"EraInfo":{"seigniorage_allocations":[${parts.join()}]}},"state_root_hash":"${stateRootHash}","merkle_proof":"${MERKLE_PROOF}"}`
}

const allocation1 = ({ validator, delegator, amount }: Allocation): string =>
  delegator === null
    ? `{"Validator":{"validator_public_key":"${validator}","amount":"${amount}"}}`
    : `{"Delegator":{"delegator_public_key":"${delegator}","validator_public_key":"${validator}","amount":"${amount}"}}`

const allocation2 = (allocation: Allocation): string =>
  allocation.delegator === null
    ? allocation1(allocation)
    : `{"DelegatorKind":{"delegator_kind":{"PublicKey":"${allocation.delegator}"},"validator_public_key":"${allocation.validator}","amount":"${allocation.amount}"}}`

/** Result of state_get_auction_info (`isFlat` false) and state_get_auction_info_v2 (true). */
export function toAuctionText(
  header: Header,
  sets: (id: number) => ValidatorSet,
  shape: Shape,
  isFlat: boolean,
): string {
  const { place, stateRootHash } = header
  const next = sets(place.nextSet)
  // 1.x tells of the eras to come; 2.x also of the one just ended.
  const first = place.eraId + (place.isSwitch ? 1 : 0) - (place.generation === 2 ? 1 : 0)
  const eras = Array.from({ length: place.generation === 1 ? 2 : 3 }, (_, i) => Math.max(0, first + i))
  const validators = [...new Set(eras)].map((eraId) => {
    const set = eraId > place.eraId ? next : sets(place.set)
    const weights = set.weights(eraId)
    const list = set.members.map(
      (member, i) => `{"public_key":"${member.publicKey}","weight":"${weights[i]}"}`,
    )
    return `{"era_id":${eraId},"validator_weights":[${list.join()}]}`
  })
  const eraId = place.eraId + (place.isSwitch ? 1 : 0)
  const bids = isFlat && place.generation === 2 ? toFlatBids(next, eraId) : toBids(next, eraId, shape, isFlat)
  const version = shape === 'sidecar' ? '2.0.0' : '1.5.8'
  return `{"api_version":"${version}","auction_state":{"state_root_hash":"${stateRootHash}","block_height":${place.height},"era_validators":[${validators.join()}],"bids":[${bids.join()}]}}`
}

const purse = (key: string): string => `uref-${key.slice(-64)}-007`

/** Bids with their delegators inside: a 1.x node's, a sidecar's, or the `Unified` ones of 1.x heights in the flat list. */
function toBids(set: ValidatorSet, eraId: number, shape: Shape, isFlat: boolean): string[] {
  return set.members.map(({ publicKey, own, commission, delegators }) => {
    const inner = delegators.map((delegator) => {
      const stake = `"staked_amount":"${delegator.stake}","bonding_purse":"${purse(delegator.publicKey)}"`
      return shape === 'node-1x'
        ? `{"public_key":"${delegator.publicKey}",${stake},"delegatee":"${publicKey}"}`
        : `{"delegator_public_key":"${delegator.publicKey}","delegator":{"delegator_public_key":"${delegator.publicKey}",${stake},"validator_public_key":"${publicKey}","vesting_schedule":null}}`
    })
    const stake = `"bonding_purse":"${purse(publicKey)}","staked_amount":"${own(eraId)}","delegation_rate":${commission}`
    const rest = `"delegators":[${inner.join()}],"inactive":false`
    const bid =
      shape === 'node-1x'
        ? `{${stake},${rest}}`
        : `{"validator_public_key":"${publicKey}",${stake},"vesting_schedule":null,${rest}}`
    return `{"public_key":"${publicKey}","bid":${isFlat ? `{"Unified":${bid}}` : bid}}`
  })
}

/** The flat list of 2.x: each delegation is a bid of its own. */
function toFlatBids(set: ValidatorSet, eraId: number): string[] {
  return set.members.flatMap(({ publicKey, own, commission, delegators }) => {
    const bid = `{"public_key":"${publicKey}","bid":{"Validator":{"validator_public_key":"${publicKey}","bonding_purse":"${purse(publicKey)}","staked_amount":"${own(eraId)}","delegation_rate":${commission},"vesting_schedule":null,"inactive":false,"minimum_delegation_amount":500000000000,"maximum_delegation_amount":1000000000000000000,"reserved_slots":0}}}`
    return [
      bid,
      ...delegators.map(
        (delegator) =>
          `{"public_key":"${publicKey}","bid":{"Delegator":{"delegator_kind":{"PublicKey":"${delegator.publicKey}"},"staked_amount":"${delegator.stake}","bonding_purse":"${purse(delegator.publicKey)}","validator_public_key":"${publicKey}","vesting_schedule":null}}}`,
      ),
    ]
  })
}
