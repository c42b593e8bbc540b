import type { ZodObject, ZodType } from 'zod'
import type { Endpoint, ParamsOf } from './endpoint.ts'
import { parseBrackets } from './filter-brackets.ts'
import { filter as filterParam } from './params.ts'
import { invalidParameter, type ParameterError, ProblemError, toEcho, toProblem } from './problem.ts'
import { type Pair, parseQuery } from './query.ts'

interface Param {
  readonly name: string
  readonly schema: ZodType
  /** In words, for the problem document. */
  readonly allowed: string
  readonly isFilter: boolean
}

export type ParamsParser<P> = (url: string, path: Readonly<Record<string, string>>) => P

/**
 * Makes the parser of an endpoint's parameters. Only what is present is parsed, each by its own schema: an object
 * schema over all of them would cost a compatible request more than reading the block does.
 *
 * Each parser throws a ProblemError that names every wrong parameter: unknown (on /v1; the compatible paths ignore
 * those), repeated, empty, not allowed, missing.
 */
export function createParamsParser<E extends Endpoint>(endpoint: E): ParamsParser<ParamsOf<E>> {
  const params = new Map<string, Param>()
  const defaults: Record<string, unknown> = {}
  const required: string[] = []
  for (const [name, schema] of Object.entries((endpoint.params as ZodObject).shape)) {
    const isFilter = unwrap(schema as ZodType) === filterParam
    params.set(name, { name, schema: schema as ZodType, allowed: toAllowed(schema as ZodType), isFilter })
    const absent = (schema as ZodType).safeParse(undefined)
    if (!absent.success) required.push(name)
    else if (absent.data !== undefined) defaults[name] = absent.data
  }
  const isStrict = endpoint.api === 'v1'

  return function parse(url, path) {
    const output: Record<string, unknown> = { ...defaults }
    const errors: ParameterError[] = []
    let brackets: Pair[] | undefined
    const seen = new Map<string, string>()

    const take = (name: string, value: string, fromPath: boolean): void => {
      const param = params.get(name)
      if (param === undefined || (!fromPath && name in path)) {
        if (!fromPath && isStrict) errors.push(toUnknown(name, params, path))
        return
      }
      const before = seen.get(name)
      seen.set(name, value)
      if (before !== undefined) throw invalidParameter(name, [before, value], 'a single value')
      if (param.isFilter && (value === '' || value === 'null')) return
      const result = value === '' ? null : param.schema.safeParse(value)
      if (result?.success) output[name] = result.data
      else errors.push(toInvalid(param, value))
    }

    for (const name in path) take(name, path[name] as string, true)
    for (const pair of parseQuery(url)) {
      if (pair.name.startsWith('filter[') && params.get('filter')?.isFilter) {
        if (brackets) brackets.push(pair)
        else brackets = [pair]
      } else take(pair.name, pair.value, false)
    }
    if (brackets) {
      const before = seen.get('filter')
      if (before !== undefined) throw invalidParameter('filter', [before, '…'], 'a single value')
      output.filter = JSON.stringify(parseBrackets(brackets))
    }
    for (const name of required) {
      if (!(name in output) && !seen.has(name)) errors.push(toMissing(params.get(name) as Param))
    }
    if (errors.length > 0) throw toProblemError(errors)
    return output as ParamsOf<E>
  }
}

/** At most so many wrong parameters are named in one answer. */
const MAX_ERRORS = 20

const UNKNOWN = 'is not known here'
const MISSING = 'is required'

function toUnknown(
  name: string,
  params: ReadonlyMap<string, Param>,
  path: Readonly<Record<string, string>>,
): ParameterError {
  const allowed = [...params.keys()].filter((known) => !(known in path)).join(', ') || 'no parameters'
  return { parameter: name.slice(0, 100), message: UNKNOWN, allowed }
}

function toInvalid(param: Param, value: string): ParameterError {
  return {
    parameter: param.name,
    message: `must be ${param.allowed}`,
    allowed: param.allowed,
    value: toEcho(value),
  }
}

function toMissing(param: Param): ParameterError {
  return { parameter: param.name, message: MISSING, allowed: param.allowed }
}

/** The first error gives the document its kind and its message. */
function toProblemError(all: readonly ParameterError[]): ProblemError {
  const errors = all.slice(0, MAX_ERRORS)
  const { parameter, message, allowed, value } = errors[0] as ParameterError
  if (message === UNKNOWN) {
    const detail = `The parameter "${parameter}" is not known here. Allowed: ${allowed}.`
    return new ProblemError(toProblem('unknown-parameter', detail, { errors }))
  }
  if (message === MISSING) {
    const detail = `The parameter "${parameter}" is required: ${allowed}.`
    return new ProblemError(toProblem('missing-parameter', detail, { errors }))
  }
  const text = `Invalid data ${value} for parameter "${parameter}".`
  return new ProblemError(
    toProblem('invalid-parameter', `${text} Allowed: ${allowed}.`, { message: text, errors }),
  )
}

/** The schema inside `optional` and `default`. */
function unwrap(schema: ZodType): ZodType {
  const inner = (schema as unknown as { def: { innerType?: ZodType } }).def.innerType
  return inner ? unwrap(inner) : schema
}

function toAllowed(schema: ZodType): string {
  const own = schema.meta()?.allowed ?? unwrap(schema).meta()?.allowed
  return typeof own === 'string' ? own : 'text'
}
