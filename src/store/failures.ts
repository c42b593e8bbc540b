import { DeadlineError } from '../lib/deadline.ts'
import { StoreQueryError, StoreSlowError, StoreUnavailableError } from './errors.ts'

/**
 * How a server says that its disk is full: a file of its own, such as a temporary table's, cannot be made or written (1, 3),
 * the disk is full (1021), an error at writing (1026), of the engine (1030), a table that cannot grow (1114).
 * Not repeated at once: nobody makes room so fast, and each statement that InnoDB cannot undo there may be its end.
 */
const NO_ROOM = new Set([1, 3, 1021, 1026, 1030, 1114])

/**
 * MySQL's numbers for "not now": too many connections (1040, 1203, 1226), not ready or leaving (1047, 1053, 1077, 1079),
 * network faults as the server saw them (1152, 1158-1161), killed or out of time (1317, 1927, 1969, 3024, 4031),
 * login refused (1044, 1045, 1129, 1130), read-only as after a failover (1290, 1836), or no room.
 */
const UNAVAILABLE = new Set([
  1040, 1044, 1045, 1047, 1053, 1077, 1079, 1129, 1130, 1152, 1158, 1159, 1160, 1161, 1203, 1226, 1290, 1317,
  1836, 1927, 1969, 3024, 4031,
])

/** A statement ran longer than it may (MariaDB, MySQL), which says nothing of the others. */
const TOO_LONG = new Set([1969, 3024])
const TOO_LONG_RPC = 'deadline_exceeded'

/** Nobody will mend these while we wait. */
const REFUSED = new Set([1044, 1045, 1129, 1130])

/**
 * Undone transactions that are worth repeating whole: lock wait and deadlock (1205, 1213; Galera says 1213 even at
 * COMMIT), a changed record (1020), the key that another writer has just taken (1062), TiDB's write conflicts.
 */
const TRANSIENT = new Set([1020, 1062, 1205, 1213, 8002, 8022, 8028, 9007])

interface DriverError {
  readonly message: string
  readonly code?: unknown
  readonly errno?: unknown
  readonly fatal?: unknown
  /** HTTP status and body of @planetscale/database's DatabaseError */
  readonly status?: unknown
  readonly body?: { readonly code?: unknown }
}

/** What Node and mysql2 call a connection that was not to be had, or was lost. */
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
])

/** mysql2 marks what ends a connection; a statement given to one that has just ended gets such an error without a code. */
const isLost = ({ code, fatal }: DriverError): boolean => fatal === true || NETWORK.has(String(code))

/** Codes of the PlanetScale protocol (those of gRPC) that say that the statement was not to blame, in lower case. */
const UNAVAILABLE_RPC = new Set([
  'unavailable',
  'resource_exhausted',
  'aborted',
  'canceled',
  'cancelled',
  'cluster_event',
  'unauthenticated',
])

/** The driver's own error below drizzle's wrapping. */
function unwrap(error: unknown): unknown {
  let inner = error
  while (inner instanceof Error && inner.name === 'Error' && 'query' in inner && inner.cause !== undefined) {
    inner = inner.cause
  }
  return inner
}

/** MySQL's error number, from a mysql2 error or out of the text that came through HTTP (`... (errno 1146) ...`). */
export function errnoOf(error: unknown): number | null {
  const inner = unwrap(error)
  if (!(inner instanceof Error)) return null
  const { errno, message } = inner as DriverError
  if (typeof errno === 'number' && errno > 0) return errno
  const digits = /\(errno (\d+)\)/.exec(message)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** Whether a whole transaction that failed so may succeed when it is done again. */
export function isTransient(error: unknown): boolean {
  const errno = errnoOf(error)
  if (errno !== null) return TRANSIENT.has(errno) || (UNAVAILABLE.has(errno) && !REFUSED.has(errno))
  const inner = unwrap(error)
  return inner instanceof DeadlineError || (inner instanceof Error && isLost(inner as DriverError))
}

/**
 * The store's own error for whatever a driver threw: unavailable, or refused the statement. Errors that are no driver's
 * come back unchanged. The cause is kept; statements with their values stay out of the message, since it may be shown.
 */
export function toStoreError(error: unknown): unknown {
  const inner = unwrap(error)
  if (!(inner instanceof Error) || inner instanceof StoreUnavailableError) return inner
  const { code, status, body } = inner as DriverError
  const errno = errnoOf(inner)
  const options = { cause: inner }
  if (inner instanceof DeadlineError) return new StoreUnavailableError(`${inner.message}.`, options)
  if (errno !== null) {
    if (TOO_LONG.has(errno)) return new StoreSlowError(inner.message, options)
    if (NO_ROOM.has(errno)) {
      return new StoreUnavailableError(
        `The store cannot write, its disk may be full: ${inner.message}`,
        options,
      )
    }
    if (UNAVAILABLE.has(errno) || TRANSIENT.has(errno)) {
      return new StoreUnavailableError(`The store cannot answer now: ${inner.message}`, options)
    }
    return new StoreQueryError(`The store refused the statement: ${inner.message}`, errno, options)
  }
  if (isLost(inner as DriverError)) {
    return new StoreUnavailableError(`The store cannot be reached: ${inner.message || code}`, options)
  }
  if (typeof status === 'number') {
    // 400 is how the driver dresses an error inside a 200; anything else was said by HTTP itself.
    if (status === 400 && String(body?.code).toLowerCase() === TOO_LONG_RPC)
      return new StoreSlowError(inner.message, options)
    const unavailable = status !== 400 || UNAVAILABLE_RPC.has(String(body?.code).toLowerCase())
    if (unavailable)
      return new StoreUnavailableError(`The store cannot answer now: ${inner.message}`, options)
    return new StoreQueryError(`The store refused the statement: ${inner.message}`, null, options)
  }
  // A page of some proxy where an answer should be: the driver found no JSON.
  if (inner !== error && inner instanceof SyntaxError) {
    return new StoreUnavailableError('The store gave an answer that is none.', options)
  }
  return inner
}
