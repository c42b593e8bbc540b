import http, { type IncomingMessage } from 'node:http'
import https from 'node:https'
import type { Ms } from '../../src/domain/time.ts'
import { type Log, toReason } from '../log.ts'
import { onAbort } from './abort.ts'
import { EventFrames, NoEventsError, type Told } from './event-frames.ts'
import { systemClock } from './pool/clock.ts'
import type { PoolClock } from './pool/contract.ts'

export interface EventPorts {
  readonly clock: PoolClock
  readonly random: () => number
  readonly log: Log | null
}

/** Nodes send a comment every 15 s: three of them missing are a dead connection. */
const IDLE: Ms = 50_000
/** For the connection and the head of the answer. */
const HEAD: Ms = 10_000
const PAUSE_FIRST: Ms = 500
const PAUSE_LONGEST: Ms = 30_000
/** A stream that lived so long was a good one: the next pause is short again. */
const GOOD_AFTER: Ms = 30_000

/**
 * Follows a node's event stream and calls `onBlock` at each BlockAdded, with its height if it tells it. A wake-up, no
 * more: blocks are always pulled by height, so a lost event, a replayed one or a node that lies costs nothing. After a
 * loss it goes on from the last event seen, and wakes once, without a height, since some may be missing. Reconnects for
 * ever, with a growing pause; never throws.
 */
export async function followEvents(
  url: string,
  onBlock: (block: { readonly height: number } | null) => void,
  signal: AbortSignal,
  { clock = systemClock, random = Math.random, log = null }: Partial<EventPorts> = {},
): Promise<void> {
  const node = new URL(url).host
  let lastId: number | null = null
  let pause = PAUSE_FIRST
  let isFollowed = false
  let isFirst = true

  const onEvent = (told: Told) => {
    // The node sends the event again that we name as the last one seen.
    const isAgain = told.id !== null && told.id === lastId
    if (told.id !== null) lastId = told.id
    if (told.isBlock && !isAgain) onBlock(told.height === null ? null : { height: told.height })
  }

  while (!signal.aborted) {
    const startedAt = clock.now()
    try {
      const stream = await open(withStart(url, lastId), clock, signal)
      if (!isFollowed) log?.info('events followed', { node })
      isFollowed = true
      if (!isFirst) onBlock(null)
      isFirst = false
      await read(stream, onEvent, clock, signal)
      throw new Error('the stream ended')
    } catch (error) {
      // Polling is the net underneath: while the stream is away the tip is still found.
      if (signal.aborted) return
      if (isFollowed) log?.warn('events lost', { node, reason: toReason(error) })
      isFollowed = false
      // Refused, perhaps for the id: another program may listen there now.
      if (error instanceof NoEventsError) lastId = null
    }
    if (clock.now() - startedAt >= GOOD_AFTER) pause = PAUSE_FIRST
    await wait(pause * (1 + random() / 2), clock, signal)
    pause = Math.min(pause * 2, PAUSE_LONGEST)
  }
}

function withStart(url: string, lastId: number | null): URL {
  const address = new URL(url)
  if (lastId !== null) address.searchParams.set('start_from', `${lastId}`)
  return address
}

/** The stream's body, once its head is in order. @throws {NoEventsError} */
function open(url: URL, clock: PoolClock, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get(url, {
      headers: { accept: 'text/event-stream' },
      agent: false,
    })
    const stop = (error: Error) => {
      finish()
      request.destroy(error)
      reject(error)
    }
    const finish = () => {
      cancel()
      forget()
    }
    const cancel = clock.after(HEAD, () => stop(new Error(`no answer within ${HEAD} ms`)))
    const forget = onAbort(signal, () => stop(new Error('stopped')))
    request.on('error', (error) => {
      finish()
      reject(error)
    })
    request.on('response', (answer) => {
      finish()
      const { statusCode, headers } = answer
      const isEvents = /^text\/event-stream\b/i.test(headers['content-type'] ?? '')
      if (statusCode === 200 && isEvents && headers['content-encoding'] === undefined) return resolve(answer)
      request.destroy()
      reject(new NoEventsError(`HTTP ${statusCode}, ${headers['content-type'] ?? 'no content type'}`))
    })
  })
}

/** Feeds the stream to `onEvent` until it ends, falls silent or turns out to be none of events. */
async function read(
  stream: IncomingMessage,
  onEvent: (told: Told) => void,
  clock: PoolClock,
  signal: AbortSignal,
): Promise<void> {
  const frames = new EventFrames(onEvent)
  let heardAt = clock.now()
  let cancel = () => {}
  // One timer, set anew only when it rings: a busy stream brings thousands of pieces in that time.
  const watch = (ms: Ms) => {
    cancel = clock.after(ms, () => {
      const left = heardAt + IDLE - clock.now()
      if (left > 0) watch(left)
      else stream.destroy(new Error(`silent for ${IDLE} ms`))
    })
  }
  watch(IDLE)
  const forget = onAbort(signal, () => stream.destroy(new Error('stopped')))
  try {
    for await (const piece of stream) {
      heardAt = clock.now()
      // Names, numbers and punctuation are ASCII: other bytes need not be decoded right.
      frames.feed((piece as Buffer).toString('latin1'))
    }
  } finally {
    cancel()
    forget()
    stream.destroy()
  }
}

function wait(ms: Ms, clock: PoolClock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const cancel = clock.after(ms, () => finish())
    const forget = onAbort(signal, () => finish())
    const finish = () => {
      cancel()
      forget()
      resolve()
    }
  })
}
