import type { ZodObject, ZodType, z } from 'zod'
import type { BudgetName, CacheClass } from './policy.ts'

/** What an endpoint answers with: JSON of a schema, or plain text. */
export type Answer =
  | { readonly type: 'json'; readonly schema: ZodType }
  | { readonly type: 'text'; readonly example: string }

/**
 * One endpoint, as data. Routes' parsing, cache keys and tags, budgets, the OpenAPI document, the typed client, the
 * load mix and the docs are all derived from this.
 */
export interface Endpoint<P extends ZodObject = ZodObject, A extends Answer = Answer> {
  /** camelCase, unique: the client's method and OpenAPI's operationId. */
  readonly name: string
  /** Hono syntax: `/v1/blocks/:id`. */
  readonly path: string
  readonly description: string
  /** Path and query parameters together; an unknown one is refused on /v1, ignored on the compatible paths. */
  readonly params: P
  readonly answer: A
  /** The class of an ordinary answer. A handler may tighten it for one answer (a past block is IMMUTABLE). */
  readonly cache: CacheClass
  readonly budget: BudgetName
  /** Compatible root path, or ours. */
  readonly api: 'compatible' | 'v1'
  /** Answers also as `text/csv`. */
  readonly csv?: boolean
}

export type ParamsOf<E> = E extends Endpoint<infer P, Answer> ? z.output<P> : never
/** What a caller may pass, before parsing. */
export type QueryOf<E> = E extends Endpoint<infer P, Answer> ? z.input<P> : never
export type AnswerOf<E> =
  E extends Endpoint<ZodObject, infer A>
    ? A extends { schema: infer S extends ZodType }
      ? z.output<S>
      : string
    : never

/** Keeps the literal types of one declaration. */
export function defineEndpoint<const P extends ZodObject, const A extends Answer>(endpoint: Endpoint<P, A>) {
  return endpoint
}
