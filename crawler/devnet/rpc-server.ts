import type { Answer } from './answers.ts'
import { toBlockFacts } from './blocks.ts'
import type { ActiveFault, Faults } from './faults.ts'
import type { HttpPorts, Request } from './http/connection.ts'
import type { Reply } from './http/reply.ts'
import type { Allow } from './rate-limit.ts'
import type { Response } from './respond.ts'
import { flipped, rewriteBlock, tamperBlock } from './rewrite-block.ts'
import { raiseAmount } from './rewrite-transaction.ts'
import { MISSING_ID, refuseHead, tooMany, toRpcReply } from './rpc-reply.ts'
import { parseRequest } from './rpc-request.ts'
import { toFaulty } from './wire-faults.ts'

export type RpcPorts = {
  respond(method: string, params: unknown): Response
  faults: Faults
  /** Null: no limit. */
  allow: Allow | null
}

/** Answers POST /rpc as the nodes' JSON-RPC server does: its statuses, messages and limits. */
export function createRpcHandler({ respond, faults, allow }: RpcPorts): Required<Omit<HttpPorts, 'delayMs'>> {
  function answer({ body }: Request): Reply | Promise<Reply> {
    const parsed = parseRequest(body)
    if ('missingId' in parsed) return MISSING_ID
    if ('answer' in parsed) {
      const { id, answer } = parsed
      return toFaulty(toRpcReply(id, answer.failed, answer.body), faults.strike(null, null))
    }
    const { answer, height } = respond(parsed.method, parsed.params)
    const struck = faults.strike(parsed.method, height)
    const told = struck.length === 0 ? answer : struck.reduce(distort, answer)
    return toFaulty(toRpcReply(parsed.id, told.failed, told.body), struck)
  }

  return {
    refuse(head, address) {
      const refusal = refuseHead(head)
      if (refusal) return refusal
      const wait = allow?.(address) ?? 0
      return wait > 0 ? tooMany(wait) : null
    },
    answer,
  }
}

/** Makes an answer about a block or a transaction wrong. */
function distort(answer: Answer, fault: ActiveFault): Answer {
  if (answer.failed) return answer
  if (fault.kind === 'tamper') return { ...answer, body: tamperBlock(answer.body, fault.part ?? 'header') }
  if (fault.kind === 'wrong-transaction') return { ...answer, body: raiseAmount(answer.body) }
  if (fault.kind !== 'wrong-parent') return answer
  const block = toBlockFacts(answer.body)
  if (block === null) return answer
  return { ...answer, body: rewriteBlock(block, { parentHash: flipped(answer.body, 'parent_hash') }).answer }
}
