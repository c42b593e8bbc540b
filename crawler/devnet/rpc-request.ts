import type { Answer } from './answers.ts'
import { invalidRequest, parseError } from './node-errors.ts'

/** A request that may be answered; `id` is the text to echo. */
export type RpcRequest = { id: string; method: string; params: unknown }

/** The request cannot be answered: with an error to its id, or, having no id, with HTTP 400. */
export type Refused = { id: string; answer: Answer } | { missingId: true }

const kindOf = (value: unknown): string => {
  if (typeof value === 'number') return 'a Number'
  if (typeof value === 'string') return 'a String'
  return `'${value}'`
}

/** What serde says about text that is no JSON object. A batch is one of these: the nodes know none. */
function whyNoObject(text: string): string {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    const column = text.trim() === '' ? 0 : 1
    return text.trim() === ''
      ? 'EOF while parsing a value at line 1 column 0'
      : `expected value at line 1 column ${column}`
  }
  if (Array.isArray(value)) return 'invalid type: sequence, expected a map at line 1 column 0'
  const name =
    value === null
      ? 'null'
      : typeof value === 'number'
        ? `integer \`${value}\``
        : `${typeof value} ${JSON.stringify(value)}`
  return `invalid type: ${name}, expected a map at line 1 column ${text.length}`
}

/** The text of an id. A number beyond 2^53 is taken from the request itself, digit by digit. */
function idText(id: unknown, text: string): string {
  if (typeof id === 'number' && !Number.isSafeInteger(id))
    return /"id"\s*:\s*(-?\d+)/.exec(text)?.[1] ?? 'null'
  return JSON.stringify(id) ?? 'null'
}

/** Reads a request as casper-json-rpc does, with its rules in its order and its wording. */
export function parseRequest(body: Buffer): RpcRequest | Refused {
  const text = body.toString()
  let request: Record<string, unknown> | null = null
  try {
    const value = JSON.parse(text) as unknown
    if (typeof value === 'object' && !Array.isArray(value)) request = value as Record<string, unknown> | null
  } catch {
    // Said below, in the words of the nodes' parser.
  }
  if (request === null) return { id: 'null', answer: parseError(whyNoObject(text)) }

  const { jsonrpc, method, params, id, ...others } = request
  const echo = idText(id, text)
  const refuse = (why: string, to = echo): Refused => ({ id: to, answer: invalidRequest(why) })
  if (jsonrpc === undefined) return refuse("Missing 'jsonrpc' field")
  if (jsonrpc !== '2.0') {
    if (typeof jsonrpc === 'string') return refuse(`Expected 'jsonrpc' to be '2.0', but got '${jsonrpc}'`)
    const got = typeof jsonrpc === 'number' ? `a Number '${jsonrpc}'` : `'${JSON.stringify(jsonrpc)}'`
    return refuse(`Expected 'jsonrpc' to be a String with value '2.0', but got ${got}`)
  }
  if (method === undefined) return refuse("Missing 'method' field")
  if (typeof method !== 'string') return refuse("Expected 'method' to be a String")
  if (params !== undefined && typeof params !== 'object') {
    return refuse(`If present, 'params' must be an Array or Object, but was ${kindOf(params)}`)
  }
  if (!('id' in request)) return { missingId: true }
  if (typeof id === 'number' && !Number.isInteger(id)) {
    return refuse("'id' must not contain fractional parts if it is a number", 'null')
  }
  if (id !== null && typeof id !== 'number' && typeof id !== 'string') {
    return refuse("'id' should be a string or integer", 'null')
  }
  const extra = Object.keys(others)
  if (extra.length > 0) {
    const names = extra.map((name) => `'${name}'`).join(', ')
    return refuse(`Unexpected field${extra.length > 1 ? 's' : ''}: ${names}`)
  }
  return { id: echo, method, params }
}
