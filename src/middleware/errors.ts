import { ProblemError, toProblem } from '../api/problem.ts'
import { UnavailableError } from '../cache/breaker.ts'
import { WrongChainError } from '../cache/chain.ts'
import { DeadlineError } from '../lib/deadline.ts'
import type { Reply } from '../lib/reply.ts'
import { FilterValueError, StoreUnavailableError } from '../store/errors.ts'

/** Seconds after which to ask again when nothing better is known: a few blocks. */
const RETRY_AFTER = 5

/** The one place where errors become answers. What nobody foresaw says nothing of itself. */
export function toErrorReply(error: unknown): Reply {
  const known = toProblemError(error)
  return {
    status: known.problem.status,
    type: 'application/problem+json',
    body: JSON.stringify(known.problem),
    cacheClass: 'NEVER',
    tier: 'store',
    stale: false,
    storedAt: 0,
    headers: known.headers,
  }
}

/** Whether somebody should be told: the caller's mistakes are the caller's. */
export function isOurs(error: unknown): boolean {
  return toProblemError(error).problem.status >= 500
}

/** Whether the store is down or unfit, and not merely this question. */
export function isOutage(error: unknown): boolean {
  return (
    error instanceof StoreUnavailableError ||
    error instanceof DeadlineError ||
    error instanceof WrongChainError
  )
}

function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof FilterValueError) {
    return new ProblemError(toProblem('invalid-filter', error.message), { cause: error })
  }
  if (error instanceof UnavailableError) {
    return unavailable(Math.max(1, Math.ceil(error.retryAfter / 1_000)), error)
  }
  if (isOutage(error)) return unavailable(RETRY_AFTER, error)
  return new ProblemError(toProblem('internal', 'Something failed on our side.'), { cause: error })
}

function unavailable(seconds: number, cause: unknown): ProblemError {
  const detail = 'The store cannot be reached, and this answer is in no cache.'
  return new ProblemError(toProblem('unavailable', detail), {
    headers: { 'Retry-After': String(seconds) },
    cause,
  })
}
