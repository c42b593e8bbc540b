import type { Answer } from './http/answer-parser.ts'
import { type ClientOptions, createClient } from './http/client.ts'
import { TimeoutError, TooLargeError } from './http/errors.ts'
import { parseJson } from './json.ts'

/** The node answered, with an error: it lacks the thing, refuses the method or does not understand. */
export class RpcError extends Error {
  override readonly name = 'RpcError'
  readonly method: string
  readonly code: number
  readonly details: unknown

  constructor(method: string, code: number, message: string, details: unknown) {
    super(`${method}: ${message} (${code})`)
    this.method = method
    this.code = code
    this.details = details
  }
}

/** The node did not answer as a JSON-RPC server does. `retryAfter` in seconds when it asked for patience. */
export class NodeUnavailableError extends Error {
  override readonly name = 'NodeUnavailableError'
  readonly reason: 'network' | 'timeout' | 'status' | 'rate-limit' | 'too-large' | 'not-json'
  readonly retryAfter: number | null

  constructor(
    method: string,
    reason: NodeUnavailableError['reason'],
    detail: string,
    cause?: unknown,
    retryAfter: number | null = null,
  ) {
    super(`${method}: ${detail}`, { cause })
    this.reason = reason
    this.retryAfter = retryAfter
  }
}

export interface Rpc {
  readonly url: string
  /** @throws {RpcError} @throws {NodeUnavailableError} */
  call(method: string, params?: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<unknown>
  close(): void
}

/**
 * Of one answer: parsed, JSON can take twenty times as much memory. A deploy has at most 1 MB of wasm, which is 2 MB of hex;
 * what tells of all validators and delegators at once is bounded by the client alone.
 */
const MOST = 16 * 1024 * 1024
const LARGE: ReadonlySet<string> = new Set([
  'state_get_auction_info',
  'state_get_auction_info_v2',
  'chain_get_era_summary',
  'chain_get_era_info_by_switch_block',
  'info_get_chainspec',
])

/** JSON-RPC 2.0 over HTTP with kept-alive connections. */
export function createRpc(options: ClientOptions): Rpc {
  const client = createClient(options)
  let id = 0

  async function call(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const request = { jsonrpc: '2.0', id: ++id, method, ...(params === undefined ? {} : { params }) }
    let answer: Answer
    try {
      answer = await client.post(JSON.stringify(request), signal)
    } catch (error) {
      if (signal?.aborted) throw error
      throw new NodeUnavailableError(
        method,
        toFailure(error),
        error instanceof Error ? error.message : String(error),
        error,
      )
    }
    const most = LARGE.has(method) ? Number.POSITIVE_INFINITY : MOST
    if (answer.text.length > most)
      throw new NodeUnavailableError(method, 'too-large', `more than ${most} characters`)
    if (answer.status !== 200) throw toStatusError(method, answer.status, answer.retryAfter)
    const told = toJson(method, answer.text)
    if (!isTo(request.id, told)) {
      // Out of step, as after an answer that came twice: whatever comes on these connections is another question's.
      client.renew()
      throw new NodeUnavailableError(method, 'not-json', 'the answer is to another question')
    }
    return toResult(method, told)
  }

  return { url: options.url, call, close: client.close }
}

function toFailure(error: unknown): 'timeout' | 'too-large' | 'network' {
  if (error instanceof TimeoutError) return 'timeout'
  return error instanceof TooLargeError ? 'too-large' : 'network'
}

function toStatusError(method: string, status: number, retryAfter: string | null): NodeUnavailableError {
  // Also an HTTP date by the RFC; nodes send seconds.
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter)
  const reason = status === 429 ? 'rate-limit' : 'status'
  return new NodeUnavailableError(
    method,
    reason,
    `HTTP ${status}`,
    undefined,
    Number.isFinite(seconds) ? seconds : null,
  )
}

/** What a message says is in its beginning. */
const MOST_TOLD = 500

/** JSON-RPC 2.0, section 5.1: a code and a message, and no result beside them but, at some servers, null. */
function toError(method: string, error: unknown): RpcError | NodeUnavailableError {
  const { code, message, data } = Object(error) as { code?: unknown; message?: unknown; data?: unknown }
  if (!Number.isSafeInteger(code) || typeof message !== 'string')
    return new NodeUnavailableError(method, 'not-json', 'the answer is an error without a code and a message')
  return new RpcError(method, code as number, message.slice(0, MOST_TOLD), data)
}

interface Told {
  readonly id?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

function toJson(method: string, text: string): Told {
  let told: unknown
  try {
    told = parseJson(text)
  } catch (error) {
    throw new NodeUnavailableError(method, 'not-json', 'the answer is not JSON', error)
  }
  if (typeof told === 'object' && told !== null) return told
  throw new NodeUnavailableError(method, 'not-json', 'the answer is no JSON-RPC response')
}

/** An error's id is null where the server could not tell the question's (JSON-RPC 2.0, section 5). */
function isTo(id: number, told: Told): boolean {
  return told.id === id || (told.id === null && told.result === undefined)
}

function toResult(method: string, { result, error }: Told): unknown {
  if (error !== undefined && error !== null) throw toError(method, error)
  if (result !== undefined) return result
  throw new NodeUnavailableError(method, 'not-json', 'the answer is no JSON-RPC response')
}
