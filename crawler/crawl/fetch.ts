import type { ChainBlock } from '../decode/block.ts'
import type { CasperNode } from '../node/node.ts'
import { RpcError } from '../node/rpc.ts'
import { isPaid } from '../project/era.ts'
import type { SystemContracts } from '../project/kind.ts'
import { type ChainHeight } from '../project/project.ts'
import { verifyBlock } from '../verify/verify.ts'

/** The node said it had this height, and has not. */
export class MissingBlockError extends Error {
  override readonly name = 'MissingBlockError'

  constructor(height: number) {
    super(`The node has no block ${height}, although its tip is beyond`)
  }
}

/** Called when the node refuses a figure: it stays absent, with this reason. */
export type OnAbsent = (figure: 'era summary' | 'total supply', height: number, reason: string) => void

/** A height's block, checked against its own hashes. @throws {VerifyFault} @throws {DecodeFault} @throws {MissingBlockError} */
export async function fetchBlock(node: CasperNode, height: number, signal: AbortSignal): Promise<ChainBlock> {
  const block = await node.readBlock(height, signal)
  if (block === null) throw new MissingBlockError(height)
  verifyBlock(block, height)
  return block
}

/**
 * Everything else that the node says of a verified block.
 * @param isFirst the first height stored: its total supply is asked even if it is no switch block
 * @throws {DecodeFault} @throws {NodeUnavailableError}
 */
export async function fetchRest(
  node: CasperNode,
  block: ChainBlock,
  system: SystemContracts,
  isFirst: boolean,
  onAbsent: OnAbsent,
  signal: AbortSignal,
): Promise<ChainHeight> {
  const { height } = block
  const absent = (figure: Parameters<OnAbsent>[0]) => (error: unknown) => {
    if (!(error instanceof RpcError)) throw error
    onAbsent(figure, height, error.message)
    return null
  }
  const isAsked = (block.eraEnd !== null || isFirst) && system.totalSupply !== null
  const [transactions, summary, totalSupply] = await Promise.all([
    Promise.all(block.transactions.map((ref) => node.readTransaction(ref, block.hash, signal))),
    isPaid(block) ? node.readEraSummary(block.hash, height, signal).catch(absent('era summary')) : null,
    isAsked ? node.readTotalSupply(system.totalSupply, height, signal).catch(absent('total supply')) : null,
  ])
  return { block, transactions, summary, totalSupply }
}
