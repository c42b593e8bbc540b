import { Pool } from 'undici'
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

export interface RpcOptions {
  readonly url: string
  /** Requests under way at once. */
  readonly connections: number
  /** For the whole answer, body included: a body that stalls after its headers must not hang a crawl. */
  readonly timeoutMs: number
  /** Largest answer that is read; auction states of mainnet reach tens of megabytes. */
  readonly maxBytes: number
}

export interface Rpc {
  readonly url: string
  /** @throws {RpcError} @throws {NodeUnavailableError} */
  call(method: string, params?: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<unknown>
  close(): Promise<void>
}

/** JSON-RPC 2.0 over HTTP with kept-alive connections. */
export function createRpc(options: RpcOptions): Rpc {
  const { origin, pathname, search } = new URL(options.url)
  const path = (pathname === '/' ? '/rpc' : pathname) + search
  const pool = new Pool(origin, {
    connections: options.connections,
    headersTimeout: options.timeoutMs,
    bodyTimeout: options.timeoutMs,
    connectTimeout: Math.min(options.timeoutMs, 10_000),
  })
  let id = 0

  async function call(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const deadline = AbortSignal.timeout(options.timeoutMs)
    const request = { jsonrpc: '2.0', id: ++id, method, ...(params === undefined ? {} : { params }) }
    let text: string
    try {
      const response = await pool.request({
        path,
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(request),
        signal: signal ? AbortSignal.any([deadline, signal]) : deadline,
      })
      if (response.statusCode !== 200) {
        await response.body.dump()
        throw toStatusError(method, response.statusCode, response.headers['retry-after'])
      }
      text = await readText(method, response.body, options.maxBytes)
    } catch (error) {
      if (error instanceof NodeUnavailableError || signal?.aborted) throw error
      if (deadline.aborted)
        throw new NodeUnavailableError(method, 'timeout', `no answer within ${options.timeoutMs} ms`, error)
      throw new NodeUnavailableError(
        method,
        'network',
        error instanceof Error ? error.message : String(error),
        error,
      )
    }
    return toResult(method, text)
  }

  return { url: options.url, call, close: () => pool.close() }
}

function toStatusError(
  method: string,
  status: number,
  retryAfter: string | string[] | undefined,
): NodeUnavailableError {
  const seconds = Number(retryAfter)
  return new NodeUnavailableError(
    method,
    status === 429 ? 'rate-limit' : 'status',
    `HTTP ${status}`,
    undefined,
    Number.isFinite(seconds) && retryAfter !== undefined ? seconds : null,
  )
}

/** Collects the body up to the cap; leaving the loop early destroys the connection. */
async function readText(method: string, body: AsyncIterable<Buffer>, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > maxBytes) throw new NodeUnavailableError(method, 'too-large', `more than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  return (chunks.length === 1 ? chunks[0] : Buffer.concat(chunks, size))?.toString('utf8') ?? ''
}

function toResult(method: string, text: string): unknown {
  let answer: unknown
  try {
    answer = parseJson(text)
  } catch (error) {
    throw new NodeUnavailableError(method, 'not-json', 'the answer is not JSON', error)
  }
  if (typeof answer === 'object' && answer !== null) {
    if ('result' in answer && answer.result !== undefined) return answer.result
    if ('error' in answer && typeof answer.error === 'object' && answer.error !== null) {
      const { code, message, data } = answer.error as { code?: unknown; message?: unknown; data?: unknown }
      throw new RpcError(method, Number(code ?? 0), String(message ?? 'error'), data)
    }
  }
  throw new NodeUnavailableError(method, 'not-json', 'the answer is no JSON-RPC response')
}
