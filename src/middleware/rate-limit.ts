import type { BudgetName } from '../api/policy.ts'
import { ProblemError, toProblem } from '../api/problem.ts'
import { isSecret, toBearer } from '../lib/secret.ts'
import type { Limiter, Quota } from '../limit/limiter.ts'

/** Header of load tests; `loadtest/` sends it by this name. */
export const LOADTEST_HEADER = 'x-loadtest-token'

export interface Gate<C> {
  /** Counts the request. null: limits are lifted. */
  enter(headers: Headers, connection: C, budget: BudgetName): Quota | null
  /** Counts a request to the crawler's door, whose bearer is not limited: everybody else is guessing at the token. */
  enterDoor(headers: Headers, connection: C): Quota | null
}

/** Client's address: from a header that only the platform can set, or from the connection. */
export type AddressOf<C> = (headers: Headers, connection: C) => string

export interface Tokens {
  readonly loadtest?: string | undefined
  readonly purge?: string | undefined
}

/** The budget of the crawler's door. */
export const DOOR_BUDGET: BudgetName = 'search'

export function createGate<C>(limiter: Limiter, addressOf: AddressOf<C>, tokens: Tokens): Gate<C> {
  const { loadtest, purge } = tokens
  return {
    enter(headers, connection, budget) {
      if (loadtest !== undefined && isSecret(headers.get(LOADTEST_HEADER), loadtest)) return null
      return limiter.take(addressOf(headers, connection), budget)
    },
    enterDoor(headers, connection) {
      if (isSecret(toBearer(headers.get('authorization')), purge)) return null
      return limiter.take(addressOf(headers, connection), DOOR_BUDGET)
    },
  }
}

export function tooManyRequests(budget: BudgetName, quota: Quota): ProblemError {
  const detail = `The budget "${budget}" is used up; it is renewed in ${quota.resetAfter} seconds.`
  return new ProblemError(toProblem('too-many-requests', detail), {
    headers: { 'Retry-After': String(quota.resetAfter) },
  })
}
