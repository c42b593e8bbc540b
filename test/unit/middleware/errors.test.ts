import { expect, test } from 'vitest'
import { ProblemError, toProblem } from '../../../src/api/problem.ts'
import { UnavailableError } from '../../../src/cache/breaker.ts'
import { WrongChainError } from '../../../src/cache/chain.ts'
import { BusyError } from '../../../src/lib/bulkhead.ts'
import { DeadlineError } from '../../../src/lib/deadline.ts'
import { isOurs, isOutage, toErrorReply } from '../../../src/middleware/errors.ts'
import {
  FilterValueError,
  StoreQueryError,
  StoreSlowError,
  StoreUnavailableError,
} from '../../../src/store/errors.ts'

test.each([
  ['a problem of a route', new ProblemError(toProblem('not-found', 'No era 9')), 404, undefined],
  ['a value that does not fit its field', new FilterValueError('id', 'x', 'a number'), 400, undefined],
  ['a store that is down', new StoreUnavailableError('down'), 503, '5'],
  ['a question that takes too long', new StoreSlowError('slow'), 503, '5'],
  ['too many searches', new BusyError('busy'), 503, '5'],
  ['a store that is not asked at present', new UnavailableError(2_100), 503, '3'],
  ['a question that took too long', new DeadlineError('slow'), 503, '5'],
  ['a store of another chain', new WrongChainError('other'), 503, '5'],
  ['a statement that was refused', new StoreQueryError('no such column', 1054), 500, undefined],
  ['a bug', new TypeError('x is undefined'), 500, undefined],
  ['a thrown text', 'oops', 500, undefined],
])('%s', (_name, error, status, retryAfter) => {
  const reply = toErrorReply(error)
  expect(reply.status).toBe(status)
  expect(reply.headers?.['Retry-After']).toBe(retryAfter)
  expect(reply).toMatchObject({ type: 'application/problem+json', cacheClass: 'NEVER' })
  expect(JSON.parse(reply.body)).toMatchObject({ status, error: { statusCode: status } })
})

test('what nobody foresaw says nothing of itself', () => {
  const { body } = toErrorReply(new TypeError('password of user edge is undefined'))
  expect(body).not.toContain('password')
  expect(JSON.parse(body).error).toEqual({ statusCode: 500, message: 'Something failed on our side.' })
})

test('an outage is what waiting may mend; the mistakes of callers are not ours', () => {
  expect(isOutage(new StoreUnavailableError('down'))).toBe(true)
  // One client's slow questions must not have the store taken for dead, and everybody else refused.
  expect(isOutage(new StoreSlowError('slow'))).toBe(false)
  expect(isOutage(new BusyError('busy'))).toBe(false)
  expect(isOutage(new WrongChainError('other'))).toBe(true)
  expect(isOutage(new StoreQueryError('no', 1054))).toBe(false)
  expect(isOurs(new StoreQueryError('no', 1054))).toBe(true)
  expect(isOurs(new ProblemError(toProblem('not-found', 'No era 9')))).toBe(false)
})
