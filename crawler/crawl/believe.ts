import { setTimeout as sleep } from 'node:timers/promises'
import type { CasperNode } from '../node/node.ts'
import type { NodePool } from '../node/pool/contract.ts'
import { type Trust, UndeclaredValidatorsError } from '../verify/trust.ts'
import { VerifyFault } from '../verify/verify.ts'
import { type Found, fetchBlock, toAccusation } from './fetch.ts'

/** A block at the tip gathers its signatures within a second or two; a longer wait is for the next try. */
const PATIENCE = 20
const PAUSE_MS = 250

/**
 * Asks the trust whether a block is to be believed. One at the tip that too few have signed yet is read again for a
 * while; anything else that does not verify has the node accused that gave it.
 * @param isLast the block ends a commit, or is the newest there is
 * @throws {VerifyFault} {@link UndeclaredValidatorsError}
 */
export async function believe(
  pool: NodePool,
  trust: Trust,
  found: Found,
  { isLast, isTip }: { readonly isLast: boolean; readonly isTip: boolean },
  signal: AbortSignal,
): Promise<void> {
  let { block, node } = found
  for (let tries = 1; ; tries++) {
    try {
      await trust.check(block, { isTip: isLast })
      return
    } catch (error) {
      const isYoung = isTip && error instanceof VerifyFault && error.code === 'FINALITY'
      if (!isYoung || tries >= PATIENCE) {
        accuse(pool, node, error)
        throw error
      }
    }
    await sleep(PAUSE_MS, undefined, { signal })
    const again = await fetchBlock(pool, found.block.height, signal)
    if (again.block.hash === found.block.hash) ({ block, node } = again)
  }
}

function accuse(pool: NodePool, node: CasperNode, error: unknown): void {
  const reason = error instanceof UndeclaredValidatorsError ? error.message : toAccusation(error)
  if (reason !== null) pool.accuse(node, reason)
}
