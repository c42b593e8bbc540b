import type { Head } from './http/head.ts'
import { message, type Reply } from './http/reply.ts'
import { MOST_BODY, TOO_LARGE } from './http/request-parser.ts'

export const PATH_NOT_FOUND = message(404, 'Path not found')
const METHOD_NOT_ALLOWED = message(405, 'HTTP method not allowed')
const NO_CONTENT_TYPE = message(400, "The request's content-type is not set")
const WRONG_CONTENT_TYPE = message(415, "The request's content-type is not supported")
export const MISSING_ID = message(400, "The request is missing the 'id' field")
export const SERVER_ERROR = message(500, 'Internal server error: unhandled rejection')

/** @param retryAfter seconds */
export const tooMany = (retryAfter: number): Reply => ({ ...message(429, 'Too many requests'), retryAfter })

/**
 * A JSON-RPC answer.
 * @param id the text to echo
 * @param said text of the result, or of the error when `failed`
 */
export function toRpcReply(id: string, failed: boolean, said: string | Buffer): Reply {
  const opening = `{"jsonrpc":"2.0","id":${id},${failed ? '"error":' : '"result":'}`
  return { status: 200, body: [isBytes(opening) ? opening : Buffer.from(opening), said, '}'] }
}

/** Whether a text's characters are bytes of UTF-8 as they stand. */
const isBytes = (text: string) => /^[\0-\x7f]*$/.test(text)

/** What does not go to the only path by the only verb. */
export function refuseRoute({ path, method }: Head): Reply | null {
  if (path !== '/rpc') return PATH_NOT_FOUND
  return method === 'POST' ? null : METHOD_NOT_ALLOWED
}

/** What the nodes' JSON-RPC server refuses before it reads the body, in its order. */
export function refuseHead(head: Head): Reply | null {
  const misrouted = refuseRoute(head)
  if (misrouted) return misrouted
  const { contentType, length } = head
  if (contentType === null) return NO_CONTENT_TYPE
  // The nodes compare the whole value, so that `application/json; charset=utf-8` is refused as well.
  if (contentType.toLowerCase() !== 'application/json') return WRONG_CONTENT_TYPE
  // A body of unstated length is refused with the same words.
  return (length ?? Number.POSITIVE_INFINITY) > MOST_BODY ? TOO_LARGE : null
}
