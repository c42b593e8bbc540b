import { ProblemError, toEcho, toProblem } from './problem.ts'

/** A filter that cannot be understood: says where, what and what would be. */
export function invalidFilter(detail: string, allowed?: string, value?: unknown): ProblemError {
  const error = {
    parameter: 'filter',
    message: detail,
    ...(allowed !== undefined && { allowed }),
    ...(value !== undefined && { value: toEcho(value) }),
  }
  return new ProblemError(
    toProblem('invalid-filter', allowed === undefined ? detail : `${detail} Allowed: ${allowed}.`, {
      errors: [error],
    }),
  )
}
