import type { Hash } from '../../src/domain/hash.ts'
import type { Purse } from '../../src/domain/keys.ts'
import type { Motes } from '../../src/domain/motes.ts'
import type { Ms } from '../../src/domain/time.ts'
import { type ChainBlock, parseBlock, type TransactionRef } from '../decode/block.ts'
import { type Chainspec, parseChainspec } from '../decode/chainspec.ts'
import { type EraSummary, parseEraSummary } from '../decode/era-summary.ts'
import { Field } from '../decode/field.ts'
import { type ChainTransaction, parseTransaction } from '../decode/transaction.ts'
import { parseU512 } from '../decode/u512.ts'
import type { SystemContracts } from '../project/kind.ts'
import { verifyTransaction } from '../verify/transaction-hash.ts'
import { NotHeldError } from './pool/contract.ts'
import { type Rpc, RpcError } from './rpc.ts'

/** What a node says of itself. */
export interface NodeStatus {
  readonly network: string
  readonly apiVersion: string
  readonly height: number
  readonly hash: Hash
  readonly time: Ms
  /** Lowest height it can answer for. */
  readonly lowest: number
}

/** "No such block", "block not known", "query failed": the thing is not there (yet), for 1.x nodes and sidecars. */
const NOT_THERE = new Set([-32001, -32000, -32014])
/** Method not found or not allowed: 1.x nodes lack `info_get_transaction`, many nodes refuse some. */
const NO_SUCH_METHOD = -32601

/** One Casper node, 1.x or behind a 2.x sidecar, in the words of this program. */
export class CasperNode {
  readonly rpc: Rpc
  /** Sidecars wrap blocks in `block_with_signatures` and number their API from 2; learned from the first answer that tells. */
  private isSidecar: boolean | null = null

  constructor(rpc: Rpc) {
    this.rpc = rpc
  }

  async readStatus(signal?: AbortSignal): Promise<NodeStatus> {
    const status = await this.ask('info_get_status', undefined, signal)
    const apiVersion = status.get('api_version').text()
    this.isSidecar ??= !apiVersion.startsWith('1.')
    const last = status.find('last_added_block_info')
    if (last === null) throw status.fault('a node that has blocks (last_added_block_info)')
    return {
      network: status.get('chainspec_name').text(),
      apiVersion,
      height: last.get('height').int(),
      hash: last.get('hash').hash(),
      time: last.get('timestamp').time(),
      lowest: status.find('available_block_range')?.get('low').int() ?? 0,
    }
  }

  /** null when the node does not have that height (yet). */
  async readBlock(height: number, signal?: AbortSignal): Promise<ChainBlock | null> {
    try {
      const answer = await this.ask('chain_get_block', { block_identifier: { Height: height } }, signal)
      this.isSidecar ??= answer.has('block_with_signatures')
      return parseBlock(answer)
    } catch (error) {
      if (error instanceof RpcError && NOT_THERE.has(error.code)) return null
      throw error
    }
  }

  /**
   * A transaction of a block, checked against its hash.
   * @param onUnproven told why the hash cannot be shown to be the answer's; without it that is thrown
   * @throws {VerifyFault} {@link DecodeFault}
   */
  async readTransaction(
    ref: TransactionRef,
    block: Pick<ChainBlock, 'height' | 'hash'>,
    signal?: AbortSignal,
    onUnproven?: (reason: unknown) => void,
  ): Promise<ChainTransaction> {
    const isDeploy = ref.format === 'deploy'
    // Of many nodes, one may be asked for a transaction before it was asked for any block.
    if (this.isSidecar === null) await this.readStatus(signal)
    const answer =
      isDeploy && this.isSidecar !== true
        ? await this.ask('info_get_deploy', { deploy_hash: ref.hash }, signal)
        : await this.ask(
            'info_get_transaction',
            { transaction_hash: { [isDeploy ? 'Deploy' : 'Version1']: ref.hash } },
            signal,
          )
    // Seen at the tip: the block is there, its execution not yet.
    const isExecuted = answer.find('execution_info') ?? answer.find('execution_results')
    if (isExecuted === null || (Array.isArray(isExecuted.value) && isExecuted.value.length === 0)) {
      throw new NotHeldError(`no execution of ${ref.hash}`)
    }
    // First: what contradicts its hash is a lie whatever else is wrong with it.
    try {
      verifyTransaction(answer, ref, block.height)
    } catch (error) {
      if (onUnproven === undefined) throw error
      onUnproven(error)
    }
    return parseTransaction(answer, ref, block.hash)
  }

  /** Of a switch block. Nodes before 1.4.14 know only the older method. */
  async readEraSummary(hash: Hash, height: number, signal?: AbortSignal): Promise<EraSummary> {
    const params = { block_identifier: { Height: height } }
    let answer: Field
    try {
      answer = await this.ask('chain_get_era_summary', params, signal)
    } catch (error) {
      if (!(error instanceof RpcError && error.code === NO_SUCH_METHOD)) throw error
      answer = await this.ask('chain_get_era_info_by_switch_block', params, signal)
    }
    const of = answer.get('era_summary').get('block_hash')
    if (of.hash() !== hash) throw of.fault(`the summary at block ${hash}`)
    return parseEraSummary(answer)
  }

  /** The mint's total supply after a block. */
  async readTotalSupply(uref: Purse, height: number, signal?: AbortSignal): Promise<Motes> {
    const answer = await this.ask(
      'query_global_state',
      { state_identifier: { BlockHeight: height }, key: `uref-${uref}-007`, path: [] },
      signal,
    )
    return parseU512(answer.get('stored_value').get('CLValue').get('bytes'))
  }

  /**
   * Finds the system contracts through their registry, whose key has another name in each generation.
   * @throws {RpcError} of a node that shows neither
   */
  async readSystemContracts(height: number, signal?: AbortSignal): Promise<SystemContracts> {
    const zero = '0'.repeat(64)
    const registry = await this.queryState(`system-entity-registry-${zero}`, height, signal).catch(
      (error: unknown) => {
        if (!(error instanceof RpcError)) throw error
        return this.queryState(`system-contract-registry-${zero}`, height, signal)
      },
    )
    const contracts = new Map(
      registry
        .get('CLValue')
        .get('parsed')
        .list()
        .map((entry) => [entry.get('key').text(), parseRegistryHash(entry.get('value'))]),
    )
    const mint = contracts.get('mint')
    const totalSupply =
      mint === undefined ? null : await this.readNamedPurse(mint, 'total_supply', height, signal)
    return { auction: contracts.get('auction') ?? null, totalSupply }
  }

  /** The network's settings of now. */
  async readChainspec(signal?: AbortSignal): Promise<Chainspec> {
    return parseChainspec(await this.ask('info_get_chainspec', undefined, signal))
  }

  private async readNamedPurse(
    contract: Hash,
    name: string,
    height: number,
    signal?: AbortSignal,
  ): Promise<Purse | null> {
    const stored = await this.queryState(`hash-${contract}`, height, signal)
    const entry = stored
      .get('Contract')
      .get('named_keys')
      .list()
      .find((item) => item.get('name').text() === name)
    return entry?.get('key').purse() ?? null
  }

  private async queryState(key: string, height: number, signal?: AbortSignal): Promise<Field> {
    const params = { state_identifier: { BlockHeight: height }, key, path: [] }
    return (await this.ask('query_global_state', params, signal)).get('stored_value')
  }

  private async ask(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<Field> {
    return new Field(await this.rpc.call(method, params, signal), method)
  }
}

/** `"hash-…"`, bare hex, or a list of 32 bytes, depending on the node. */
function parseRegistryHash(value: Field): Hash {
  if (Array.isArray(value.value)) {
    return value
      .list()
      .map((byte) => byte.int(255).toString(16).padStart(2, '0'))
      .join('')
  }
  return new Field(value.text().replace(/^(hash-|contract-)/, ''), value.path).hash()
}
