import type { BudgetName } from '../../api/policy.ts'
import type { SharedLimiter } from '../../limit/limiter.ts'
import type { Bindings, RateLimitBinding } from './bindings.ts'

/** Cloudflare's rate limiting, counted by data centre; undefined where none is bound. */
export function createSharedLimiter(bindings: Bindings): SharedLimiter | undefined {
  const limits: Readonly<Record<BudgetName, RateLimitBinding | undefined>> = {
    cheap: bindings.LIMIT_CHEAP,
    list: bindings.LIMIT_LIST,
    search: bindings.LIMIT_SEARCH,
  }
  if (Object.values(limits).every((limit) => limit === undefined)) return undefined
  return {
    async take(budget, client) {
      const limit = limits[budget]
      return limit === undefined || (await limit.limit({ key: client })).success
    },
  }
}
