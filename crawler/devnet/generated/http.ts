import { createServer, type Server, type Socket } from 'node:net'
import { maxBodyBytes } from '../wire.ts'

export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly body: Buffer
}

/** `text` is ASCII, so that its length is its size. */
export interface HttpReply {
  readonly status: number
  readonly text: string
}

const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  411: 'Length Required',
  413: 'Payload Too Large',
}
const HEAD_END = '\r\n\r\n'
/** Longer heads than this are nobody's. */
const MOST_HEAD = 16 * 1024

/** Requests that came in one piece and are answered in one. */
interface Batch {
  readonly requests: (HttpRequest | HttpReply)[]
  isDue: boolean
}

/**
 * As much of HTTP/1.1 as JSON-RPC clients speak: bodies of a stated length, connections that stay open, requests sent
 * ahead. `node:http` costs several times as much for each small answer, most of it for a write of its own: here all
 * answers to what one read brought go out in one write.
 *
 * @param delayMs asked for each batch: how late it is answered; 0 answers within the same turn
 */
export function createHttpServer(answer: (request: HttpRequest) => HttpReply, delayMs: () => number): Server {
  function serve(socket: Socket): void {
    const waiting: Batch[] = []
    let pending: Buffer = Buffer.alloc(0)

    socket.setNoDelay(true)
    // A client that goes away in the middle is no error of the node.
    socket.on('error', () => socket.destroy())
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk])
      const { requests, rest } = parseRequests(pending)
      pending = rest
      if (requests.length === 0) return
      const batch = { requests, isDue: false }
      waiting.push(batch)
      const due = () => {
        batch.isDue = true
        flush()
      }
      const delay = delayMs()
      if (delay > 0) setTimeout(due, delay)
      else due()
    })

    /** Answers go out in the order of their requests, also after the delay was changed. */
    function flush(): void {
      let text = ''
      let mustEnd = false
      while (waiting[0]?.isDue) {
        for (const request of waiting.shift()?.requests ?? []) {
          const reply = 'status' in request ? request : answer(request)
          // After a request that could not be read, nothing tells where the next one begins.
          if ('status' in request) mustEnd = true
          text += toText(reply)
        }
      }
      if (socket.destroyed || text === '') return
      if (mustEnd) socket.end(text, 'latin1')
      else socket.write(text, 'latin1')
    }
  }
  return createServer(serve)
}

function toText({ status, text }: HttpReply): string {
  return `HTTP/1.1 ${status} ${REASONS[status]}\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`
}

const message = (status: number): HttpReply => ({ status, text: `{"message":"${REASONS[status]}"}` })

/** Takes all whole requests off the front; a reply stands for one that cannot be read, and is the last. */
function parseRequests(bytes: Buffer): { requests: (HttpRequest | HttpReply)[]; rest: Buffer } {
  const requests: (HttpRequest | HttpReply)[] = []
  let at = 0
  while (at < bytes.length) {
    const end = bytes.indexOf(HEAD_END, at, 'latin1')
    if (end < 0) {
      if (bytes.length - at > MOST_HEAD)
        return { requests: [...requests, message(400)], rest: Buffer.alloc(0) }
      break
    }
    const head = bytes.toString('latin1', at, end)
    const [method = '', path = ''] = head.slice(0, head.indexOf('\r\n')).split(' ', 2)
    const length = method === 'GET' ? 0 : Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? Number.NaN)
    if (Number.isNaN(length)) return { requests: [...requests, message(411)], rest: Buffer.alloc(0) }
    if (length > maxBodyBytes) return { requests: [...requests, message(413)], rest: Buffer.alloc(0) }
    const start = end + HEAD_END.length
    if (start + length > bytes.length) break
    requests.push({ method, path, body: bytes.subarray(start, start + length) })
    at = start + length
  }
  return { requests, rest: bytes.subarray(at) }
}
