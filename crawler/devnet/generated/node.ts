import { createServer } from 'node:http'
import { createDoors } from '../doors.ts'
import { createEventServer } from '../event-server.ts'
import type { Request } from '../http/connection.ts'
import type { Reply } from '../http/reply.ts'
import { createHttpServer } from '../http/server.ts'
import { MISSING_ID, refuseRoute, toRpcReply } from '../rpc-reply.ts'
import { parseRequest } from '../rpc-request.ts'
import { createAnswers } from './answer.ts'
import type { Shape } from './block-text.ts'
import type { GeneratedChain } from './chain.ts'
import { createAnnouncements } from './events.ts'

export interface GeneratedNodeOptions {
  readonly chain: GeneratedChain
  /** Height of the last block. Its hash is computed at once: some 15 µs for each block below it. */
  readonly tip: number
  /** Milliseconds by which every answer is late, however many are under way. Default 0. */
  readonly delayMs?: number
  /** Lowest height that the node still holds. Default 0. */
  readonly lowest?: number
  /** Default `node-1x` for a chain that never leaves 1.x, `sidecar` for others. */
  readonly shape?: Shape
  /** Which tail is served: 0, the default, for the chain itself, n for its nth fork. */
  readonly fork?: number
  /** Seconds from one block to the next; 0, the default, for a chain that moves only when told to. */
  readonly pace?: number
  /** Default 127.0.0.1. */
  readonly host?: string
}

/** A node of a generated chain. */
export interface GeneratedNode {
  /** Starts to answer, on free ports where none are given. May be called again after `close`. */
  listen(port?: number, eventsPort?: number): Promise<void>
  close(): Promise<void>
  /** `http://127.0.0.1:PORT/rpc` */
  readonly rpcUrl: string
  /** The stream with BlockAdded: `…/events`, or `…/events/main` while the tip is of 1.x. */
  readonly eventsUrl: string
  readonly shape: Shape
  tip(): number
  /** Moves the chain's end, up or down; new blocks are announced. */
  setTip(height: number): void
  /** Adds blocks. @returns the new tip */
  advance(blocks?: number): number
  /** Serves another tail from now on, and announces its blocks. 0 goes back to the chain itself. */
  switchFork(fork: number): void
  /** For answers to calls that come from now on. */
  setDelay(ms: number): void
  setLowest(height: number): void
  /** Number of calls answered since the start, by method. */
  calls(): Readonly<Record<string, number>>
  subscribers(): number
}

/** Builds a node of a generated chain; it answers from `listen` on. */
export function createGeneratedNode(options: GeneratedNodeOptions): GeneratedNode {
  const { chain, pace = 0, host = '127.0.0.1' } = options
  const shape = options.shape ?? (chain.rules.upgradeAt === Number.POSITIVE_INFINITY ? 'node-1x' : 'sidecar')
  const answer = createAnswers(chain, shape)
  const counts: Record<string, number> = {}
  let tail = chain.tail(options.fork ?? 0)
  let { tip, delayMs = 0, lowest = 0 } = options

  const announcements = createAnnouncements(() => tail)
  const events = createEventServer(() => announcements.facts(tip), announcements.since, {
    keepAliveMs: 15_000,
    maxSubscribers: 100,
  })

  function answerRpc({ body }: Request): Reply {
    const asked = parseRequest(body)
    if ('missingId' in asked) return MISSING_ID
    if ('answer' in asked) return toRpcReply(asked.id, asked.answer.failed, asked.answer.body)
    counts[asked.method] = (counts[asked.method] ?? 0) + 1
    const { failed, text } = answer(asked.method, asked.params, { tail, tip, lowest })
    return toRpcReply(asked.id, failed, text)
  }

  function setTip(height: number): void {
    const before = tip
    tip = height
    events.publish(announcements.add(before + 1, tip))
  }

  const doors = createDoors({
    host,
    open: () => ({
      rpc: createHttpServer({ refuse: refuseRoute, answer: answerRpc, delayMs: () => delayMs }),
      events: createServer(events.handle),
    }),
    events,
    pace,
    tick: () => setTip(tip + 1),
  })

  return {
    listen(port = 0, eventsPort = 0) {
      tail.header(tip)
      return doors.listen(port, eventsPort)
    },
    close: doors.close,
    get rpcUrl() {
      return `${doors.origin('rpc')}/rpc`
    },
    get eventsUrl() {
      return `${doors.origin('events')}/events${chain.place(tip).generation === 1 ? '/main' : ''}`
    },
    shape,
    tip: () => tip,
    setTip,
    advance(blocks = 1) {
      setTip(tip + blocks)
      return tip
    },
    switchFork(fork) {
      const before = tail
      tail = chain.tail(fork)
      const differs = [before, tail].filter(({ branch }) => branch > 0).map(({ from }) => from)
      if (tail !== before) events.publish(announcements.add(Math.min(...differs), tip))
    },
    setDelay(ms) {
      delayMs = ms
    },
    setLowest(height) {
      lowest = height
    },
    calls: () => ({ ...counts }),
    subscribers: events.subscribers,
  }
}
