import { concatBytes } from '@noble/hashes/utils.js'
import { big, byKey, digest, flag, hex, list, option, protocolVersion, timestamp, uint } from './bytes.ts'

/**
 * Hashes of blocks, so that a block made up here is as consistent as a real one.
 * Written on its own and not shared with the crawler, whose checks it serves to test.
 */

type Weight = { validator: string; weight: string }
type HeaderCommon = {
  parent_hash: string
  state_root_hash: string
  body_hash: string
  random_bit: boolean
  accumulated_seed: string
  timestamp: string
  era_id: bigint
  height: bigint
  protocol_version: string
}
export type HeaderV1 = HeaderCommon & {
  era_end: {
    era_report: {
      equivocators: string[]
      rewards: Array<{ validator: string; amount: bigint }>
      inactive_validators: string[]
    }
    next_era_validator_weights: Weight[]
  } | null
}
export type HeaderV2 = HeaderCommon & {
  era_end: {
    equivocators: string[]
    inactive_validators: string[]
    next_era_validator_weights: Weight[]
    rewards: Record<string, string[]>
    next_era_gas_price: bigint
  } | null
  proposer: string
  current_gas_price: bigint
  last_switch_block_hash: string | null
}
export type BodyV1 = { proposer: string; deploy_hashes: string[]; transfer_hashes: string[] }
export type BodyV2 = {
  transactions: Record<string, Array<{ Deploy?: string; Version1?: string }>>
  rewarded_signatures: bigint[][]
}

const keys = (all: readonly string[]) => list(all.map(hex))
const weights = (all: readonly Weight[]) =>
  list(
    all
      .toSorted((a, b) => byKey(a.validator, b.validator))
      .map(({ validator, weight }) => concatBytes(hex(validator), big(weight))),
  )

const opening = (h: HeaderCommon) =>
  concatBytes(
    hex(h.parent_hash),
    hex(h.state_root_hash),
    hex(h.body_hash),
    flag(h.random_bit),
    hex(h.accumulated_seed),
  )
const closing = (h: HeaderCommon) =>
  concatBytes(
    timestamp(h.timestamp),
    uint(h.era_id, 8),
    uint(h.height, 8),
    protocolVersion(h.protocol_version),
  )

export const bodyHashV1 = (body: BodyV1): string =>
  digest(hex(body.proposer), keys(body.deploy_hashes), keys(body.transfer_hashes))

export function bodyHashV2(body: BodyV2): string {
  const lanes = Object.entries(body.transactions).sort(([a], [b]) => Number(a) - Number(b))
  const transactions = lanes.map(([lane, hashes]) =>
    concatBytes(
      uint(Number(lane), 1),
      list(
        hashes.map((hash) =>
          concatBytes(flag(hash.Deploy === undefined), hex(hash.Deploy ?? hash.Version1 ?? '')),
        ),
      ),
    ),
  )
  const signatures = body.rewarded_signatures.map((bits) => list(bits.map((byte) => uint(byte, 1))))
  return digest(list(transactions), list(signatures))
}

export function blockHashV1(header: HeaderV1): string {
  const end = header.era_end
  const eraEnd =
    end &&
    concatBytes(
      keys(end.era_report.equivocators),
      list(
        end.era_report.rewards
          .toSorted((a, b) => byKey(a.validator, b.validator))
          .map(({ validator, amount }) => concatBytes(hex(validator), uint(amount, 8))),
      ),
      keys(end.era_report.inactive_validators),
      weights(end.next_era_validator_weights),
    )
  return digest(opening(header), option(eraEnd), closing(header))
}

export function blockHashV2(header: HeaderV2): string {
  const end = header.era_end
  const eraEnd =
    end &&
    concatBytes(
      keys(end.equivocators),
      keys(end.inactive_validators),
      weights(end.next_era_validator_weights),
      list(
        Object.entries(end.rewards)
          .sort(([a], [b]) => byKey(a, b))
          .map(([validator, amounts]) => concatBytes(hex(validator), list(amounts.map(big)))),
      ),
      uint(end.next_era_gas_price, 1),
    )
  const last = header.last_switch_block_hash
  return digest(
    opening(header),
    option(eraEnd),
    closing(header),
    hex(header.proposer),
    uint(header.current_gas_price, 1),
    option(last === null ? null : hex(last)),
  )
}
