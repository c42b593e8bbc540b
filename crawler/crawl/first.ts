import type { Purse } from '../../src/domain/keys.ts'
import type { Network } from '../../src/domain/network.ts'
import type { ChainBlock } from '../decode/block.ts'
import type { CasperNode } from '../node/node.ts'
import { RpcError } from '../node/rpc.ts'
import { EMPTY_STATE, type State } from '../project/project.ts'
import { verifyParent } from '../verify/verify.ts'
import { fetchBlock } from './fetch.ts'

/** Where the first crawl of an empty store begins. */
export interface First {
  readonly block: ChainBlock
  /** The switch block before it; null for the chain's very first block. */
  readonly before: ChainBlock | null
}

/**
 * The first block of the first whole era at or after `startHeight`: an era of which only the end is stored would show
 * sums that are no era's.
 * @throws {MissingBlockError} when no era ends between there and the node's tip, or the node lacks these heights
 */
export async function findFirst(node: CasperNode, startHeight: number, signal: AbortSignal): Promise<First> {
  if (startHeight === 0) return { block: await fetchBlock(node, 0, signal), before: null }
  for (let height = startHeight - 1; ; height++) {
    const before = await fetchBlock(node, height, signal)
    if (before.eraEnd === null) continue
    const block = await fetchBlock(node, height + 1, signal)
    verifyParent(block, before.hash)
    return { block, before }
  }
}

export function toNetwork(first: First | null, name: string): Network {
  if (first === null) throw new TypeError('A store without a network needs a first block')
  return { name, genesisHash: first.block.hash, firstHeight: first.block.height }
}

/** What the switch block before tells of the first era: its validator set, and the supply that it began with. */
export async function toFirstState(
  node: CasperNode,
  first: First | null,
  totalSupply: Purse | null,
  signal: AbortSignal,
): Promise<State> {
  const before = first?.before
  if (!before?.eraEnd) return EMPTY_STATE
  const supply =
    totalSupply === null
      ? null
      : await node.readTotalSupply(totalSupply, before.height, signal).catch((error: unknown) => {
          if (error instanceof RpcError) return null
          throw error
        })
  return { ...EMPTY_STATE, weights: before.eraEnd.weights, supply }
}
