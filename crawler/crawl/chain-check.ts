import type { Network } from '../../src/domain/network.ts'
import { type NodePool, NoNodeError } from '../node/pool/contract.ts'
import type { SystemContracts } from '../project/kind.ts'
import { type Found, fetchBlock, orNull } from './fetch.ts'

/** The nodes and the store are of different chains: going on would mix them. Ends the program. */
export class WrongChainError extends Error {
  override readonly name = 'WrongChainError'
}

const OTHER = 'use another DATABASE_URL or DATA_DIR'

/**
 * The nodes must be of the store's network and hold its first block. Nodes that no longer keep that height are taken at
 * their word: the next block must stand on the checkpoint anyway.
 * @throws {WrongChainError}
 */
export async function checkSameChain(pool: NodePool, network: Network, signal: AbortSignal): Promise<void> {
  const { name, genesisHash, firstHeight } = network
  const others: Found[] = []
  try {
    for (;;) {
      const nodes = others.map(({ node }) => node)
      const found = await fetchBlock(pool, firstHeight, signal, nodes)
      if (found.block.hash === genesisHash) break
      others.push(found)
    }
  } catch (error) {
    if (!(error instanceof NoNodeError)) throw error
    // Nodes that are away may know better.
    const isAll = error.reasons.every(({ kind }) => kind === 'avoided' || kind === 'network')
    if (others[0] !== undefined && isAll) {
      throw new WrongChainError(
        `The store holds a chain ${name} that began with block ${genesisHash}, the node has ${others[0].block.hash} there: ${OTHER}`,
      )
    }
    if (!error.isFinal) throw error
  }
  for (const { node, block } of others)
    pool.accuse(node, `its first block is ${block.hash}, not ${genesisHash}`)
}

/** For a failure that says: every node is of another network than the store. */
export function toWrongChain(error: NoNodeError, network: string): WrongChainError {
  // A node that is of another network is described as "is of X, not of Y".
  const names = [...new Set(error.reasons.map(({ text }) => text.replace(/, not of .*$/, '')))].join('; ')
  return new WrongChainError(`The store holds the chain ${network}, the node ${names}: ${OTHER}`)
}

/**
 * What the projection needs to know of the network. A registry that is not to be had at one height (before 1.5.0, or
 * pruned) may be at another: it never changes. What no node says is null.
 */
export async function findSystemContracts(
  pool: NodePool,
  heights: readonly number[],
  signal: AbortSignal,
): Promise<SystemContracts> {
  let found: SystemContracts = { auction: null, totalSupply: null }
  for (const height of heights) {
    if (found.totalSupply !== null) break
    const contracts = await orNull(
      pool.use(
        { heights: height, capability: 'state' },
        (node, inner) => node.readSystemContracts(height, inner),
        signal,
      ),
    )
    found = contracts ?? found
  }
  const chainspec = await orNull(
    pool.use({ capability: 'chainspec' }, (node, inner) => node.readChainspec(inner), signal),
  )
  return {
    ...found,
    unbondingDelay: chainspec?.unbondingDelay ?? null,
    rewardsHandling: chainspec?.rewardsHandling ?? null,
  }
}
