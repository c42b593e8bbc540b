import { type AnswerIndex, createAnswerIndex } from './answers.ts'
import { type BlockFacts, toBlockFacts } from './blocks.ts'
import { readMember, readNeededMember } from './files.ts'
import { type RecordedCall, type RecordedEvent, readCalls, readEvents } from './lines.ts'
import { toQuestion } from './question.ts'

/** Whose answers: a 1.x node's own, or those of the sidecar that stands before a 2.x node. */
export type Shape = 'sidecar' | 'node-1x'

/** A recorded chain, indexed. It is never changed: many nodes may serve one recording at once. */
export type Recording = {
  /** The chainspec name, e.g. `casper-recorded`. */
  name: string
  shape: Shape
  firstHeight: number
  lastHeight: number
  block(height: number): BlockFacts | undefined
  heightOfHash(hash: string): number | undefined
  /** Heights whose blocks left this state behind, ascending. Blocks that change nothing share it in 1.x. */
  heightsOfRoot(root: string): readonly number[]
  /** The last switch block at or below a height. */
  switchBlockAt(height: number): BlockFacts | undefined
  heightOfTransaction(hash: string): number | undefined
  /** Height of the switch block that closed an era. */
  switchHeightOfEra(eraId: number): number | undefined
  answers: AnswerIndex
  events: readonly RecordedEvent[]
}

export type RecordingOptions = {
  /** Which node's answers to serve, where a recording has both. Default: those in `rpc.jsonl`. */
  shape?: Shape
}

/**
 * Loads a directory that holds `rpc.jsonl`, `chain.json` and, optionally, `events.jsonl` and
 * `rpc-1x-node.jsonl`, each plain or packed (.gz, .br, .zst).
 * @throws when a member is missing, the blocks have a gap, or the answers are not of the wanted shape
 */
export function loadRecording(dir: string, options: RecordingOptions = {}): Recording {
  const chain = JSON.parse(readNeededMember(dir, 'chain.json').toString()) as Record<string, unknown>
  const own = options.shape === 'node-1x' ? readMember(dir, 'rpc-1x-node.jsonl') : null
  const calls = [...readCalls(own ?? readNeededMember(dir, 'rpc.jsonl'))]
  const blocks = readBlocks(calls)
  const first = blocks[0]
  const last = blocks.at(-1)
  if (first === undefined || last === undefined) throw new Error(`${dir} holds no block`)
  if (last.height - first.height !== blocks.length - 1) throw new Error(`${dir} has a gap in its blocks`)
  const shape: Shape = first.answer.includes('"block_with_signatures"') ? 'sidecar' : 'node-1x'
  if (options.shape !== undefined && options.shape !== shape) {
    throw new Error(`${dir} holds no answers of shape ${options.shape}`)
  }

  const block = (height: number) => blocks[height - first.height]
  const heightByHash = new Map(blocks.map((b) => [b.hash, b.height]))
  const byRoot = Map.groupBy(blocks, (b) => b.stateRootHash)
  const heightsByRoot = new Map([...byRoot].map(([root, its]) => [root, its.map((b) => b.height)]))
  const heightByTransaction = new Map(
    blocks.flatMap((b) => b.transactions.map((hash) => [hash, b.height] as const)),
  )
  const switchByEra = new Map(blocks.filter((b) => b.isSwitch).map((b) => [b.eraId, b.height]))
  const lastSwitch: Array<BlockFacts | undefined> = []
  for (const b of blocks) lastSwitch.push(b.isSwitch ? b : lastSwitch.at(-1))

  const heightOfHash = (hash: string) => heightByHash.get(hash)
  const events = readMember(dir, 'events.jsonl')
  return {
    name: String(chain.chainspec_name ?? 'casper-recorded'),
    shape,
    firstHeight: first.height,
    lastHeight: last.height,
    block,
    heightOfHash,
    heightsOfRoot: (root) => heightsByRoot.get(root) ?? [],
    switchBlockAt: (height) => lastSwitch[height - first.height],
    heightOfTransaction: (hash) => heightByTransaction.get(hash),
    switchHeightOfEra: (eraId) => switchByEra.get(eraId),
    answers: createAnswerIndex(calls, heightOfHash),
    events: events === null ? [] : [...readEvents(events)],
  }
}

/** The blocks that were asked for by height, in order. An unaddressed answer may lie past the recording. */
function readBlocks(calls: readonly RecordedCall[]): BlockFacts[] {
  const blocks = new Map<number, BlockFacts>()
  for (const call of calls) {
    if (call.method !== 'chain_get_block' || call.failed) continue
    const question = toQuestion(call.method, call.params)
    if ('invalid' in question || question.address?.kind !== 'height') continue
    const facts = toBlockFacts(call.body)
    if (facts !== null) blocks.set(facts.height, facts)
  }
  return [...blocks.values()].sort((a, b) => a.height - b.height)
}
