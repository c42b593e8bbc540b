import { Hono } from 'hono'
import { ProblemError, toProblem } from './api/problem.ts'
import type { Tier } from './cache/cache.ts'
import { createChain } from './cache/chain.ts'
import { createCache } from './cache/tiers.ts'
import type { Config } from './config.ts'
import type { Ms } from './domain/time.ts'
import { createLimiter, type SharedLimiter } from './limit/limiter.ts'
import { withAccessLog } from './middleware/access-log.ts'
import { createEdge, type Fetch } from './middleware/edge.ts'
import { isOurs, isOutage, toErrorReply } from './middleware/errors.ts'
import { createAnswer, type Exchange, leave } from './middleware/exchange.ts'
import { toFinished } from './middleware/finished.ts'
import { HotAnswers } from './middleware/hot.ts'
import { createReport, type Write } from './middleware/log.ts'
import { type AddressOf, createGate } from './middleware/rate-limit.ts'
import type { Means } from './middleware/respond.ts'
import { toSiteAnswer } from './middleware/site.ts'
import type { Assets, Background, Clock, StoreReader } from './ports.ts'
import { readHead } from './read/head.ts'
import { toHeadlines } from './read/headlines.ts'
import { createWatch } from './read/watch.ts'
import { createRoutesOf } from './routes/all.ts'
import { createPageAnswers } from './routes/blocks.ts'
import { createInternalRoutes } from './routes/internal.ts'

/** What differs from platform to platform. `C` is what a platform tells of a connection. */
export interface AppPorts<C> {
  readonly store: StoreReader
  /** Nearest first. */
  readonly tiers: readonly Tier[]
  readonly clock: Clock
  readonly background: Background
  readonly addressOf: AddressOf<C>
  readonly write: Write
  /** Where many isolates share a load: a counter of them all, and how long one may trust its own memory. */
  readonly shared?: SharedLimiter | undefined
  readonly recheck?: Ms
  readonly assets?: Assets
  readonly means?: Means
}

export interface App<C> {
  readonly fetch: Fetch<C>
}

const MB = 1_048_576

/** The whole edge, put together once per process or isolate. */
export function createApp<C>(ports: AppPorts<C>, config: Config): App<C> {
  const { tiers, clock, background, recheck, write, shared, addressOf, means = {} } = ports
  const isCompressing = means.compress !== undefined
  const report = createReport(write, clock)

  const hots = new HotAnswers(config.HOT_MB * MB, recheck)
  const chain = createChain(ports.store, { network: config.NETWORK, genesis: config.GENESIS }, clock)
  const memoryBytes = config.CACHE_MB * MB
  const cache = createCache(
    {
      namespace: chain.namespace,
      readRoot: () => readHead(read),
      memoryBytes,
      isOutage,
      ...(recheck !== undefined && { recheck }),
    },
    { tiers, clock, background, report, onCut: () => hots.clear() },
  )
  const read = { store: chain.store, cache }
  const limiter = createLimiter({}, { clock, background, shared })
  const tokens = { loadtest: config.LOADTEST_TOKEN, purge: config.PURGE_TOKEN }
  const gate = createGate(limiter, addressOf, tokens)

  const answer = createAnswer(isCompressing)
  const reload = async () => {
    try {
      for (const headline of await toHeadlines(read)) await headline.read()
    } catch (error) {
      report('reload of headlines', error)
    }
  }

  const routes = new Hono({ getPath: (_request, options) => (options?.env as Exchange).path })
  for (const sub of createRoutesOf({ read, clock, answer, version: config.VERSION })) routes.route('/', sub)
  routes.route('/', createInternalRoutes({ cache, background, hots, reload, purgeToken: config.PURGE_TOKEN }))

  routes.notFound(async (context) => {
    const { raw } = context.req
    const { path } = context.env as Exchange
    const page = ports.assets ? await toSiteAnswer(ports.assets, raw, path) : null
    if (page !== null) return page
    // HEAD is told what GET would be told.
    const method = raw.method === 'HEAD' ? 'GET' : raw.method
    const text = `Endpoint "${method} ${path.slice(0, 200)}" not found.`
    const problem = new ProblemError(toProblem('no-endpoint', text))
    return leave(context, toFinished(toErrorReply(problem), isCompressing))
  })
  routes.onError((error, context) => {
    if (isOurs(error)) report('request', error)
    return leave(context, toFinished(toErrorReply(error), isCompressing))
  })

  const handle = (request: Request, exchange: Exchange) => routes.fetch(request, exchange)
  const watch = createWatch(read, background)
  const answerFromPages = createPageAnswers(read)
  const fetch = createEdge({ clock, gate, hots, watch, answerFromPages, handle, means })
  return { fetch: withAccessLog(fetch, config.LOG_EVERY, write, clock) }
}
