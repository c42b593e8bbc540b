import { expect, test } from 'vitest'
import { createFork } from '../../../crawler/devnet/fork.ts'
import { rewriteBlock, tamperBlock } from '../../../crawler/devnet/rewrite-block.ts'
import type { ChainName } from '../../fixtures/recordings/recordings.ts'
import { recorded } from './call.ts'

test.each<ChainName>(['casper-1x', 'casper-2x', 'casper-upgrade'])(
  '%s: every block rewritten without a change keeps its hash',
  (name) => {
    const recording = recorded(name)
    for (let height = recording.firstHeight; height <= recording.lastHeight; height++) {
      const block = recording.block(height)
      if (block) expect(rewriteBlock(block, {}).hash).toBe(block.hash)
    }
  },
)

test.each(['header', 'body'] as const)('a block with a tampered %s no longer has its hash', (part) => {
  const recording = recorded('casper-upgrade')
  for (const height of [5, 100, 249, 300, 444]) {
    const block = recording.block(height)
    if (!block) throw new Error('no such block')
    const wrong = rewriteBlock({ ...block, answer: tamperBlock(block.answer, part) }, {})
    expect(wrong.hash).not.toBe(block.hash)
  }
})

test('a fork is a chain: each block names its parent, across an upgrade and over eras', () => {
  const recording = recorded('casper-upgrade')
  const fork = createFork(recording, 240)
  let parent = recording.block(239)?.hash ?? ''
  for (let height = 240; height <= recording.lastHeight; height++) {
    const block = fork.block(height)
    expect(block?.answer.toString()).toContain(`"parent_hash":"${parent}"`)
    expect(block?.hash).not.toBe(recording.block(height)?.hash)
    parent = block?.hash ?? ''
  }
})
