import type { BudgetName } from '../api/policy.ts'
import type { Ms } from '../domain/time.ts'
import type { Reply } from '../lib/reply.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import type { Quota } from '../limit/limiter.ts'
import type { Clock } from '../ports.ts'
import { toErrorReply } from './errors.ts'
import type { Exchange } from './exchange.ts'
import { type Finished, toFinished } from './finished.ts'
import type { HotAnswers } from './hot.ts'
import { badHost, isAllowed, methodNotAllowed, PURGE_PATH, toPreflight } from './methods.ts'
import { findEndpoint, isApiPath, toBudget, toKey, toTarget, toUrl } from './paths.ts'
import { DOOR_BUDGET, type Gate, tooManyRequests } from './rate-limit.ts'
import { type Asked, createRespond, type Means } from './respond.ts'

export interface EdgePorts<C> {
  readonly clock: Clock
  readonly gate: Gate<C>
  readonly hots: HotAnswers
  /** Told of each question; its answer waits for what comes back (see `read/watch.ts`). */
  readonly watch: (now: Ms) => Soon<unknown>
  /** What needs no route, at once from memory, by path and query as sent; null for all else. */
  readonly answerFromPages: (key: string) => PageAnswer | null
  /** The routes. A reply is left in the exchange; a response without one is sent as it is. */
  readonly handle: (request: Request, exchange: Exchange) => Soon<Response>
  readonly means: Means
}

export interface PageAnswer {
  readonly reply: Reply
  readonly budget: BudgetName
}

export type Fetch<C> = (request: Request, connection: C) => Soon<Response>

/**
 * A request's way: hot answer or page in memory, else limit, method, routes. The first two are given without a
 * promise, since one turn of the event loop is a tenth of their cost, and are found before they are counted: to refuse
 * them costs more than to find them.
 */
export function createEdge<C>(ports: EdgePorts<C>): Fetch<C> {
  const { clock, gate, hots, watch, answerFromPages, handle, means } = ports
  const isCompressing = means.compress !== undefined
  const respond = createRespond(means)

  const finish = (
    asked: Asked,
    finished: Finished,
    budget: BudgetName,
    quota: Quota | null,
    isHot: boolean,
  ) => respond(finished, asked, { now: clock.now(), isHot, budget, quota })

  const refuse = (asked: Asked, error: unknown, budget: BudgetName, quota: Quota | null) =>
    finish(asked, toFinished(toErrorReply(error), isCompressing), budget, quota, false)

  function pass(request: Request, asked: Asked, connection: C, key: string): Soon<Response> {
    const { method, headers } = asked
    const { path, query } = toTarget(key)
    if (method === 'OPTIONS') return toPreflight(path)
    const isDoor = path === PURGE_PATH
    const endpoint = findEndpoint(path)
    const budget = isDoor ? DOOR_BUDGET : toBudget(endpoint, query)
    const quota = isDoor
      ? gate.enterDoor(headers, connection)
      : isApiPath(path)
        ? gate.enter(headers, connection, budget)
        : null
    if (quota !== null && !quota.isAllowed) {
      return refuse(asked, tooManyRequests(budget, quota), budget, quota)
    }
    if (!isAllowed(method, path)) return refuse(asked, methodNotAllowed(method, path), budget, quota)

    const exchange: Exchange = { path }
    const { ticket } = hots
    return andThen(handle(request, exchange), (response) => {
      const { finished } = exchange
      if (finished === undefined) return response
      hots.keep(key, finished, budget, ticket, clock.now())
      return finish(asked, finished, budget, quota, false)
    })
  }

  /** What memory holds, within the client's budget. */
  function enter(
    asked: Asked,
    connection: C,
    finished: Finished,
    budget: BudgetName,
    isHot: boolean,
  ): Soon<Response> {
    const quota = gate.enter(asked.headers, connection, budget)
    if (quota === null || quota.isAllowed) return finish(asked, finished, budget, quota, isHot)
    return refuse(asked, tooManyRequests(budget, quota), budget, quota)
  }

  /** What is asked for, not told. */
  function give(request: Request, asked: Asked, connection: C, key: string, now: Ms): Soon<Response> {
    const hot = hots.get(key, now, asked.headers)
    if (hot !== undefined) return enter(asked, connection, hot.finished, hot.budget, true)
    const found = answerFromPages(key)
    if (found === null) return pass(request, asked, connection, key)
    const { budget } = found
    const finished = toFinished(found.reply, isCompressing)
    hots.keep(key, finished, budget, hots.ticket, now)
    return enter(asked, connection, finished, budget, false)
  }

  return (request, connection) => {
    const { method, headers } = request
    const asked = { method, headers }
    const url = toUrl(request)
    if (url === null) return refuse(asked, badHost(), 'cheap', null)
    const key = toKey(url)
    if (method !== 'GET' && method !== 'HEAD') return pass(request, asked, connection, key)
    const now = clock.now()
    return andThen(watch(now), () => give(request, asked, connection, key, now))
  }
}
