import type { Answer } from './answers.ts'
import { type BlockFacts, queryHeaderText } from './blocks.ts'
import { replaceMember, replaceText } from './json-text.ts'
import type { Question } from './question.ts'
import type { Recording } from './recording.ts'
import type { SystemKeys } from './system-keys.ts'

/**
 * Answers for heights that were not asked for when the chain was recorded, where what was recorded
 * proves them. Everything else stays unanswered.
 */
export function deriveAnswer(
  recording: Recording,
  system: SystemKeys,
  question: Question,
  block: BlockFacts,
): Answer | undefined {
  const { method, rest } = question
  const { answers } = recording
  if (method === 'chain_get_state_root_hash') return stateRootHash(block)
  if (method === 'chain_get_era_info_by_switch_block' && !block.isSwitch) {
    return wrap(block, '"era_summary":null')
  }
  // The state is a function of its root, so blocks that share a root share everything that lies in it.
  for (const height of recording.heightsOfRoot(block.stateRootHash)) {
    const same = answers.at(method, rest, height)
    if (same) return relabel(recording, method, same, block)
  }
  if (method === 'query_global_state') {
    const constant = system.constant(rest, block.protocolVersion)
    if (constant) return relabel(recording, method, constant, block)
    if (rest === system.supplyByPath && system.supplyByUref !== null) {
      const byUref = answers.at(method, system.supplyByUref, block.height)
      return byUref ?? deriveAnswer(recording, system, { ...question, rest: system.supplyByUref }, block)
    }
  }
  const before = block.isSwitch ? undefined : recording.switchBlockAt(block.height)
  if (before === undefined) return undefined
  // The key of era summaries is written only when an era ends, so between two ends a node answers with
  // the content of the era before, under the era of the block that was asked about.
  // The supply moves at switch blocks only in Version1; in Version2 any fee or burn moves it.
  const carried =
    method === 'chain_get_era_summary' ||
    (method === 'query_global_state' && rest === system.supplyByUref && block.version === 1)
  const last = carried ? answers.at(method, rest, before.height) : undefined
  return last && relabel(recording, method, last, block)
}

/** The answer of query_global_state to a state root instead of a block: the same without a header. */
export const withoutHeader = (answer: Answer): Answer =>
  answer.failed ? answer : { ...answer, body: replaceMember(answer.body, 'block_header', 'null') }

function wrap(block: BlockFacts, member: string): Answer {
  const version = block.answer.subarray(0, block.answer.indexOf(44)).toString() // {"api_version":"…"
  return { failed: false, body: Buffer.from(`${version},${member}}`) }
}

function stateRootHash(block: BlockFacts): Answer {
  return wrap(block, `"state_root_hash":"${block.stateRootHash}"`)
}

/** Puts another block's name on an answer about the state. */
function relabel(recording: Recording, method: string, answer: Answer, block: BlockFacts): Answer {
  if (answer.failed) return answer
  let { body } = answer
  if (method === 'query_global_state') {
    body = replaceMember(body, 'block_header', queryHeaderText(block, recording.shape))
  } else if (method === 'chain_get_era_summary') {
    const root = JSON.stringify(block.stateRootHash)
    body = replaceMember(body, 'block_hash', JSON.stringify(block.hash))
    body = replaceMember(body, 'era_id', String(block.eraId))
    body = replaceMember(body, 'state_root_hash', root)
  } else if (method.startsWith('state_get_auction_info')) {
    body = replaceMember(body, 'block_height', String(block.height))
  }
  return { failed: false, body }
}

/** Puts the hash of a forked block in the place of the recorded one, wherever an answer names it. */
export const renameBlock = (answer: Answer, from: string, to: string): Answer => ({
  ...answer,
  body: replaceText(answer.body, from, to),
})
