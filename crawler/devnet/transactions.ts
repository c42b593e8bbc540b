import type { Answer } from './answers.ts'
import { canonicalJson, memberSpan } from './json-text.ts'
import { noSuchDeploy, noSuchTransaction } from './node-errors.ts'
import type { Question } from './question.ts'
import type { Recording } from './recording.ts'

/** Member that tells what became of a deploy or transaction, and how it reads before execution. */
const outcomes: ReadonlyArray<readonly [member: string, pending: string]> = [
  ['execution_info', 'null'],
  ['execution_results', '[]'],
]

/** The answer about a deploy as a node gives it that holds the deploy but has not executed it. */
function asPending(answer: Answer): Answer {
  for (const [member, pending] of outcomes) {
    const at = answer.body.lastIndexOf(`"${member}":`)
    const span = at === -1 ? null : memberSpan(answer.body, member, at)
    if (span === null) continue
    const { body } = answer
    return {
      failed: false,
      body: Buffer.concat([body.subarray(0, span.start), Buffer.from(pending), body.subarray(span.end)]),
    }
  }
  return answer
}

/** The hash that info_get_deploy or info_get_transaction asks for. */
export function transactionHash(question: Question): string | null {
  const { deploy_hash, transaction_hash } = question.params
  const hash = deploy_hash ?? Object.values((transaction_hash as object | undefined) ?? {})[0]
  return typeof hash === 'string' ? hash.toLowerCase() : null
}

/**
 * Answers info_get_deploy and info_get_transaction.
 * @param tip height of the chain's last block
 * @param executed whether the chain as served holds the transaction (a fork may have dropped it)
 */
export function transactionAnswer(
  recording: Recording,
  question: Question,
  tip: number,
  executed: boolean,
): Answer {
  const { finalized_approvals: _, ...plain } = question.params
  const recorded =
    recording.answers.fullest(question.method, question.rest) ??
    recording.answers.fullest(question.method, canonicalJson(plain))
  const hash = transactionHash(question) ?? ''
  const height = recording.heightOfTransaction(hash)
  if (recorded === undefined) return unknown(recording, question, hash)
  if (recorded.failed || height === undefined) return recorded
  if (height <= tip) return executed ? recorded : asPending(recorded)
  // The next block's transactions wait in the node's pool; later ones it has not heard of.
  return height === tip + 1 ? asPending(recorded) : unknown(recording, question, hash)
}

function unknown(recording: Recording, question: Question, hash: string): Answer {
  if (question.method === 'info_get_deploy') return noSuchDeploy(recording.shape, hash)
  const kind = Object.keys((question.params.transaction_hash as object | undefined) ?? {})[0]
  return noSuchTransaction(kind === 'Deploy' ? 'Deploy' : 'Version1', hash)
}
