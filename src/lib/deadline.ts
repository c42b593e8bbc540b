import type { Ms } from '../domain/time.ts'

/** The work may still go on; nobody waits for it any more. */
export class DeadlineError extends Error {
  readonly code = 'DEADLINE'
  override readonly name = 'DeadlineError'
}

/**
 * One deadline over the whole of `work`, headers and body alike. Late failures of the work are swallowed: they would
 * otherwise be unhandled rejections, which end a Deno process.
 * @throws {DeadlineError} and whatever `work` throws in time
 */
export function within<T>(work: Promise<T>, limit: Ms, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new DeadlineError(`${what} took longer than ${limit} ms`)), limit)
    work.then(
      (value) => {
        clearTimeout(timer)
        resolve(value)
      },
      (error) => {
        clearTimeout(timer)
        reject(error)
      },
    )
  })
}
