/** The codes are gRPC's, as PlanetScale answers them; the number is the HTTP status when the fault is the gateway's. */
const STATUS = {
  INVALID_ARGUMENT: 400,
  /** a statement that this gateway never runs */
  PERMISSION_DENIED: 400,
  /** the answer would be larger than a cap: asking again is no use */
  RESOURCE_EXHAUSTED: 400,
  /** the session named by the client has ended */
  ABORTED: 400,
  UNAUTHENTICATED: 401,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  PAYLOAD_TOO_LARGE: 413,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
  /** the client hung up: nobody reads the answer */
  CANCELLED: 499,
} as const

export type FaultCode = keyof typeof STATUS

/** Anything that ends a request without rows. `message` goes to the client and holds no password. */
export class Fault extends Error {
  readonly code: string
  readonly status: number

  constructor(code: FaultCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'Fault'
    this.code = code
    this.status = STATUS[code]
  }
}

/** The store understood the statement and said no. PlanetScale answers these with HTTP 200. */
export class SqlFault extends Error {
  readonly code: string
  readonly status = 200
  readonly errno: number

  constructor(database: string, cause: StoreError) {
    const [code, words] = CODES[cause.errno] ?? ['UNKNOWN', 'Unknown']
    const reason = `${cause.sqlMessage} (errno ${cause.errno}) (sqlstate ${cause.sqlState})`
    // The very words of Vitess, since clients read the errno out of them.
    super(`target: ${database}.-.primary: vttablet: rpc error: code = ${words} desc = ${reason}`, { cause })
    this.name = 'SqlFault'
    this.code = code
    this.errno = cause.errno
  }
}

/** What mysql2 throws for an error packet of the server. */
export interface StoreError extends Error {
  errno: number
  sqlState: string
  sqlMessage: string
}

/** Numbers that tell of the store's or the connection's state, not of the statement. */
const STORE_AWAY = new Set([
  1040, // too many connections
  1047, // a Galera node without its cluster
  1053, // shutdown in progress
  1203, // too many connections of this user
  1226, // a resource of this user is used up
  1927, // connection killed (MariaDB)
  4031, // idle for too long (MySQL)
])

/** InnoDB rolls the whole transaction back by itself. */
export const DEADLOCK = 1213

const CODES: Record<number, readonly [code: string, words: string]> = {
  1044: ['PERMISSION_DENIED', 'PermissionDenied'],
  1049: ['NOT_FOUND', 'NotFound'],
  1054: ['NOT_FOUND', 'NotFound'],
  1062: ['ALREADY_EXISTS', 'AlreadyExists'],
  1064: ['INVALID_ARGUMENT', 'InvalidArgument'],
  1142: ['PERMISSION_DENIED', 'PermissionDenied'],
  1143: ['PERMISSION_DENIED', 'PermissionDenied'],
  1146: ['NOT_FOUND', 'NotFound'],
  1205: ['DEADLINE_EXCEEDED', 'DeadlineExceeded'],
  1213: ['ABORTED', 'Aborted'],
  1227: ['PERMISSION_DENIED', 'PermissionDenied'],
  1317: ['CANCELLED', 'Canceled'],
  1370: ['PERMISSION_DENIED', 'PermissionDenied'],
  1792: ['FAILED_PRECONDITION', 'FailedPrecondition'],
  1969: ['DEADLINE_EXCEEDED', 'DeadlineExceeded'],
  3024: ['DEADLINE_EXCEEDED', 'DeadlineExceeded'],
}

/** @param error whatever a connection, a query or a bug has thrown */
export function toFault(error: unknown, database: string): Fault | SqlFault {
  if (error instanceof Fault || error instanceof SqlFault) return error
  if (isStoreError(error) && !STORE_AWAY.has(error.errno)) return new SqlFault(database, error)
  if (isStoreError(error) || isConnectionError(error)) return unreachable(error)
  return new Fault('INTERNAL', 'the gateway failed', { cause: error })
}

/** For anything that keeps a connection from being opened or used: only the error's code is told. */
export function unreachable(cause: unknown): Fault {
  const reason = (cause as { code?: string }).code ?? 'lost'
  return new Fault('UNAVAILABLE', `the store cannot be reached (${reason}): try again`, { cause })
}

function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && typeof (error as Partial<StoreError>).sqlState === 'string'
}

/** mysql2 marks what ends a connection as fatal; the codes are those of the socket and of the protocol. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const { code, fatal } = error as { code?: string; fatal?: boolean }
  return fatal === true || /^(E[A-Z]+|PROTOCOL_[A-Z_]+|HANDSHAKE_[A-Z_]+)$/.test(code ?? '')
}
