import type { Context } from 'hono'
import type { Reply } from '../lib/reply.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import { type Finished, toFinished } from './finished.ts'

/**
 * What a request's handler leaves for the edge around it, passed as Hono's `env`: the reply, whose response is made
 * once everything is known that its headers tell of.
 */
export interface Exchange {
  /** Without repeated and trailing slashes: what is routed by. */
  readonly path: string
  finished?: Finished
}

/** Hono wants a response back; this one is never sent. */
const LEFT = new Response(null, { status: 204 })

/** How handlers answer: the routes' only door to HTTP. */
export function createAnswer(isCompressing: boolean) {
  return (context: Context, _endpoint: unknown, reply: Soon<Reply>): Soon<Response> =>
    andThen(reply, (known) => leave(context, toFinished(known, isCompressing)))
}

export function leave(context: Context, finished: Finished): Response {
  ;(context.env as Exchange).finished = finished
  return LEFT
}
