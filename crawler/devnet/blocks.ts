import { memberText } from './json-text.ts'

/** What the node has to know of a block in order to answer about it. */
export type BlockFacts = {
  height: number
  hash: string
  /** 1 for blocks of node 1.x, 2 for blocks of node 2.x. */
  version: 1 | 2
  eraId: number
  timestamp: string
  stateRootHash: string
  protocolVersion: string
  proposer: string
  isSwitch: boolean
  /** Hashes of its deploys and transactions. */
  transactions: readonly string[]
  /** The node's answer to chain_get_block, as recorded. */
  answer: Buffer
}

type Header = {
  height: number
  era_id: number
  timestamp: string
  state_root_hash: string
  protocol_version: string
  era_end: unknown
  proposer?: string
}
type BodyV1 = { proposer: string; deploy_hashes: string[]; transfer_hashes: string[] }
type BodyV2 = { transactions: Record<string, Array<Record<string, string>>> }
type Block = { hash: string; header: Header; body: BodyV1 & BodyV2 }
type BlockAnswer = {
  block?: Block | null
  block_with_signatures?: { block: { Version1?: Block; Version2?: Block } } | null
}

/** Reads the facts out of an answer to chain_get_block, in the 1.x node's or the 2.x sidecar's shape. */
export function toBlockFacts(answer: Buffer): BlockFacts | null {
  const parsed = JSON.parse(answer.toString()) as BlockAnswer
  const wrapped = parsed.block_with_signatures?.block
  const block = parsed.block ?? wrapped?.Version1 ?? wrapped?.Version2
  if (!block) return null
  const { hash, header, body } = block
  const version = wrapped?.Version2 ? 2 : 1
  return {
    height: header.height,
    hash,
    version,
    eraId: header.era_id,
    timestamp: header.timestamp,
    stateRootHash: header.state_root_hash,
    protocolVersion: header.protocol_version,
    proposer: header.proposer ?? body.proposer,
    isSwitch: header.era_end !== null && header.era_end !== undefined,
    transactions:
      version === 1
        ? [...body.deploy_hashes, ...body.transfer_hashes]
        : Object.values(body.transactions).flatMap((lane) => lane.flatMap((hash) => Object.values(hash))),
    answer,
  }
}

/** The text of a block's header. */
export function headerText(answer: Buffer): Buffer {
  const text = memberText(answer, 'header')
  if (text === null) throw new Error('a block answer has no header')
  return text
}

/** `block_header` of query_global_state: bare from a 1.x node, in its version's wrapper from a sidecar. */
export function queryHeaderText(block: BlockFacts, shape: 'sidecar' | 'node-1x'): Buffer {
  const header = headerText(block.answer)
  if (shape === 'node-1x') return header
  return Buffer.concat([Buffer.from(`{"Version${block.version}":`), header, Buffer.from('}')])
}
