/** A problem as everybody sees it: RFC 9457, with the compatible API's `error` member inside. */
export interface Problem {
  /** Path of the page that explains it. */
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly errors?: readonly ParameterError[]
  readonly error: CompatibleError
}

/** What is wrong with one parameter. */
export interface ParameterError {
  readonly parameter: string
  readonly message: string
  /** What would be accepted, in words. */
  readonly allowed?: string
  /** What was sent, cut at `MAX_ECHO` characters. */
  readonly value?: string
}

/** The error object that clients of the compatible API read; texts and names are kept as they were. */
export interface CompatibleError {
  readonly statusCode: number
  readonly name?: string
  readonly message: string
  readonly code?: string
  readonly details?: Readonly<Record<string, string>>
}

interface Kind {
  readonly status: number
  readonly title: string
  /** `error.name`; the compatible API gives none for its own faults. */
  readonly name?: string
  /** `error.code` */
  readonly code?: string
}

/** Every problem there is, once: the docs page is made from this list. */
export const PROBLEMS = {
  'invalid-parameter': {
    status: 400,
    title: 'A parameter has a value that is not allowed',
    name: 'BadRequestError',
    code: 'INVALID_PARAMETER_VALUE',
  },
  'unknown-parameter': {
    status: 400,
    title: 'A parameter is not known here',
    name: 'BadRequestError',
    code: 'UNKNOWN_PARAMETER',
  },
  'missing-parameter': {
    status: 400,
    title: 'A required parameter is missing',
    name: 'BadRequestError',
    code: 'MISSING_REQUIRED_PARAMETER',
  },
  'invalid-filter': {
    status: 400,
    title: 'The filter cannot be understood',
    name: 'BadRequestError',
    code: 'INVALID_PARAMETER_VALUE',
  },
  unauthorized: { status: 401, title: 'A bearer token is needed', name: 'UnauthorizedError' },
  'not-found': { status: 404, title: 'There is no such thing', name: 'Error', code: 'ENTITY_NOT_FOUND' },
  'nothing-found': { status: 404, title: 'Nothing was found', name: 'Error' },
  'supply-unknown': {
    status: 404,
    title: 'This supply is not known',
    name: 'Error',
    code: 'SUPPLY_UNKNOWN',
  },
  'price-unknown': { status: 404, title: 'No price is known', name: 'Error', code: 'PRICE_UNKNOWN' },
  'no-endpoint': { status: 404, title: 'There is no such endpoint', name: 'NotFoundError' },
  'method-not-allowed': {
    status: 405,
    title: 'The method is not allowed here',
    name: 'MethodNotAllowedError',
  },
  'payload-too-large': { status: 413, title: 'The body is too large', name: 'PayloadTooLargeError' },
  'uri-too-long': { status: 414, title: 'The URL is too long', name: 'URITooLongError' },
  'too-many-requests': { status: 429, title: 'Too many requests', name: 'TooManyRequestsError' },
  internal: { status: 500, title: 'Internal Server Error' },
  unavailable: { status: 503, title: 'Not available for a moment' },
} as const satisfies Readonly<Record<string, Kind>>

export type ProblemCode = keyof typeof PROBLEMS

/** Longest piece of a caller's input that an answer repeats. */
const MAX_ECHO = 200

export interface ProblemParts {
  readonly errors?: readonly ParameterError[]
  /** `error.message` where the compatible API's text differs from `detail`. */
  readonly message?: string
  /** `error.details` */
  readonly details?: Readonly<Record<string, string>>
}

/** The document of one problem. `detail` is for people: what happened this time, and what to do about it. */
export function toProblem(code: ProblemCode, detail: string, parts: ProblemParts = {}): Problem {
  const kind: Kind = PROBLEMS[code]
  const { status, title } = kind
  return {
    type: toProblemUrl(code),
    title,
    status,
    detail,
    ...(parts.errors && { errors: parts.errors }),
    error: {
      statusCode: status,
      ...(kind.name && { name: kind.name }),
      message: parts.message ?? detail,
      ...(kind.code && { code: kind.code }),
      ...(parts.details && { details: parts.details }),
    },
  }
}

/** Path of the docs page that explains a problem. */
export function toProblemUrl(code: ProblemCode): string {
  return `/docs/problems#${code}`
}

/** A problem on its way up; one place turns it into an answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  /** Headers that belong to the problem: Retry-After, Allow. */
  readonly headers: Readonly<Record<string, string>>

  constructor(
    problem: Problem,
    options: { headers?: Readonly<Record<string, string>>; cause?: unknown } = {},
  ) {
    super(problem.detail, options.cause === undefined ? undefined : { cause: options.cause })
    this.problem = problem
    this.headers = options.headers ?? {}
  }
}

/** A value that is refused, in the words that clients of the compatible API know. */
export function invalidParameter(parameter: string, value: unknown, allowed: string): ProblemError {
  const shown = toEcho(value)
  const message = `Invalid data ${shown} for parameter "${parameter}".`
  return new ProblemError(
    toProblem('invalid-parameter', `${message} Allowed: ${allowed}.`, {
      message,
      errors: [
        {
          parameter,
          message: `must be ${allowed}`,
          allowed,
          value: typeof value === 'string' ? toShort(value) : shown,
        },
      ],
    }),
  )
}

/** `Entity not found: Era with id 999` */
export function notFound(entity: string, id: string | number): ProblemError {
  return new ProblemError(
    toProblem('not-found', `Entity not found: ${entity} with id ${toShort(String(id))}`),
  )
}

/** The compatible `/block`: it never said what was not found. */
export function nothingFound(): ProblemError {
  return new ProblemError(toProblem('nothing-found', 'Not found.'))
}

/** A list has no newest block to be as of before the first one is stored. */
export function nothingStored(): ProblemError {
  const problem = toProblem('unavailable', 'No block is indexed yet. /v1/status tells how far it is.')
  return new ProblemError(problem, { headers: { 'Retry-After': '10' } })
}

/** A caller's value as JSON, cut: `"abc"`, `["1","2"]`. */
export function toEcho(value: unknown): string {
  try {
    return toShort(JSON.stringify(value) ?? String(value))
  } catch {
    // Nested so deeply that the engine's stack does not suffice.
    return '…'
  }
}

function toShort(text: string): string {
  return text.length > MAX_ECHO ? `${text.slice(0, MAX_ECHO)}…` : text
}
