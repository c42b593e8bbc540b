import type { HeaderV1, HeaderV2 } from './block-hash.ts'
import { type BodyV1, type BodyV2, blockHashV1, blockHashV2, bodyHashV1, bodyHashV2 } from './block-hash.ts'
import { type BlockFacts, toBlockFacts } from './blocks.ts'
import { memberText, parseExact, replaceMember } from './json-text.ts'

/** What to change in a block; its hashes follow. */
export type BlockChanges = {
  parentHash?: string
  lastSwitchBlockHash?: string
  /** Milliseconds to add to the timestamp. */
  later?: number
  /** Leave the block's deploys and transactions out. */
  emptied?: boolean
}

const quoted = (text: string) => JSON.stringify(text)

function exactMember<T>(answer: Buffer, name: string): T {
  const text = memberText(answer, name)
  if (text === null) throw new Error(`a block answer has no ${name}`)
  return parseExact(text.toString()) as T
}

/**
 * A block like `block` with some changes and with hashes that fit them. Its proofs are gone, since
 * nobody here could sign for it.
 */
export function rewriteBlock(block: BlockFacts, changes: BlockChanges): BlockFacts {
  let { answer } = block
  const { parentHash, lastSwitchBlockHash, later, emptied } = changes
  if (parentHash !== undefined) answer = replaceMember(answer, 'parent_hash', quoted(parentHash))
  if (lastSwitchBlockHash !== undefined && block.version === 2) {
    answer = replaceMember(answer, 'last_switch_block_hash', quoted(lastSwitchBlockHash))
  }
  if (later !== undefined) {
    const moved = new Date(Date.parse(block.timestamp) + later).toISOString()
    answer = replaceMember(answer, 'timestamp', quoted(moved))
  }
  if (emptied) {
    answer = replaceMember(answer, 'deploy_hashes', '[]')
    answer = replaceMember(answer, 'transfer_hashes', '[]')
    answer = replaceMember(answer, 'transactions', '{}')
  }
  const bodyHash =
    block.version === 1
      ? bodyHashV1(exactMember<BodyV1>(answer, 'body'))
      : bodyHashV2(exactMember<BodyV2>(answer, 'body'))
  answer = replaceMember(answer, 'body_hash', quoted(bodyHash))
  const hash =
    block.version === 1
      ? blockHashV1(exactMember<HeaderV1>(answer, 'header'))
      : blockHashV2(exactMember<HeaderV2>(answer, 'header'))
  answer = replaceMember(answer, 'hash', quoted(hash))
  answer = replaceMember(answer, 'proofs', '[]')
  const rewritten = toBlockFacts(answer)
  if (rewritten === null) throw new Error(`block ${block.height} did not survive being rewritten`)
  return rewritten
}

/** A block whose stated hash does not fit: one digit of its header or of its body is another one. */
export function tamperBlock(answer: Buffer, part: 'header' | 'body'): Buffer {
  if (part === 'header')
    return replaceMember(answer, 'state_root_hash', quoted(flipped(answer, 'state_root_hash')))
  const body = memberText(answer, 'body')?.toString() ?? ''
  const hash = /"[0-9a-f]{64}"/.exec(body)?.[0]
  if (hash) {
    const wrong = `"${hash[1] === '0' ? '1' : '0'}${hash.slice(2)}`
    return replaceMember(answer, 'body', body.replace(hash, wrong))
  }
  if (body.includes('"proposer"')) {
    return replaceMember(
      answer,
      'body',
      body.replace(/"proposer":"[^"]*"/, `"proposer":"01${'ab'.repeat(32)}"`),
    )
  }
  return replaceMember(answer, 'rewarded_signatures', '[[1,2,3]]')
}

/** The value of a hex member with its first digit changed. */
export function flipped(answer: Buffer, name: string): string {
  const value = JSON.parse(memberText(answer, name)?.toString() ?? '""') as string
  return (value[0] === '0' ? '1' : '0') + value.slice(1)
}
