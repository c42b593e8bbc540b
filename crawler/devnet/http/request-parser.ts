import { couldBeHead, type Head, parseHead } from './head.ts'
import { message, type Reply } from './reply.ts'

/** The node's limit for a request's body, in bytes. */
export const MOST_BODY = 2_621_440
/** Of a request line with its fields, in bytes. A client's take some 200. */
const MOST_HEAD = 16 * 1024

const HEAD_END = '\r\n\r\n'
const EMPTY = Buffer.alloc(0)

const BAD = message(400, 'Bad Request')
const LONG_HEAD = message(431, 'Request Header Fields Too Large')
/** In these words bodies of unstated length are refused as well. */
export const TOO_LARGE = message(413, `The request payload exceeds the maximum allowed of ${MOST_BODY} bytes`)

/** What is told of the bytes of one connection. */
export interface RequestSink {
  /** A head has come. @returns whether its body is wanted; one that is not is passed over */
  onHead(head: Head): boolean
  /** A wanted body is to come that the client holds back until it is asked for it. */
  onHeldBack(): void
  /** A wanted body has come whole. */
  onRequest(head: Head, body: Buffer): void
  /** Nothing more can be read from this connection. `reply`: what is owed to a request that broke off or is none. */
  onEnd(reply: Reply | null): void
}

/**
 * Requests out of the bytes of one connection, in whatever pieces they come. Holds at most one head and one body.
 * After a request that is none, or one whose body nobody will read, nothing tells where the next one begins: it is the last.
 */
export class RequestParser {
  private readonly sink: RequestSink
  /** Bytes that are no whole head yet. */
  private rest: Buffer = EMPTY
  /** The head whose body is being read. */
  private head: Head | null = null
  /** The body as far as it has come; null where it is passed over. */
  private body: Buffer | null = null
  /** Bytes of the body still to come. */
  private missing = 0
  private isOver = false
  /** A client's heads are alike but for the body's length, and even that seldom changes. */
  private known: { readonly text: string; readonly head: Head } | null = null

  constructor(sink: RequestSink) {
    this.sink = sink
  }

  push(bytes: Buffer): void {
    if (this.isOver) return
    const all = this.rest.length === 0 ? bytes : Buffer.concat([this.rest, bytes])
    this.rest = EMPTY
    let at = 0
    while (at < all.length && !this.isOver) {
      if (this.head !== null) {
        at += this.fill(all, at)
        continue
      }
      // Empty lines before a request are passed over (RFC 9112, 2.2).
      if (all[at] === 13 && all[at + 1] === 10) {
        at += 2
        continue
      }
      const end = all.indexOf(HEAD_END, at, 'latin1')
      if ((end === -1 ? all.length : end) - at > MOST_HEAD) return this.end(LONG_HEAD)
      if (end === -1) {
        if (!couldBeHead(all.toString('latin1', at))) return this.end(BAD)
        this.rest = all.subarray(at)
        return
      }
      const head = this.readHead(all.toString('latin1', at, end))
      if (head === null) return this.end(BAD)
      at = this.begin(head, all, end + HEAD_END.length)
    }
  }

  /** The client sends no more. */
  finish(): void {
    if (!this.isOver) this.end(this.head === null && this.rest.length === 0 ? null : BAD)
  }

  private readHead(text: string): Head | null {
    if (this.known?.text === text) return this.known.head
    const head = parseHead(text)
    if (head !== null) this.known = { text, head }
    return head
  }

  /** @returns where to read on */
  private begin(head: Head, all: Buffer, at: number): number {
    const isWanted = this.sink.onHead(head)
    const length = head.length ?? 0
    const isTooLarge = head.isChunked || length > MOST_BODY
    // A body that is held back may never come once it was refused.
    if (isTooLarge || (!isWanted && (head.expectsContinue || !head.keepsAlive))) {
      this.end(isWanted ? TOO_LARGE : null)
      return at
    }
    if (isWanted && at + length <= all.length) {
      this.sink.onRequest(head, all.subarray(at, at + length))
      if (!head.keepsAlive) this.end(null)
      return at + length
    }
    if (isWanted && head.expectsContinue) this.sink.onHeldBack()
    this.head = head
    this.body = isWanted ? Buffer.allocUnsafe(length) : null
    this.missing = length
    return at + this.fill(all, at)
  }

  /** @returns how many bytes are used up */
  private fill(all: Buffer, at: number): number {
    const taken = Math.min(this.missing, all.length - at)
    const { head, body } = this
    if (body !== null) all.copy(body, body.length - this.missing, at, at + taken)
    this.missing -= taken
    if (this.missing > 0 || head === null) return taken
    this.head = null
    this.body = null
    if (body !== null) this.sink.onRequest(head, body)
    if (!head.keepsAlive) this.end(null)
    return taken
  }

  private end(reply: Reply | null): void {
    this.isOver = true
    this.rest = EMPTY
    this.head = null
    this.body = null
    this.sink.onEnd(reply)
  }
}
