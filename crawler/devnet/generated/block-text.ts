import type { Proof } from './finality.ts'
import { type EraEnd, GAS_PRICE, type Header } from './header.ts'

/** The JSON of a block's answers: put together from text, since thousands a second are asked for. */

/** `sidecar` as a 2.x node's sidecar answers, `node-1x` as a 1.x node does. */
export type Shape = 'sidecar' | 'node-1x'

/** Result of chain_get_block. */
export function toBlockText(header: Header, proofs: readonly Proof[], shape: Shape): string {
  const block = `"hash":"${header.hash}","header":${toHeaderText(header)},"body":${toBodyText(header)}`
  const signed = toProofsText(proofs)
  if (shape === 'node-1x') return `{"api_version":"1.5.8","block":{${block},"proofs":${signed}}}`
  const version = `Version${header.place.generation}`
  return `{"api_version":"2.0.0","block_with_signatures":{"block":{"${version}":{${block}}},"proofs":${signed}}}`
}

export function toHeaderText(header: Header): string {
  const { place, eraEnd } = header
  const end =
    eraEnd === null ? 'null' : place.generation === 1 ? eraEnd1(header, eraEnd) : eraEnd2(header, eraEnd)
  const start = `{"parent_hash":"${header.parentHash}","state_root_hash":"${header.stateRootHash}","body_hash":"${header.bodyHash}","random_bit":${header.randomBit},"accumulated_seed":"${header.accumulatedSeed}","era_end":${end},"timestamp":"${toTimeText(place.time)}","era_id":${place.eraId},"height":${place.height},"protocol_version":"${place.protocolVersion}"`
  if (place.generation === 1) return `${start}}`
  const last = header.lastSwitchHash === null ? 'null' : `"${header.lastSwitchHash}"`
  return `${start},"proposer":"${header.proposer}","current_gas_price":${GAS_PRICE},"last_switch_block_hash":${last}}`
}

function toBodyText({ place, proposer, transactions, bitmap }: Header): string {
  if (place.generation === 1) {
    const hashes = transactions.length === 0 ? '' : `"${transactions.join('","')}"`
    return `{"proposer":"${proposer}","deploy_hashes":[],"transfer_hashes":[${hashes}]}`
  }
  const lanes =
    transactions.length === 0 ? '' : `"0":[{"Version1":"${transactions.join('"},{"Version1":"')}"}]`
  return `{"transactions":{${lanes}},"rewarded_signatures":[${bitmap === null ? '' : `[${bitmap.join()}]`}]}`
}

const toProofsText = (proofs: readonly Proof[]): string =>
  proofs.length === 0
    ? '[]'
    : `[${proofs.map((proof) => `{"public_key":"${proof.public_key}","signature":"${proof.signature}"}`).join()}]`

function eraEnd1({ set }: Header, { rewards, ...eraEnd }: EraEnd): string {
  const scores = (rewards?.scores ?? []).map(
    (score, i) => `{"validator":"${set.members[i]?.publicKey}","amount":${score}}`,
  )
  return `{"era_report":{"equivocators":[],"rewards":[${scores.join()}],"inactive_validators":[]},"next_era_validator_weights":[${weights(eraEnd)}]}`
}

function eraEnd2({ set }: Header, { rewards, ...eraEnd }: EraEnd): string {
  const all = (rewards?.amounts ?? []).map(
    (amounts, i) => `"${set.members[i]?.publicKey}":["${amounts.join('","')}"]`,
  )
  return `{"equivocators":[],"inactive_validators":[],"next_era_validator_weights":[${weights(eraEnd)}],"rewards":{${all.join()}},"next_era_gas_price":${GAS_PRICE}}`
}

const weights = ({ nextSet, nextWeights }: Omit<EraEnd, 'rewards'>): string =>
  nextWeights
    .map((weight, i) => `{"validator":"${nextSet.members[i]?.publicKey}","weight":"${weight}"}`)
    .join()

/** Milliseconds are always written. */
export const toTimeText = (ms: number): string => new Date(ms).toISOString()
