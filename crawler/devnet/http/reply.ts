import { STATUS_CODES } from 'node:http'
import type { Head } from './head.ts'

/** An answer over HTTP; its body is JSON. */
export interface Reply {
  readonly status: number
  /** One after another. A character of a text stands for one byte, so that its length is its size. */
  readonly body: readonly (string | Buffer)[]
  /** Seconds. */
  readonly retryAfter?: number
  /**
   * What goes wrong with it. `stall`: after the head and half of the body nothing is sent any more; `truncate`: there the
   * connection is destroyed; `gone`: it is destroyed before.
   */
  readonly breaksOff?: 'stall' | 'truncate' | 'gone'
}

/** Asks for a body that is held back until then. */
export const CONTINUE: Reply = { status: 100, body: [] }
export const GONE: Reply = { status: 500, body: [], breaksOff: 'gone' }

/** What the nodes say outside JSON-RPC: a message about the HTTP request itself. */
export function message(status: number, text: string): Reply {
  return toJsonReply(status, { message: text })
}

export function toJsonReply(status: number, value: unknown): Reply {
  return { status, body: [Buffer.from(JSON.stringify(value))] }
}

export function sizeOf(body: Reply['body']): number {
  let size = 0
  for (const piece of body) size += piece.length
  return size
}

/** The first half of a body. */
export function halfOf(body: Reply['body']): Reply['body'] {
  const whole = Buffer.concat(
    body.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece)),
  )
  return [whole.subarray(0, whole.length >> 1)]
}

/** @param head of the request that it answers, null where that could not be read */
export function replyHead({ status, body, retryAfter }: Reply, head: Head | null, isLast: boolean): string {
  if (status === 100) return 'HTTP/1.1 100 Continue\r\n\r\n'
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\ncontent-type: application/json\r\ncontent-length: ${sizeOf(body)}\r\n`
  if (retryAfter !== undefined) text += `retry-after: ${retryAfter}\r\n`
  if (isLast) text += 'connection: close\r\n'
  else if (head?.isOld) text += 'connection: keep-alive\r\n'
  return `${text}\r\n`
}
