import type { Socket } from 'node:net'
import type { Head } from './head.ts'
import { CONTINUE, GONE, type Reply } from './reply.ts'
import { ReplyWriter } from './reply-writer.ts'
import { RequestParser } from './request-parser.ts'

/** A request that has come whole. */
export interface Request {
  readonly head: Head
  readonly body: Buffer
  /** The client's. */
  readonly address: string
}

export interface HttpPorts {
  /** Looks at a request before its body is read. @returns what is said to one that is refused */
  refuse?(head: Head, address: string): Reply | null
  /** May be late: answers go out in the order of their requests all the same. Where it throws, the connection is destroyed. */
  answer(request: Request): Reply | Promise<Reply>
  /** Asked for what one read brought: by how many milliseconds later it is handed on. Default: 0, in the same turn. */
  delayMs?(): number
}

/** Requests of one client that wait for their turn; then no more is read from it. */
const MOST_WAITING = 1024
/** Bytes of answers that a client has not taken; then no more is read from it. */
const MOST_UNSENT = 4 * 1024 * 1024
/** Milliseconds in which a client that was told of the connection's end can read that before it is gone. */
const LINGER = 2000

/** A request's place among the answers. */
interface Place {
  readonly head: Head | null
  /** Null where there is nothing to ask: the reply stands. */
  readonly request: Request | null
  reply: Reply | null
  isLast: boolean
}

/** Answers the requests of one connection until its end. */
export function serveConnection(socket: Socket, { refuse, answer, delayMs }: HttpPorts): void {
  const address = socket.remoteAddress ?? ''
  const writer = new ReplyWriter()
  /** In the order of the requests; those that were answered are gone from it. */
  const waiting: Place[] = []
  let isEnding = false
  /** Nothing is sent any more. */
  let isSilent = false
  let isPaused = false

  const place = (head: Head | null, request: Request | null, reply: Reply | null, isLast: boolean) =>
    waiting.push({ head, request, reply, isLast })
  const parser = new RequestParser({
    onHead(head) {
      const refusal = refuse?.(head, address) ?? null
      if (refusal !== null) place(head, null, refusal, !head.keepsAlive)
      return refusal === null
    },
    onHeldBack: () => place(null, null, CONTINUE, false),
    onRequest: (head, body) => place(head, { head, body, address }, null, !head.keepsAlive),
    onEnd(reply) {
      isEnding = true
      if (reply !== null) place(null, null, reply, true)
      const last = waiting.at(-1)
      if (last) last.isLast = true
    },
  })

  function receive(bytes: Buffer): void {
    if (isSilent) return
    const before = waiting.length
    parser.push(bytes)
    if (waiting.length === before) {
      if (isEnding) flush()
      return
    }
    const batch = waiting.slice(before)
    const delay = delayMs?.() ?? 0
    if (delay > 0) setTimeout(handOn, delay, batch)
    else handOn(batch)
    if (waiting.length > MOST_WAITING) pause()
  }

  function handOn(batch: readonly Place[]): void {
    if (socket.destroyed) return
    for (const place of batch) {
      if (place.request === null) continue
      try {
        const reply = answer(place.request)
        if (reply instanceof Promise) settle(place, reply)
        else place.reply = reply
      } catch {
        place.reply = GONE
      }
    }
    flush()
  }

  function settle(place: Place, reply: Promise<Reply>): void {
    const take = (reply: Reply) => {
      place.reply = reply
      flush()
    }
    reply.then(take, () => take(GONE))
  }

  /** Sends what is ready and next in order. */
  function flush(): void {
    if (isSilent || socket.destroyed) return
    let sent = 0
    for (const { reply, head, isLast } of waiting) {
      if (reply === null) break
      sent++
      if (reply.breaksOff !== 'gone') writer.add(reply, head, isLast)
      if (reply.breaksOff === undefined) continue
      isSilent = true
      writer.send(socket, reply.breaksOff === 'stall' ? undefined : () => socket.destroy())
      return
    }
    waiting.splice(0, sent)
    writer.send(socket)
    if (socket.writableLength > MOST_UNSENT) pause()
    else if (isPaused && waiting.length <= MOST_WAITING) resume()
    if (isEnding && waiting.length === 0) end()
  }

  function pause(): void {
    isPaused = true
    socket.pause()
  }

  function resume(): void {
    isPaused = false
    socket.resume()
  }

  /** What still comes is read and dropped: closed with bytes unread, the connection would lose the last answer. */
  function end(): void {
    if (socket.writableEnded) return
    socket.end()
    resume()
    socket.setTimeout(LINGER, () => socket.destroy())
  }

  socket.on('data', receive)
  socket.on('drain', flush)
  // A client that goes away in the middle is no error of the node.
  socket.on('error', () => socket.destroy())
  socket.on('end', () => {
    if (isSilent) socket.destroy()
    parser.finish()
    flush()
  })
}
