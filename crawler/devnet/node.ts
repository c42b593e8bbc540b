import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createAdminHandler } from './admin.ts'
import { createChainState, type Start } from './chain-state.ts'
import { createDoors } from './doors.ts'
import { createEventLog, type LoggedEvent } from './event-log.ts'
import { createEventServer } from './event-server.ts'
import { createFaults, type Faults } from './faults.ts'
import type { Head } from './http/head.ts'
import { createHttpServer } from './http/server.ts'
import { createAllowance, type RateLimit } from './rate-limit.ts'
import type { Recording } from './recording.ts'
import { createResponder } from './respond.ts'
import { createRpcHandler } from './rpc-server.ts'

export type RecordedNodeOptions = {
  recording: Recording
  /** Where the chain stands at first. Default: at its end. */
  start?: Start
  /** Seconds from one block to the next; 0, the default, for a chain that moves only when told to. */
  pace?: number
  /** File that keeps the tip between runs; it goes before `start`. */
  stateFile?: string
  rateLimit?: RateLimit
  /** Default 127.0.0.1. */
  host?: string
  /** Events kept for `start_from`; default 5000, as the node's. */
  eventBuffer?: number
  /** Milliseconds between keep-alive comments; default 15000, as the node's. */
  keepAliveMs?: number
  /** Event streams at once; default 100, as the node's. */
  maxSubscribers?: number
}

/** A node that serves a recorded chain. */
export type RecordedNode = {
  /** Starts to answer, on free ports where none are given. May be called again after `close`. */
  listen(port?: number, eventsPort?: number): Promise<void>
  close(): Promise<void>
  /** `http://127.0.0.1:PORT/rpc` */
  readonly rpcUrl: string
  /** The stream with BlockAdded that the node behind the tip has: `…/events`, or `…/events/main` of 1.x. */
  readonly eventsUrl: string
  /** `http://127.0.0.1:PORT/devnet`: the switches over HTTP. */
  readonly adminUrl: string
  tip(): number
  /** Adds blocks at once. @returns the new tip */
  advance(blocks?: number): number
  /** Takes the chain back to a height, as after a rollback. @returns the new tip */
  rewind(height: number): number
  readonly faults: Faults
  /** Number of calls answered since the start, by method; unreadable requests are not counted. */
  calls(): Readonly<Record<string, number>>
  subscribers(): number
}

/** Builds a node over a recording; it answers from `listen` on. */
export function createRecordedNode(options: RecordedNodeOptions): RecordedNode {
  const { recording, pace = 0, host = '127.0.0.1' } = options
  const chain = createChainState(recording, options.start ?? 'end', options.stateFile ?? null)
  const log = createEventLog(recording, options.eventBuffer ?? 5000)
  for (let height = recording.firstHeight; height <= chain.tip(); height++) log.append(height)

  const tipBlock = () => chain.block(chain.tip())
  const events = createEventServer(tipBlock, log.since, {
    keepAliveMs: options.keepAliveMs ?? 15_000,
    maxSubscribers: options.maxSubscribers ?? 100,
  })
  const faults = createFaults(followFaults)
  const has = (kind: string) => faults.list().some((fault) => fault.kind === kind)
  const publish = (told: readonly LoggedEvent[]) => {
    if (!has('silent-events')) events.publish(told)
  }

  /** Without a limit to some calls the whole node is away, its event streams too. */
  const isAway = () =>
    faults
      .list()
      .some(({ kind, method, height }) => kind === 'gone' && method === undefined && height === undefined)

  /** Puts the fork that is switched on in force, and tells of the blocks that are others now. */
  function followFaults(): void {
    if (isAway()) events.destroy()
    const wanted = faults.list().findLast((fault) => fault.kind === 'fork')
    const before = chain.fork()
    chain.setFork(wanted?.kind === 'fork' ? { from: wanted.from, emptied: wanted.emptied ?? false } : null)
    const now = chain.fork()
    if (now === before) return
    const from = Math.min(before?.from ?? Number.POSITIVE_INFINITY, now?.from ?? Number.POSITIVE_INFINITY)
    for (let height = from; height <= chain.tip(); height++) publish(log.announce(chain.block(height)))
  }

  function advance(blocks = 1): number {
    for (let left = blocks; left > 0 && chain.tip() < recording.lastHeight; left--) {
      const height = chain.tip() + 1
      chain.moveTo(height)
      const fork = chain.fork()
      publish(fork && height >= fork.from ? log.announce(chain.block(height)) : log.append(height))
    }
    return chain.tip()
  }
  function rewind(height: number): number {
    chain.moveTo(Math.min(height, chain.tip()))
    return chain.tip()
  }

  const started = performance.now()
  const respond = createResponder(recording)
  const counts: Record<string, number> = {}
  const rpc = createRpcHandler({
    respond(method, params) {
      counts[method] = (counts[method] ?? 0) + 1
      return respond(method, params, {
        tip: chain.tip(),
        fork: chain.fork(),
        uptime: performance.now() - started,
      })
    },
    faults,
    allow: options.rateLimit ? createAllowance(options.rateLimit, () => performance.now()) : null,
  })
  const { lastHeight } = recording
  const subscribers = events.subscribers
  const answerAdmin = createAdminHandler({ faults, tip: chain.tip, lastHeight, subscribers, advance, rewind })

  const isAdmin = (head: Head) => head.path.startsWith('/devnet')
  const answerEvents = (request: IncomingMessage, response: ServerResponse) => {
    if (isAway()) response.destroy()
    else events.handle(request, response)
  }

  const doors = createDoors({
    host,
    open: () => ({
      rpc: createHttpServer({
        refuse: (head, address) => (isAdmin(head) ? null : rpc.refuse(head, address)),
        answer: (request) => (isAdmin(request.head) ? answerAdmin(request) : rpc.answer(request)),
      }),
      events: createServer({ keepAliveTimeout: 0 }, answerEvents),
    }),
    events,
    pace,
    tick: advance,
  })

  return {
    listen: (port = 0, eventsPort = 0) => doors.listen(port, eventsPort),
    close: doors.close,
    get rpcUrl() {
      return `${doors.origin('rpc')}/rpc`
    },
    get eventsUrl() {
      return `${doors.origin('events')}/events${tipBlock().version === 1 ? '/main' : ''}`
    },
    get adminUrl() {
      return `${doors.origin('rpc')}/devnet`
    },
    tip: chain.tip,
    advance,
    rewind,
    faults,
    calls: () => ({ ...counts }),
    subscribers,
  }
}
