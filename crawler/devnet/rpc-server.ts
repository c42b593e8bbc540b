import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Answer } from './answers.ts'
import { toBlockFacts } from './blocks.ts'
import type { ActiveFault, Faults } from './faults.ts'
import type { Allow } from './rate-limit.ts'
import type { Response } from './respond.ts'
import { flipped, rewriteBlock, tamperBlock } from './rewrite-block.ts'
import { parseRequest } from './rpc-request.ts'
import { maxBodyBytes, readBody, sendFaulty, sendMessage, sendTooMany } from './wire.ts'

export type RpcPorts = {
  respond(method: string, params: unknown): Response
  faults: Faults
  /** Null: no limit. */
  allow: Allow | null
}

const resultOpening = Buffer.from(',"result":')
const errorOpening = Buffer.from(',"error":')
const closing = Buffer.from('}')

function envelope(id: string, answer: Answer): Buffer {
  return Buffer.concat([
    Buffer.from(`{"jsonrpc":"2.0","id":${id}`),
    answer.failed ? errorOpening : resultOpening,
    answer.body,
    closing,
  ])
}

/** Handles POST /rpc as the nodes' JSON-RPC server does: its statuses, messages and limits. */
export function createRpcHandler({ respond, faults, allow }: RpcPorts) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const refusal = refuse(request)
    if (refusal) return sendMessage(response, refusal.status, refusal.message)
    const wait = allow?.(request.socket.remoteAddress ?? '') ?? 0
    if (wait > 0) return sendTooMany(response, wait)

    const parsed = parseRequest(await readBody(request))
    if ('missingId' in parsed) return sendMessage(response, 400, "The request is missing the 'id' field")
    if ('answer' in parsed) {
      return sendFaulty(response, envelope(parsed.id, parsed.answer), faults.strike(null, null))
    }
    const { answer, height } = respond(parsed.method, parsed.params)
    const struck = faults.strike(parsed.method, height)
    const told = struck.length === 0 ? answer : struck.reduce(distort, answer)
    return sendFaulty(response, envelope(parsed.id, told), struck)
  }
}

function refuse(request: IncomingMessage): { status: number; message: string } | null {
  const path = (request.url ?? '').split('?', 1)[0]
  if (path !== '/rpc') return { status: 404, message: 'Path not found' }
  if (request.method !== 'POST') return { status: 405, message: 'HTTP method not allowed' }
  const type = request.headers['content-type']
  if (type === undefined) return { status: 400, message: "The request's content-type is not set" }
  // The nodes compare the whole value, so that `application/json; charset=utf-8` is refused as well.
  if (type.toLowerCase() !== 'application/json') {
    return { status: 415, message: "The request's content-type is not supported" }
  }
  // A body of unstated length is refused with the same words.
  const length = Number(request.headers['content-length'] ?? Number.POSITIVE_INFINITY)
  return length > maxBodyBytes
    ? { status: 413, message: `The request payload exceeds the maximum allowed of ${maxBodyBytes} bytes` }
    : null
}

/** Makes a block's answer wrong. */
function distort(answer: Answer, fault: ActiveFault): Answer {
  if (answer.failed) return answer
  if (fault.kind === 'tamper') return { ...answer, body: tamperBlock(answer.body, fault.part ?? 'header') }
  if (fault.kind !== 'wrong-parent') return answer
  const block = toBlockFacts(answer.body)
  if (block === null) return answer
  return { ...answer, body: rewriteBlock(block, { parentHash: flipped(answer.body, 'parent_hash') }).answer }
}
