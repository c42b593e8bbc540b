import type { BudgetName } from '../api/policy.ts'
import { ProblemError, toProblem } from '../api/problem.ts'
import { isSecret } from '../lib/secret.ts'
import type { Limiter, Quota } from '../limit/limiter.ts'

/** Header of load tests; `loadtest/` sends it by this name. */
export const LOADTEST_HEADER = 'x-loadtest-token'

export interface Gate<C> {
  /** Counts the request. null: limits are lifted. */
  enter(request: Request, connection: C, budget: BudgetName): Quota | null
}

/** Client's address: from a header that only the platform can set, or from the connection. */
export type AddressOf<C> = (request: Request, connection: C) => string

export function createGate<C>(
  limiter: Limiter,
  addressOf: AddressOf<C>,
  loadtestToken: string | undefined,
): Gate<C> {
  return {
    enter(request, connection, budget) {
      if (loadtestToken !== undefined && isSecret(request.headers.get(LOADTEST_HEADER), loadtestToken)) {
        return null
      }
      return limiter.take(addressOf(request, connection), budget)
    },
  }
}

export function tooManyRequests(budget: BudgetName, quota: Quota): ProblemError {
  const detail = `The budget "${budget}" is used up; it is renewed in ${quota.resetAfter} seconds.`
  return new ProblemError(toProblem('too-many-requests', detail), {
    headers: { 'Retry-After': String(quota.resetAfter) },
  })
}
