import type { Answer } from './answers.ts'
import { type BlockFacts, queryHeaderText } from './blocks.ts'
import { deriveAnswer, renameBlock, withoutHeader } from './derive.ts'
import type { Fork } from './fork.ts'
import { replaceMember } from './json-text.ts'
import {
  invalidParams,
  methodNotFound,
  noRewards,
  noSuchBlock,
  noSuchQueryBlock,
  noSuchStateRoot,
} from './node-errors.ts'
import { type Question, toQuestion } from './question.ts'
import type { Recording } from './recording.ts'
import { statusAnswer } from './status.ts'
import { findSystemKeys } from './system-keys.ts'
import { transactionAnswer, transactionHash } from './transactions.ts'

/** How the chain stands at the moment of a call. */
export type Standing = { tip: number; fork: Fork | null; uptime: number }

/** An answer and the height it is about, for faults that are bound to a height. */
export type Response = { answer: Answer; height: number | null }

export type Responder = (method: string, params: unknown, standing: Standing) => Response

/** Answers JSON-RPC calls as the recorded node would, had its chain ended at the tip. */
export function createResponder(recording: Recording): Responder {
  const { answers, shape } = recording
  const system = findSystemKeys(recording)

  const blockAt = (height: number, fork: Fork | null): BlockFacts | undefined =>
    fork && height >= fork.from ? fork.block(height) : recording.block(height)
  const range = (tip: number) => ({ low: recording.firstHeight, high: tip })

  /** Height of a block that exists now, by hash: a forked tail's own hashes hide the recorded ones. */
  function heightOfHash(hash: string, { tip, fork }: Standing): number | undefined {
    const forked = fork?.heightOfHash(hash)
    const height = forked ?? recording.heightOfHash(hash)
    if (height === undefined || height > tip) return undefined
    return fork && forked === undefined && height >= fork.from ? undefined : height
  }

  const notThere = ({ method }: Question, asked: number | string, { tip }: Standing): Answer =>
    method.startsWith('query_')
      ? noSuchQueryBlock(shape, method, asked)
      : noSuchBlock(shape, asked, range(tip))

  function latest(question: Question, { tip }: Standing): number {
    // The sidecar looks for the last switch block when it is not told which; the 1.x node takes the tip.
    return question.method === 'chain_get_era_info_by_switch_block' && shape === 'sidecar'
      ? (recording.switchBlockAt(tip)?.height ?? tip)
      : tip
  }

  function atHeight(question: Question, height: number, standing: Standing): Answer {
    const { method, rest } = question
    const block = recording.block(height)
    if (block === undefined || height > standing.tip) return notThere(question, height, standing)
    const answer =
      answers.at(method, rest, height) ??
      deriveAnswer(recording, system, question, block) ??
      (question.address?.kind === 'latest' && height === recording.lastHeight
        ? answers.unaddressed(method, rest, height)
        : undefined) ??
      noSuchStateRoot(shape, block.stateRootHash, range(standing.tip))
    const forked = standing.fork && height >= standing.fork.from ? standing.fork.block(height) : undefined
    return forked ? asForked(question, answer, block, forked, standing.fork?.emptied ?? false) : answer
  }

  function asForked(
    question: Question,
    answer: Answer,
    block: BlockFacts,
    forked: BlockFacts,
    emptied: boolean,
  ) {
    if (answer.failed) return answer
    if (question.method === 'chain_get_block') return { failed: false, body: forked.answer }
    const renamed = renameBlock(answer, block.hash, forked.hash)
    if (question.method === 'query_global_state') {
      return {
        failed: false,
        body: replaceMember(renamed.body, 'block_header', queryHeaderText(forked, shape)),
      }
    }
    if (question.method === 'chain_get_block_transfers' && emptied) {
      return { failed: false, body: replaceMember(renamed.body, 'transfers', '[]') }
    }
    return renamed
  }

  function atRoot(question: Question, root: string, standing: Standing): Answer {
    const heights = recording.heightsOfRoot(root).filter((height) => height <= standing.tip)
    const exact = answers.atRoot(question.method, question.rest, root)
    if (exact && (heights.length > 0 || exact.failed)) return exact
    for (const height of heights) {
      const block = recording.block(height)
      const same = answers.at(question.method, question.rest, height)
      const told = same ?? (block && deriveAnswer(recording, system, question, block))
      if (told) return withoutHeader(told)
    }
    return noSuchStateRoot(shape, root, range(standing.tip))
  }

  function unaddressed(question: Question, standing: Standing): Response {
    const { method, params, rest } = question
    const { tip, fork } = standing
    if (method === 'info_get_deploy' || method === 'info_get_transaction') {
      const height = recording.heightOfTransaction(transactionHash(question) ?? '') ?? null
      const forked = fork && height !== null && height >= fork.from
      const answer = transactionAnswer(recording, question, tip, !(forked && fork.emptied))
      const [was, is] = forked ? [recording.block(height)?.hash, fork.block(height)?.hash] : []
      return { answer: was && is ? renameBlock(answer, was, is) : answer, height }
    }
    const era = (params.era_identifier as { Era?: number } | undefined)?.Era
    if (era !== undefined && (recording.switchHeightOfEra(era) ?? tip) > tip) {
      return { answer: noRewards(), height: null }
    }
    const root = params.state_root_hash
    if (typeof root === 'string' && (recording.heightsOfRoot(root)[0] ?? tip) > tip) {
      return { answer: noSuchStateRoot(shape, root, range(tip)), height: null }
    }
    const recorded = answers.unaddressed(method, rest, tip)
    if (method === 'info_get_status' && recorded) {
      const block = blockAt(tip, fork)
      const lastSwitch = recording.switchBlockAt(tip)
      const served = lastSwitch && blockAt(lastSwitch.height, fork)
      if (block === undefined) return { answer: recorded, height: null }
      const chain = { first: recording.firstHeight, tip: block, lastSwitch: served }
      return { answer: statusAnswer(recorded, chain, standing.uptime), height: tip }
    }
    // Knowing the method but not this question, a node that prunes its state says just this.
    const stateRoot = recording.block(tip)?.stateRootHash ?? ''
    return { answer: recorded ?? noSuchStateRoot(shape, stateRoot, range(tip)), height: null }
  }

  return (method, params, standing) => {
    const refusal = answers.refusal(method, params)
    if (refusal) return { answer: refusal, height: null }
    if (!answers.knows(method)) return { answer: methodNotFound(method), height: null }
    const question = toQuestion(method, params)
    if ('invalid' in question) return { answer: invalidParams(question.invalid), height: null }
    const { address } = question
    if (address === null) return unaddressed(question, standing)
    if (address.kind === 'root') return { answer: atRoot(question, address.root, standing), height: null }
    if (address.kind === 'hash') {
      const height = heightOfHash(address.hash, standing)
      if (height === undefined) {
        return { answer: notThere(question, address.hash, standing), height: null }
      }
      return { answer: atHeight(question, height, standing), height }
    }
    const height = address.kind === 'height' ? address.height : latest(question, standing)
    return { answer: atHeight(question, height, standing), height }
  }
}
