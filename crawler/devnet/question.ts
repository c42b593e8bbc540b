import { canonicalJson } from './json-text.ts'

/** Which state of the chain a question is about. */
export type Address =
  | { kind: 'latest' }
  | { kind: 'height'; height: number }
  | { kind: 'hash'; hash: string }
  | { kind: 'root'; root: string }

/** A call, taken apart into what is asked (`rest`) and about which state of the chain (`address`). */
export type Question = {
  method: string
  params: Readonly<Record<string, unknown>>
  /** Canonical text of the parameters without the address. */
  rest: string
  /** Null for methods that are not about a block. */
  address: Address | null
}

/** The parameters could not be read; `data` is what serde says, as the nodes pass it on. */
export type Invalid = { invalid: string }

const blockOnly = ['block_identifier']

/** Parameter names in the order in which a positional array gives them. */
const fields: Readonly<Record<string, readonly string[]>> = {
  chain_get_block: blockOnly,
  chain_get_block_transfers: blockOnly,
  chain_get_state_root_hash: blockOnly,
  chain_get_era_summary: blockOnly,
  chain_get_era_info_by_switch_block: blockOnly,
  state_get_auction_info: blockOnly,
  state_get_auction_info_v2: blockOnly,
  info_get_deploy: ['deploy_hash', 'finalized_approvals'],
  info_get_transaction: ['transaction_hash', 'finalized_approvals'],
  query_global_state: ['state_identifier', 'key', 'path'],
  query_balance: ['state_identifier', 'purse_identifier'],
  query_balance_details: ['state_identifier', 'purse_identifier'],
  state_get_balance: ['state_root_hash', 'purse_uref'],
  state_get_item: ['state_root_hash', 'key', 'path'],
  info_get_status: [],
  info_get_peers: [],
  info_get_chainspec: [],
  info_get_validator_changes: [],
}
const withoutParams = "'params' field should be an empty Array '[]', an empty Object '{}' or absent"
/** Methods that take a state even where they are asked without one. */
const addressed = /^(chain_get_|query_|state_get_(auction_info|account_info|entity|dictionary_item))/

const invalid = (why: string): Invalid => ({ invalid: `Failed to parse 'params' field: ${why}` })

function typeName(value: unknown): string {
  if (value === null) return 'null'
  if (typeof value === 'number')
    return Number.isInteger(value) ? `integer \`${value}\`` : `floating point \`${value}\``
  if (typeof value === 'boolean') return `boolean \`${value}\``
  if (typeof value === 'string') return `string ${JSON.stringify(value)}`
  return Array.isArray(value) ? 'sequence' : 'map'
}

function parseDigest(value: unknown): string | Invalid {
  if (typeof value !== 'string') return invalid(`invalid type: ${typeName(value)}, expected a string`)
  const wrong = /[^0-9a-fA-F]/.exec(value)
  if (value.length % 2 === 1) {
    return invalid(`Base16 data cannot have length ${value.length} (must be even)`)
  }
  if (wrong) return invalid(`Invalid byte \`b'${wrong[0]}'\`, at index ${wrong.index}.`)
  if (value.length !== 64) return invalid('could not convert slice to array')
  return value.toLowerCase()
}

function parseHeight(value: unknown): number | Invalid {
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return invalid(`invalid type: ${typeName(value)}, expected u64`)
  }
  return value < 0 ? invalid(`invalid value: ${typeName(value)}, expected u64`) : value
}

function parseAddress(value: unknown, prefix: '' | 'Block'): Address | Invalid {
  const known = prefix === '' ? ['Hash', 'Height'] : ['BlockHash', 'BlockHeight', 'StateRootHash']
  const expected =
    known.length === 2
      ? `\`${known[0]}\` or \`${known[1]}\``
      : `one of ${known.map((k) => `\`${k}\``).join(', ')}`
  const variant = typeof value === 'string' ? value : Object.keys((value as object | null) ?? {})[0]
  if (value === null || Array.isArray(value) || (typeof value !== 'object' && typeof value !== 'string')) {
    return invalid(`invalid type: ${typeName(value)}, expected string or map`)
  }
  if (variant === undefined || !known.includes(variant) || typeof value === 'string') {
    return invalid(`unknown variant \`${variant ?? ''}\`, expected ${expected}`)
  }
  const inner = (value as Record<string, unknown>)[variant]
  if (variant.endsWith('Height')) {
    const height = parseHeight(inner)
    return typeof height === 'number' ? { kind: 'height', height } : height
  }
  const digest = parseDigest(inner)
  if (typeof digest !== 'string') return digest
  return variant === 'StateRootHash' ? { kind: 'root', root: digest } : { kind: 'hash', hash: digest }
}

function toNamed(method: string, params: unknown): Record<string, unknown> | Invalid {
  if (!Array.isArray(params)) return (params as Record<string, unknown> | null | undefined) ?? {}
  const names = fields[method]
  if (names === undefined && params.length > 0) return invalid('positional parameters are not recorded')
  return Object.fromEntries(params.map((value, i) => [names?.[i] ?? `param_${i}`, value]))
}

/** Takes a call apart; recorded calls and requests go the same way, so that they meet under one key. */
export function toQuestion(method: string, params: unknown): Question | Invalid {
  const named = toNamed(method, params)
  if (typeof named.invalid === 'string') return named as Invalid
  const given = named as Record<string, unknown>
  const names = fields[method]
  if (names?.length === 0 && Object.keys(given).length > 0) return { invalid: withoutParams }
  let address: Address | null = addressed.test(method) ? { kind: 'latest' } : null
  const rest: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(given)) {
    if (name === 'block_identifier' || name === 'state_identifier') {
      // Where the identifier is the only parameter both nodes refuse null; elsewhere it means the latest.
      if (value === null && names !== blockOnly) continue
      const parsed = parseAddress(value, name === 'block_identifier' ? '' : 'Block')
      if ('invalid' in parsed) return parsed
      address = parsed
    } else if (names && !names.includes(name) && !name.startsWith('param_')) {
      const expected = names.map((known) => `\`${known}\``).join(', ')
      return invalid(`unknown field \`${name}\`, expected ${names.length > 1 ? 'one of ' : ''}${expected}`)
    } else if (!(name === 'path' && Array.isArray(value) && value.length === 0)) {
      rest[name] = value
    }
  }
  return { method, params: given, rest: canonicalJson(rest), address }
}
