import { type Context, Hono } from 'hono'
import type { Endpoint, ParamsOf } from '../api/endpoint.ts'
import { type EndpointName, endpoints } from '../api/endpoints.ts'
import { createParamsParser } from '../api/parse-params.ts'
import type { Reply } from '../lib/reply.ts'
import type { Soon } from '../lib/soon.ts'
import type { Clock } from '../ports.ts'
import type { ReadPorts } from '../read/ports.ts'

/** Turns what a handler found into the response, with all headers. The middleware's work; the routes only name it. */
export type Answer = (context: Context, endpoint: Endpoint, reply: Soon<Reply>) => Soon<Response>

export interface RoutePorts {
  readonly read: ReadPorts
  readonly clock: Clock
  readonly answer: Answer
  /** Shown by `/v1/status`. */
  readonly version: string
}

/** Answers parsed parameters; throws ProblemError. The request is there for its headers and its URL. */
export type Handler<N extends EndpointName> = (
  params: ParamsOf<(typeof endpoints)[N]>,
  request: Request,
) => Soon<Reply>

type Handlers = { readonly [N in EndpointName]?: Handler<N> }

/** A sub-app of the endpoints that `handlers` names, at the paths of the endpoint list. */
export function createRoutes(answer: Answer, handlers: Handlers): Hono {
  const app = new Hono()
  for (const name of Object.keys(handlers) as EndpointName[]) addRoute(app, answer, name, handlers[name])
  return app
}

function addRoute<N extends EndpointName>(
  app: Hono,
  answer: Answer,
  name: N,
  handler: Handler<N> | undefined,
): void {
  if (handler === undefined) return
  const endpoint = endpoints[name]
  const parse = createParamsParser(endpoint)
  const hasPath = endpoint.path.includes(':')
  app.get(endpoint.path, (context) => {
    const { req } = context
    const params = parse(req.url, hasPath ? req.param() : NO_PATH)
    return answer(context, endpoint, handler(params as ParamsOf<(typeof endpoints)[N]>, req.raw))
  })
}

const NO_PATH = {}
