import type { BlockFacts } from './blocks.ts'
import type { Recording } from './recording.ts'
import { rewriteBlock } from './rewrite-block.ts'

/** Another end of the chain: valid by all its hashes, the recorded one's equal below `from`. */
export type Fork = {
  from: number
  /** Whether its blocks hold none of the recorded transactions. */
  emptied: boolean
  block(height: number): BlockFacts | undefined
  heightOfHash(hash: string): number | undefined
}

/**
 * Builds the other end from height `from` to the recording's last. Each block is a millisecond later
 * than the recorded one and names its new parent; state roots stay, since no state can be made up.
 * @param from first height that differs; above the recording's first
 */
export function createFork(recording: Recording, from: number, emptied = false): Fork {
  if (from <= recording.firstHeight || from > recording.lastHeight) {
    throw new RangeError(`a fork can begin at ${recording.firstHeight + 1} to ${recording.lastHeight}`)
  }
  const blocks: BlockFacts[] = []
  let lastSwitch: string | undefined
  for (let height = from; height <= recording.lastHeight; height++) {
    const original = recording.block(height)
    if (original === undefined) break
    const parent = blocks.at(-1)
    const block = rewriteBlock(original, {
      later: 1,
      emptied,
      ...(parent && { parentHash: parent.hash }),
      ...(lastSwitch !== undefined && { lastSwitchBlockHash: lastSwitch }),
    })
    if (block.isSwitch) lastSwitch = block.hash
    blocks.push(block)
  }
  const heights = new Map(blocks.map((block) => [block.hash, block.height]))
  return {
    from,
    emptied,
    block: (height) => blocks[height - from],
    heightOfHash: (hash) => heights.get(hash),
  }
}
