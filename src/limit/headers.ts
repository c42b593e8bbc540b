import { BUDGETS, type Budget, type BudgetName } from '../api/policy.ts'
import type { Quota } from './limiter.ts'

/*
 * draft-ietf-httpapi-ratelimit-headers (from -08 on): both fields are lists of a policy's name, a String, with its
 * parameters: q and w, quota and window in seconds; r and t, what is left and for how many seconds.
 */

export const POLICY_FIELDS = Object.fromEntries(
  Object.entries(BUDGETS).map(([name, { requests, window }]: [string, Budget]) => [
    name,
    `"${name}";q=${requests};w=${window}`,
  ]),
) as Readonly<Record<BudgetName, string>>

export function toRateLimitField(budget: BudgetName, { remaining, resetAfter }: Quota): string {
  return `"${budget}";r=${remaining};t=${resetAfter}`
}
