import type { ZodObject, ZodType } from 'zod'
import type { Endpoint, ParamsOf } from './endpoint.ts'
import { parseBrackets } from './filter-brackets.ts'
import { filter as filterParam, number as numberParam, parseNumber } from './params.ts'
import { invalidParameter, type ParameterError, ProblemError, toEcho, toProblem } from './problem.ts'
import { type Pair, parseQuery } from './query.ts'

interface Param {
  readonly name: string
  readonly schema: ZodType
  /** In words, for the problem document. */
  readonly allowed: string
  readonly isFilter: boolean
  /** A number of the compatible paths: read without its schema, which costs ten times as much. */
  readonly isNumber: boolean
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
  const known = new Known(endpoint)
  return function parse(url, path) {
    const errors: ParameterError[] = []
    const output: Record<string, unknown> = { ...known.defaults }
    const seen: string[] = []
    for (const name in path) {
      seen.push(name)
      known.take(name, path[name] as string, output, errors)
    }
    const fromPath = seen.length
    let brackets: Pair[] | undefined
    const pairs = parseQuery(url)
    for (const pair of pairs) {
      const { name, value } = pair
      if (known.hasFilter && name.startsWith('filter[')) {
        if (brackets) brackets.push(pair)
        else brackets = [pair]
        continue
      }
      const before = seen.indexOf(name)
      if (!known.has(name) || (before >= 0 && before < fromPath)) {
        if (known.isStrict) errors.push(known.toUnknown(name, path))
        continue
      }
      if (before >= 0) throw toRepeated(name, pairs)
      seen.push(name)
      known.take(name, value, output, errors)
    }
    if (brackets) {
      if (seen.includes('filter')) throw invalidParameter('filter', 'twice', 'a single value')
      output.filter = JSON.stringify(parseBrackets(brackets))
    }
    for (const param of known.required) {
      if (!seen.includes(param.name)) errors.push(toMissing(param))
    }
    if (errors.length > 0) throw toProblemError(errors)
    return output as ParamsOf<E>
  }
}

/** What an endpoint's parameters are, worked out once. */
class Known {
  readonly #params = new Map<string, Param>()
  readonly defaults: Record<string, unknown> = {}
  readonly required: Param[] = []
  readonly isStrict: boolean
  readonly hasFilter: boolean

  constructor(endpoint: Endpoint) {
    for (const [name, member] of Object.entries((endpoint.params as ZodObject).shape)) {
      const schema = member as ZodType
      const inner = unwrap(schema)
      const isFilter = inner === filterParam
      const param = { name, schema, allowed: toAllowed(schema), isFilter, isNumber: inner === numberParam }
      this.#params.set(name, param)
      const absent = schema.safeParse(undefined)
      if (!absent.success) this.required.push(param)
      else if (absent.data !== undefined) this.defaults[name] = absent.data
    }
    this.isStrict = endpoint.api === 'v1'
    this.hasFilter = this.#params.get('filter')?.isFilter ?? false
  }

  has(name: string): boolean {
    return this.#params.has(name)
  }

  take(name: string, value: string, output: Record<string, unknown>, errors: ParameterError[]): void {
    const param = this.#params.get(name)
    if (param === undefined) return
    if (param.isNumber) {
      const number = parseNumber(value)
      if (number === undefined) errors.push(toInvalid(param, value))
      else output[name] = number
      return
    }
    // No filter, in the two ways in which clients have always said so.
    if (param.isFilter && (value === '' || value === 'null')) return
    const result = value === '' ? null : param.schema.safeParse(value)
    if (result?.success) output[name] = result.data
    else errors.push(toInvalid(param, value))
  }

  toUnknown(name: string, path: Readonly<Record<string, string>>): ParameterError {
    const allowed = [...this.#params.keys()].filter((other) => !Object.hasOwn(path, other))
    return {
      parameter: name.slice(0, 100),
      message: UNKNOWN,
      allowed: allowed.join(', ') || 'no parameters',
    }
  }
}

/** At most so many wrong parameters are named in one answer. */
const MAX_ERRORS = 20

const UNKNOWN = 'is not known here'
const MISSING = 'is required'

function toRepeated(name: string, pairs: readonly Pair[]): ProblemError {
  const values = pairs.filter((pair) => pair.name === name).map(({ value }) => value)
  return invalidParameter(name, values, 'a single value')
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
