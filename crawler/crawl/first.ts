import type { Purse } from '../../src/domain/keys.ts'
import type { Network } from '../../src/domain/network.ts'
import type { ChainBlock } from '../decode/block.ts'
import type { NodePool } from '../node/pool/contract.ts'
import { EMPTY_STATE, type State } from '../project/project.ts'
import { verifyParent } from '../verify/verify.ts'
import { fetchBlock, orNull } from './fetch.ts'

/** Where the first crawl of an empty store begins. */
export interface First {
  readonly block: ChainBlock
  /** The switch block before it; null for the chain's very first block. */
  readonly before: ChainBlock | null
}

/**
 * The first block of the first whole era at or after `startHeight`: an era of which only the end is stored would show
 * sums that are no era's.
 * @throws {NoNodeError} when no era ends between there and the nodes' tip, or they lack these heights
 */
export async function findFirst(pool: NodePool, startHeight: number, signal: AbortSignal): Promise<First> {
  if (startHeight === 0) return { block: await findGenesis(pool, signal), before: null }
  for (let height = startHeight - 1; ; height++) {
    const { block: before } = await fetchBlock(pool, height, signal)
    if (before.eraEnd === null) continue
    const { block } = await fetchBlock(pool, height + 1, signal)
    verifyParent(block, before.hash)
    return { block, before }
  }
}

/** Block 0 of a node whose block 1 stands on it: where nothing is pinned, a chain is at least one. */
async function findGenesis(pool: NodePool, signal: AbortSignal): Promise<ChainBlock> {
  for (;;) {
    const { block, node } = await fetchBlock(pool, 0, signal)
    const next = await node.readBlock(1, signal)
    if (next === null || next.parentHash === block.hash) return block
    pool.accuse(node, "block 1 does not stand on the node's own block 0")
  }
}

export function toNetwork({ block }: First, name: string): Network {
  return { name, genesisHash: block.hash, firstHeight: block.height }
}

/** What the switch block before tells of the first era: its validator set, and the supply that it began with. */
export async function toFirstState(
  pool: NodePool,
  { before }: First,
  totalSupply: Purse | null,
  signal: AbortSignal,
): Promise<State> {
  if (!before?.eraEnd) return EMPTY_STATE
  const { height, eraEnd } = before
  const supply =
    totalSupply === null
      ? null
      : await orNull(
          pool.use(
            { heights: height, capability: 'state' },
            (node, inner) => node.readTotalSupply(totalSupply, height, inner),
            signal,
          ),
        )
  return { ...EMPTY_STATE, weights: eraEnd.weights, supply }
}
