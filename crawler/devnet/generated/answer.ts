import {
  invalidParams,
  methodNotFound,
  nodeError,
  noSuchBlock,
  noSuchDeploy,
  noSuchQueryBlock,
  noSuchStateRoot,
  noSuchTransaction,
} from '../node-errors.ts'
import { type Shape, toBlockText, toHeaderText } from './block-text.ts'
import type { GeneratedChain, GeneratedTail } from './chain.ts'
import { u512Text } from './cl-text.ts'
import { createDeployText } from './deploy-text.ts'
import { MERKLE_PROOF, toAuctionText, toEraSummaryText } from './era-text.ts'
import type { Header } from './header.ts'
import { createRandom } from './random.ts'
import { apiVersion, toChainspecText, toPeersText, toStatusText } from './status-text.ts'
import { registryKey, toMintText, toRegistryText, toSystem } from './system.ts'
import { createTransactionHashes } from './transaction-hash.ts'
import { createTransactionText } from './transaction-text.ts'
import type { Transfer } from './transfers.ts'

/** How the chain stands at the moment of a call. */
export interface Standing {
  readonly tail: GeneratedTail
  readonly tip: number
  /** Lowest height that is still held. */
  readonly lowest: number
}

/** The text of a JSON-RPC answer's `result`, or of its `error` when it failed. */
export interface Answered {
  readonly failed: boolean
  /** A character stands for one byte. */
  readonly text: string
}

type Params = Readonly<Record<string, unknown>>
type AtBlock = (header: Header, params: Params, standing: Standing) => Answered

const told = (text: string): Answered => ({ failed: false, text })
const refused = ({ body }: { body: Buffer }): Answered => ({ failed: true, text: body.toString('latin1') })
const notInState = () => refused(nodeError(-32003, 'Query failed', 'value was not found in the global state'))

/** Answers calls as a node of the chain does that ends at the tip. */
export function createAnswers(
  chain: GeneratedChain,
  shape: Shape,
): (method: string, params: unknown, standing: Standing) => Answered {
  const { rules } = chain
  const random = createRandom(`${rules.network} ${rules.seed} system`)
  const system = toSystem(random)
  const { network, effects } = rules
  const ledger = { network, system, random, effects, hashes: createTransactionHashes(network) }
  const deployText = createDeployText(ledger)
  const transactionText = createTransactionText(ledger)
  const version = apiVersion(shape)
  const range = ({ lowest, tip }: Standing) => ({ low: lowest, high: tip })

  const atBlock: Readonly<Record<string, AtBlock>> = {
    chain_get_block: (header, _, { tail }) => told(toBlockText(header, tail.proofs(header), shape)),
    chain_get_state_root_hash: ({ stateRootHash }) =>
      told(`{"api_version":"${version}","state_root_hash":"${stateRootHash}"}`),
    chain_get_block_transfers(header, _, { tail }) {
      const transfers = tail
        .transfers(header)
        .map((transfer, i) => toTransferText(header, transfer, i, shape))
      return told(
        `{"api_version":"${version}","block_hash":"${header.hash}","transfers":[${transfers.join()}]}`,
      )
    },
    chain_get_era_summary(header, _, { tail }) {
      const summary = toEraSummaryText(tail, header)
      return summary === null ? notInState() : told(`{"api_version":"${version}","era_summary":${summary}}`)
    },
    chain_get_era_info_by_switch_block(header, _, { tail }) {
      const summary = header.place.isSwitch ? toEraSummaryText(tail, header) : 'null'
      return summary === null ? notInState() : told(`{"api_version":"${version}","era_summary":${summary}}`)
    },
    state_get_auction_info: (header) => told(toAuctionText(header, chain.validatorSet, shape, false)),
    state_get_auction_info_v2: (header) =>
      shape === 'sidecar'
        ? told(toAuctionText(header, chain.validatorSet, shape, true))
        : refused(methodNotFound('state_get_auction_info_v2')),
    query_global_state(header, { key, path }) {
      const stored = toStored(String(key), Array.isArray(path) ? path.join('/') : '', header)
      if (typeof stored !== 'string') return stored
      const bare = toHeaderText(header)
      const shown = shape === 'node-1x' ? bare : `{"Version${header.place.generation}":${bare}}`
      return told(
        `{"api_version":"${version}","block_header":${shown},"stored_value":${stored},"merkle_proof":"${MERKLE_PROOF}"}`,
      )
    },
  }

  function toStored(key: string, path: string, header: Header): string | Answered {
    const supply = () => `{"CLValue":${u512Text(header.supply)}}`
    if (key === registryKey[shape]) return toRegistryText(system)
    if (key === registryKey[shape === 'sidecar' ? 'node-1x' : 'sidecar']) {
      return refused(invalidParams("Failed to parse 'params' field: unknown prefix for key"))
    }
    if (key === `hash-${system.mint}`) {
      return path === 'total_supply' ? supply() : toMintText(system, chain.place(0).protocolVersion)
    }
    return key.startsWith(`uref-${system.totalSupply}`) ? supply() : notInState()
  }

  function answerTransaction(method: string, params: Params, standing: Standing): Answered {
    const { transaction_hash: asked, deploy_hash: deploy } = params
    const [kind, hash] =
      typeof asked === 'object' && asked !== null ? (Object.entries(asked)[0] ?? []) : ['Deploy', deploy]
    if (typeof hash !== 'string' || (kind !== 'Deploy' && kind !== 'Version1')) {
      return refused(invalidParams("Failed to parse 'params' field: missing field"))
    }
    const { tail, tip, lowest } = standing
    const found = tail.findTransaction(hash.toLowerCase(), tip)
    const header = found && found.height >= lowest ? tail.header(found.height) : null
    const isDeploy = header?.place.generation === 1
    if (found === null || header === null || isDeploy !== (kind === 'Deploy')) {
      return refused(method === 'info_get_deploy' ? noSuchDeploy(shape, hash) : noSuchTransaction(kind, hash))
    }
    const transfer = tail.transfers(header, found.ordinal)[0] as Transfer
    if (!isDeploy) return told(transactionText(header, transfer, found.ordinal))
    return told(
      deployText(header, transfer, found.ordinal, method === 'info_get_deploy' ? 'node-1x' : 'sidecar'),
    )
  }

  function answerAtBlock(method: string, answer: AtBlock, params: Params, standing: Standing): Answered {
    const { tail, tip, lowest } = standing
    const asked = toAsked(params.block_identifier ?? params.state_identifier)
    if (asked === undefined) {
      return refused(invalidParams("Failed to parse 'params' field: unknown variant of the identifier"))
    }
    if (asked !== null && typeof asked === 'object') {
      return refused(noSuchStateRoot(shape, asked.root, range(standing)))
    }
    const height = asked === null ? tip : typeof asked === 'number' ? asked : tail.find(asked)
    if (height === null || height > tip || height < lowest) {
      const what = asked ?? tip
      return refused(
        method.startsWith('query_')
          ? noSuchQueryBlock(shape, method, what)
          : noSuchBlock(shape, what, range(standing)),
      )
    }
    return answer(tail.header(height), params, standing)
  }

  return (method, given, standing) => {
    const params = (given ?? {}) as Params
    const answer = Object.hasOwn(atBlock, method) ? atBlock[method] : undefined
    if (answer) return answerAtBlock(method, answer, params, standing)
    const { tip, tail, lowest } = standing
    switch (method) {
      case 'info_get_deploy':
        return answerTransaction(method, params, standing)
      case 'info_get_transaction':
        return shape === 'sidecar'
          ? answerTransaction(method, params, standing)
          : refused(methodNotFound(method))
      case 'info_get_status':
        return told(toStatusText(rules.network, tail.header(tip), lowest, shape))
      case 'info_get_peers':
        return told(toPeersText(shape))
      case 'info_get_chainspec':
        return told(toChainspecText(rules.network, tail.header(tip), shape))
      case 'info_get_validator_changes':
        return told(`{"api_version":"${version}","changes":[]}`)
      default:
        return refused(methodNotFound(method))
    }
  }
}

/** A height, a hash, a state root, null for the latest block; undefined for what is none of these. */
function toAsked(identifier: unknown): number | string | { root: string } | null | undefined {
  if (identifier === undefined || identifier === null) return null
  if (typeof identifier !== 'object') return undefined
  const [kind, value] = Object.entries(identifier)[0] ?? []
  if ((kind === 'Height' || kind === 'BlockHeight') && Number.isSafeInteger(value) && Number(value) >= 0) {
    return Number(value)
  }
  if ((kind === 'Hash' || kind === 'BlockHash') && typeof value === 'string') return value.toLowerCase()
  return kind === 'StateRootHash' && typeof value === 'string' ? { root: value } : undefined
}

function toTransferText(header: Header, { from, to, amount, id }: Transfer, i: number, shape: Shape): string {
  const hash = header.transactions[i]
  const between = `"to":"account-hash-${to.hash}","source":"uref-${from.purse}-007","target":"uref-${to.purse}-004","amount":"${amount}"`
  if (header.place.generation === 2) {
    return `{"Version2":{"transaction_hash":{"Version1":"${hash}"},"from":{"AccountHash":"account-hash-${from.hash}"},${between},"gas":"100000000","id":${id}}}`
  }
  const bare = `{"deploy_hash":"${hash}","from":"account-hash-${from.hash}",${between},"gas":"0","id":${id}}`
  return shape === 'sidecar' ? `{"Version1":${bare}}` : bare
}
