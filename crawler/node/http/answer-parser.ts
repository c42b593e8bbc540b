import { ProtocolError, TooLargeError } from './errors.ts'

/** An answer as it came, its body whole. */
export interface Answer {
  readonly status: number
  /** As sent; null without the header. */
  readonly retryAfter: string | null
  readonly text: string
  /** Whether the server will take another request on this connection. */
  readonly keepsAlive: boolean
}

/** Status line and headers of an answer; a node's take some 200 bytes. */
const MAX_HEAD = 16 * 1024
/** A chunk's size line, extensions included. */
const MAX_LINE = 256

/** Of a body. Each costs a hundred bytes beside its own: in chunks of one byte, gigabytes. 1 KB each is a slow network. */
const MAX_PIECES = 262_144

const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/
const EMPTY = Buffer.alloc(0)

/** Counts the bytes of bodies that have begun and not ended. */
export interface Held {
  bytes: number
}

interface Head {
  readonly status: number
  readonly retryAfter: string | null
  readonly keepsAlive: boolean
  /** Bytes; null when chunked or until the connection's end. */
  readonly length: number | null
  readonly isChunked: boolean
}

/**
 * Answers to POST requests out of the bytes of one connection (RFC 9112), strictly: a length that is not digits, two
 * lengths, a length beside chunks, a body in an encoding: all end the connection, since what follows could be read as
 * another answer's. Holds at most one head and, together with all that count into the same `held`, `maxBytes`.
 */
export class AnswerParser {
  private readonly maxBytes: number
  private readonly held: Held
  private head: Head | null = null
  /** Bytes that do not make a whole head, size line or chunk border yet. */
  private rest: Buffer = EMPTY
  private readonly body: Buffer[] = []
  private size = 0
  /** Bytes of the body or chunk still to come; -1 while a chunk's size line is expected, -2 in the trailers. */
  private missing = 0
  private needsBorder = false

  constructor(maxBytes: number, held: Held = { bytes: 0 }) {
    this.maxBytes = maxBytes
    this.held = held
  }

  /** Gives up on what has begun. */
  drop(): void {
    this.held.bytes -= this.size
    this.size = 0
    this.body.length = 0
  }

  /** Whether an answer has begun. */
  get isWithin(): boolean {
    return this.head !== null || this.rest.length > 0
  }

  /** Takes bytes and calls back for each answer they complete. @throws {ProtocolError} @throws {TooLargeError} */
  push(bytes: Buffer, onAnswer: (answer: Answer) => void): void {
    let left = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes])
    this.rest = EMPTY
    for (;;) {
      if (this.head === null) {
        const end = left.indexOf('\r\n\r\n')
        if (end === -1 || end > MAX_HEAD) {
          if (left.length > MAX_HEAD) throw new TooLargeError(`headers of more than ${MAX_HEAD} bytes`)
          this.rest = left
          return
        }
        const head = parseHead(left.toString('latin1', 0, end))
        left = left.subarray(end + 4)
        // 100 Continue and its kind come before the answer. 101 was not asked for.
        if (head.status === 101) throw new ProtocolError('switched protocols unasked')
        if (head.status < 200) continue
        this.begin(head)
      }
      const taken = this.take(left)
      left = left.subarray(taken)
      if (this.missing !== 0) {
        this.rest = left
        return
      }
      onAnswer(this.finish())
      if (left.length === 0) return
    }
  }

  /** The connection ended. Completes an answer whose end that is. @throws {ProtocolError} in the middle of another */
  end(onAnswer: (answer: Answer) => void): void {
    if (!this.isWithin) return
    if (this.head === null || this.head.length !== null || this.head.isChunked) {
      throw new ProtocolError('the connection ended in the middle of an answer')
    }
    onAnswer(this.finish())
  }

  private begin(head: Head): void {
    this.head = head
    this.size = 0
    this.needsBorder = false
    const { status, length, isChunked } = head
    if (status === 204 || status === 304) this.missing = 0
    else if (isChunked) this.missing = -1
    else this.missing = length ?? Number.POSITIVE_INFINITY
    if (length !== null && length > this.maxBytes) throw new TooLargeError(`more than ${this.maxBytes} bytes`)
  }

  /** Moves body bytes out of `left`. @returns how many bytes are used up */
  private take(left: Buffer): number {
    if (!this.head?.isChunked) return this.takeBytes(left, 0)
    let at = 0
    while (this.missing !== 0) {
      if (this.missing > 0) {
        const taken = this.takeBytes(left, at)
        at += taken
        if (this.missing > 0) return at
        this.missing = -1
        this.needsBorder = true
        continue
      }
      const end = left.indexOf('\r\n', at)
      if (end === -1) {
        if (left.length - at > MAX_LINE) throw new ProtocolError('a chunk without a size')
        return at
      }
      const line = left.toString('latin1', at, end)
      at = end + 2
      if (this.needsBorder) {
        if (line !== '') throw new ProtocolError('a chunk longer than its size')
        this.needsBorder = false
      } else if (this.missing === -2) {
        if (line === '') this.missing = 0
        else if (line.length > MAX_LINE) throw new TooLargeError('trailers too long')
      } else {
        this.missing = parseChunkSize(line) || -2
      }
    }
    return at
  }

  private takeBytes(left: Buffer, at: number): number {
    const taken = Math.min(left.length - at, this.missing)
    if (taken === 0) return 0
    this.size += taken
    this.held.bytes += taken
    if (this.held.bytes > this.maxBytes) throw new TooLargeError(`more than ${this.maxBytes} bytes`)
    if (this.body.length >= MAX_PIECES) throw new TooLargeError(`in more than ${MAX_PIECES} pieces`)
    this.body.push(left.subarray(at, at + taken))
    this.missing -= taken
    return taken
  }

  private finish(): Answer {
    const { status, retryAfter, keepsAlive, length, isChunked } = this.head as Head
    const { body } = this
    const text =
      body.length === 1 ? (body[0] as Buffer).toString('utf8') : Buffer.concat(body).toString('utf8')
    this.drop()
    this.head = null
    this.missing = 0
    // A body that only the connection's end delimits leaves no connection.
    return { status, retryAfter, text, keepsAlive: keepsAlive && (length !== null || isChunked) }
  }
}

function parseHead(head: string): Head {
  const lines = head.split('\r\n')
  const status = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(lines[0] as string)
  if (status === null) throw new ProtocolError('no HTTP/1.1 status line')
  let length: number | null = null
  let isChunked = false
  let retryAfter: string | null = null
  let keepsAlive = status[1] === '1'
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string
    const colon = line.indexOf(':')
    const name = line.slice(0, colon).toLowerCase()
    // `Content-Length : 5` would else be a header of another name (RFC 9112, 5.1).
    if (colon < 1 || !TOKEN.test(name)) throw new ProtocolError('a header without a name')
    const value = () => line.slice(colon + 1).trim()
    if (name === 'content-length') {
      const told = value()
      if (!/^\d{1,15}$/.test(told) || (length !== null && length !== Number(told)))
        throw new ProtocolError('a content-length that is none')
      length = Number(told)
    } else if (name === 'transfer-encoding') {
      if (value().toLowerCase() !== 'chunked') throw new ProtocolError('an unknown transfer-encoding')
      isChunked = true
    } else if (name === 'content-encoding') {
      // Not asked for: a small answer that unfolds into gigabytes stays what it is.
      if (value().toLowerCase() !== 'identity') throw new ProtocolError('an encoding that was not asked for')
    } else if (name === 'connection') {
      if (value().toLowerCase() === 'close') keepsAlive = false
      else if (value().toLowerCase() === 'keep-alive') keepsAlive = true
    } else if (name === 'retry-after') retryAfter = value()
  }
  if (isChunked && length !== null) throw new ProtocolError('a content-length beside chunks')
  return { status: Number(status[2]), retryAfter, keepsAlive, length, isChunked }
}

function parseChunkSize(line: string): number {
  const size = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1]
  if (size === undefined) throw new ProtocolError('a chunk without a size')
  return Number.parseInt(size, 16)
}
