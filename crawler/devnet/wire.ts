import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ActiveFault } from './faults.ts'

/** The node's limit for a request's body, in bytes. */
export const maxBodyBytes = 2_621_440

/** Reads a request's body whole. By events: to iterate over a stream costs as much as the rest of a small answer. */
export function readBody(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

export function send(
  response: ServerResponse,
  status: number,
  body: Buffer,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    ...headers,
  })
  response.end(body)
}

/** What the nodes say outside JSON-RPC: a message about the HTTP request itself. */
export const sendMessage = (
  response: ServerResponse,
  status: number,
  message: string,
  headers?: Record<string, string>,
): void => send(response, status, Buffer.from(JSON.stringify({ message })), headers)

export const sendTooMany = (response: ServerResponse, retryAfter: number): void =>
  sendMessage(response, 429, 'Too many requests', { 'retry-after': String(retryAfter) })

/** Sends an answer the way the faults that struck the call want it. */
export async function sendFaulty(
  response: ServerResponse,
  body: Buffer,
  faults: readonly ActiveFault[],
): Promise<void> {
  for (const fault of faults) {
    if (fault.kind === 'slow') await sleep(fault.ms, undefined, { ref: false })
  }
  const half = body.subarray(0, body.length >> 1)
  for (const fault of faults) {
    switch (fault.kind) {
      case 'gone':
        response.destroy()
        return
      case 'rate-limit':
        return sendTooMany(response, fault.retryAfter ?? 1)
      case 'server-error':
        return sendMessage(response, 500, 'Internal server error: unhandled rejection')
      case 'malformed':
        return send(response, 200, half)
      case 'stall':
      case 'truncate':
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': body.length })
        response.write(half, () => {
          if (fault.kind === 'truncate') response.destroy()
        })
        return
    }
  }
  send(response, 200, body)
}
