import type { Block } from '../../src/domain/block.ts'
import type { Checkpoint } from '../../src/domain/network.ts'
import type { Resume } from '../../src/store/change.ts'
import { findChain } from '../chains/chains.ts'
import type { ChainBlock } from '../decode/block.ts'
import { NoNodeError } from '../node/pool/contract.ts'
import { createTrust } from '../verify/trust.ts'
import { restoreValidatorSet } from '../verify/validator-set.ts'
import { VerifyFault, verifyBlock } from '../verify/verify.ts'
import { type Found, fetchBlock } from './fetch.ts'
import type { CrawlOptions, CrawlPorts } from './options.ts'
import { recountValidators } from './recount.ts'

/** A chain that leaves ours, and where. */
interface Tail {
  readonly found: Found
  /** The last block that both have. */
  readonly shared: Block
  /** Its blocks above that, ascending. */
  readonly blocks: readonly ChainBlock[]
}

/**
 * Settles who is right when a next block does not stand on ours. A node that tells it while another tells one that fits is
 * accused. When all that have the height tell another chain, and that is signed by the validators of the last block both
 * have, our tail is given up to the end of the era before it and crawled anew: mainnet took back two blocks in July 2024.
 * A chain that is not signed is not followed, however many tell it.
 * @returns whether the next try meets other blocks
 */
export async function settleFork(
  options: CrawlOptions,
  ports: CrawlPorts,
  signal: AbortSignal,
): Promise<boolean> {
  const { pool, store, log, announce, clock } = ports
  const resume = await store.readResume()
  if (resume === null) return false
  const { checkpoint } = resume
  const { others, isAccused } = await findOthers(ports, checkpoint, signal)
  const [first] = others
  if (first === undefined) return isAccused
  const tail = await walkBack(ports, resume, first, options.maxRollback, signal)
  if (tail === null || !(await isSigned(ports, resume, tail))) {
    log.warn('another chain not followed', {
      height: first.block.height,
      hash: first.block.hash,
      nodes: others.length,
    })
    return false
  }
  const to = await findEraEnd(ports, tail.shared)
  const depth = checkpoint.height - tail.shared.height
  const detail = `${depth} blocks above ${tail.shared.height} (${tail.shared.hash}) were given up for a chain that ${others.length} nodes tell, block ${tail.shared.height + 1} being ${tail.blocks[0]?.hash}`
  const eraValidators = await recountValidators(pool, store, to, signal)
  await store.rollBack({ from: checkpoint, to, eraValidators, at: clock.now(), detail })
  log.error('rolled back', {
    incident: 'rollback',
    depth,
    fork: tail.shared.height,
    from: checkpoint.height,
    to: to.height,
  })
  announce(['block', 'era'])
  return true
}

/** Nodes whose next block does not stand on ours; none when one has a block that does: then the others are accused. */
async function findOthers(
  { pool }: CrawlPorts,
  { height, hash }: Checkpoint,
  signal: AbortSignal,
): Promise<{ others: Found[]; isAccused: boolean }> {
  const others: Found[] = []
  for (;;) {
    let found: Found
    try {
      found = await fetchBlock(
        pool,
        height + 1,
        signal,
        others.map(({ node }) => node),
      )
    } catch (error) {
      if (error instanceof NoNodeError) return { others, isAccused: false }
      throw error
    }
    if (found.block.parentHash === hash) {
      for (const { node, block } of others)
        pool.accuse(node, `block ${height + 1} stands on ${block.parentHash}, not ${hash}`)
      return { others: [], isAccused: others.length > 0 }
    }
    others.push(found)
  }
}

/** Follows a node's chain down to a block that we hold; null for a node whose blocks do not stand on each other. */
async function walkBack(
  { pool, store }: CrawlPorts,
  { network }: Resume,
  found: Found,
  deepest: number,
  signal: AbortSignal,
): Promise<Tail | null> {
  const blocks: ChainBlock[] = [found.block]
  for (let child = found.block; ; child = blocks[0] as ChainBlock) {
    const height = child.height - 1
    if (blocks.length > deepest || height < network.firstHeight) {
      throw new Error(
        `Nodes tell another chain from below block ${child.height} on, deeper than MAX_ROLLBACK (${deepest}): see docs/operating.md, "A deep fork"`,
      )
    }
    const parent = await found.node.readBlock(height, signal)
    try {
      if (parent !== null) verifyBlock(parent, height)
    } catch (error) {
      if (!(error instanceof VerifyFault)) throw error
      pool.accuse(found.node, error.message)
      return null
    }
    if (parent?.hash !== child.parentHash) {
      pool.accuse(found.node, `block ${child.height} does not stand on the node's own block ${height}`)
      return null
    }
    const [stored] = await store.readBlocks(height, height)
    if (stored?.hash === parent.hash) return { found, shared: stored, blocks }
    blocks.unshift(parent)
  }
}

/** Whether the validators of the last block that both have signed the other chain's newest block that we know. */
async function isSigned({ store, log }: CrawlPorts, { network }: Resume, tail: Tail): Promise<boolean> {
  const { shared, blocks } = tail
  const eraId = shared.isSwitch ? shared.eraId + 1 : shared.eraId
  const trust = createTrust({
    network: network.name,
    chain: findChain(network.name),
    parent: shared,
    set: restoreValidatorSet(await store.readEraValidators(eraId, eraId)),
  })
  try {
    for (const block of blocks) {
      const { by } = await trust.check(block, { isTip: block === blocks.at(-1) })
      if (by === 'first-use') return false
    }
    return true
  } catch (error) {
    if (!(error instanceof Error)) throw error
    log.warn('another chain not signed', { reason: error.message })
    return false
  }
}

/** The last stored era end at or below a block. */
async function findEraEnd({ store }: CrawlPorts, { height, eraId, isSwitch }: Block): Promise<Checkpoint> {
  let end = height
  if (!isSwitch) {
    const [era] = await store.readEras(eraId, eraId)
    end = (era?.startHeight ?? 0) - 1
  }
  const [block] = await store.readBlocks(end, end)
  if (block === undefined)
    throw new Error(`The chain forks in the first stored era, at block ${height}: crawl into an empty store`)
  return { height: end, hash: block.hash, eraId: block.eraId, time: block.time }
}
