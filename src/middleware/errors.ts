import { ProblemError, toProblem } from '../api/problem.ts'
import { UnavailableError } from '../cache/breaker.ts'
import { WrongChainError } from '../cache/chain.ts'
import { BusyError } from '../lib/bulkhead.ts'
import { DeadlineError } from '../lib/deadline.ts'
import type { Reply } from '../lib/reply.ts'
import { FilterValueError, StoreSlowError, StoreUnavailableError } from '../store/errors.ts'

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

/** Whether the store is down or unfit, and not merely this question: only then do the others stop asking it. */
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
  if (error instanceof StoreSlowError) return unavailable(RETRY_AFTER, error, TOO_SLOW)
  if (error instanceof BusyError) return unavailable(RETRY_AFTER, error, BUSY)
  if (isOutage(error)) return unavailable(RETRY_AFTER, error)
  return new ProblemError(toProblem('internal', 'Something failed on our side.'), { cause: error })
}

const AWAY = 'The store cannot be reached, and this answer is in no cache.'
const TOO_SLOW = 'This question takes the store longer than it may: narrow it.'
const BUSY = 'Too many questions that search are under way: ask again in a moment.'

function unavailable(seconds: number, cause: unknown, detail = AWAY): ProblemError {
  return new ProblemError(toProblem('unavailable', detail), {
    headers: { 'Retry-After': String(seconds) },
    cause,
  })
}
