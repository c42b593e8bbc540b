import type { Hash } from '../../src/domain/hash.ts'
import { type AccountHash, type Purse, toAccountHash } from '../../src/domain/keys.ts'
import type { Motes } from '../../src/domain/motes.ts'
import { type Effects, parseEffectsV1, parseEffectsV2 } from './effects.ts'
import type { Field } from './field.ts'

/** A transfer as an execution result tells it. */
export interface ResultTransfer {
  readonly from: AccountHash
  readonly to: AccountHash | null
  readonly source: Purse
  readonly target: Purse
  readonly amount: Motes
  readonly id: bigint | null
}

/** How a deploy or transaction ended, in one form for both generations. */
export interface Execution {
  readonly blockHash: Hash
  readonly success: boolean
  readonly error: string | null
  readonly limit: Motes | null
  readonly consumed: Motes | null
  readonly cost: Motes
  readonly refund: Motes | null
  /** In the result's order; empty for a failure, whose listed transfers did not happen. */
  readonly transfers: readonly ResultTransfer[]
  readonly effects: Effects
}

/**
 * The execution in an answer of `info_get_deploy` or `info_get_transaction`: `execution_results` of a 1.x node, or
 * `execution_info` of the sidecar. null when it was not executed in the given block (just sent, or dropped at an
 * upgrade).
 * @throws {DecodeFault}
 */
export function parseExecution(answer: Field, blockHash: Hash): Execution | null {
  if (answer.has('execution_results')) {
    const own = answer
      .get('execution_results')
      .list()
      .find((item) => item.get('block_hash').hash() === blockHash)
    return own ? parseV1(own.get('result'), blockHash) : null
  }
  const info = answer.find('execution_info')
  const result = info?.find('execution_result')
  if (!info || !result || info.get('block_hash').hash() !== blockHash) return null
  const [version, body] = result.variant()
  if (version === 'Version1') return parseV1(body, blockHash)
  if (version === 'Version2') return parseV2(body, blockHash)
  throw result.fault('Version1 or Version2')
}

function parseV1(result: Field, blockHash: Hash): Execution {
  const [outcome, body] = result.variant()
  if (outcome !== 'Success' && outcome !== 'Failure') throw result.fault('Success or Failure')
  const success = outcome === 'Success'
  const { effects, writtenTransfers } = parseEffectsV1(body.get('effect').get('transforms'))
  return {
    blockHash,
    success,
    error: success ? null : body.get('error_message').text(),
    limit: null,
    consumed: null,
    cost: body.get('cost').motes(),
    refund: null,
    transfers: success
      ? body
          .get('transfers')
          .list()
          .map((address) => {
            const written = writtenTransfers.get(address.text().toLowerCase())
            if (written === undefined) throw address.fault('a transfer that the effects write')
            return parseTransfer(written)
          })
      : [],
    effects,
  }
}

function parseV2(result: Field, blockHash: Hash): Execution {
  const error = result.orNull('error_message')?.text() ?? null
  return {
    blockHash,
    success: error === null,
    error,
    limit: result.get('limit').motes(),
    consumed: result.get('consumed').motes(),
    cost: result.get('cost').motes(),
    // Release candidates of 2.0 showed neither a price nor refunds.
    refund: (result.has('current_price') ? result.orNull('refund') : result.find('refund'))?.motes() ?? null,
    transfers:
      error === null
        ? result
            .get('transfers')
            .list()
            .map((transfer) => parseTransfer(transfer.variant()[1]))
        : [],
    effects: parseEffectsV2(result.get('effects')),
  }
}

function parseTransfer(transfer: Field): ResultTransfer {
  return {
    from: parseInitiator(transfer.get('from')),
    to: transfer.orNull('to')?.accountHash() ?? null,
    source: transfer.get('source').purse(),
    target: transfer.get('target').purse(),
    amount: transfer.get('amount').motes(),
    id: transfer.orNull('id')?.u64() ?? null,
  }
}

/** `"account-hash-…"` in Version1; `{"PublicKey": …}` or `{"AccountHash": …}` in Version2. */
function parseInitiator(from: Field): AccountHash {
  if (typeof from.value === 'string') return from.accountHash()
  const [form, value] = from.variant()
  if (form === 'PublicKey') return toAccountHash(value.key())
  if (form === 'AccountHash') return value.accountHash()
  throw from.fault('PublicKey or AccountHash')
}
