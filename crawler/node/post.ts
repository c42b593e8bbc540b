import type { Dispatcher } from 'undici'
import { onAbort } from './abort.ts'

/** An answer as it came, its body whole. */
export interface Answered {
  readonly status: number
  readonly retryAfter: string | null
  readonly text: string
}

export class TooLargeError extends Error {}
export class TimeoutError extends Error {}

export interface PostOptions {
  readonly path: string
  readonly body: string
  /** Over the whole exchange: a body that stalls after its headers must not hang a crawl. */
  readonly timeoutMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal | undefined
}

const HEADERS = { 'content-type': 'application/json', accept: 'application/json' }

/**
 * Posts JSON and collects the answer. Straight on undici's dispatch: its `request` makes a stream and abort listeners for
 * each of a thousand small answers a second, which cost more than all decoding.
 */
export function post(dispatcher: Dispatcher, options: PostOptions): Promise<Answered> {
  const { path, body, timeoutMs, maxBytes, signal } = options
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | null = null
    let status = 0
    let retryAfter: string | null = null
    let size = 0
    let isDone = false
    const chunks: Buffer[] = []

    const finish = (error: Error | null) => {
      if (isDone) return
      isDone = true
      clearTimeout(timer)
      forget()
      if (error === null) resolve({ status, retryAfter, text: Buffer.concat(chunks, size).toString('utf8') })
      else {
        reject(error)
        controller?.abort(error)
      }
    }
    const stop = () => finish(new Error('stopped'))
    let forget = () => {}
    const timer = setTimeout(() => finish(new TimeoutError(`no answer within ${timeoutMs} ms`)), timeoutMs)
    if (signal?.aborted) return stop()
    if (signal) forget = onAbort(signal, stop)

    dispatcher.dispatch(
      { path, method: 'POST', headers: HEADERS, body },
      {
        onRequestStart(started) {
          controller = started
          if (isDone) started.abort(new Error('stopped'))
        },
        onResponseStart(_controller, statusCode, headers) {
          status = statusCode
          const value = headers['retry-after']
          retryAfter = typeof value === 'string' ? value : null
        },
        onResponseData(_controller, chunk) {
          size += chunk.length
          if (size > maxBytes) finish(new TooLargeError(`more than ${maxBytes} bytes`))
          else chunks.push(chunk)
        },
        onResponseEnd: () => finish(null),
        onResponseError: (_controller, error) => finish(error),
      },
    )
  })
}
