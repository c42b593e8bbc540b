import { invalidParameter, ProblemError, toProblem } from './problem.ts'

/** Longest query that is read, in characters: a filter that names a thousand blocks still fits. */
export const MAX_QUERY = 16_384

export interface Pair {
  readonly name: string
  readonly value: string
}

/**
 * The query's pairs in their order, decoded. By hand: `new URL` costs several times what the rest of a compatible
 * request does.
 * @throws {ProblemError} for one that is too long or is not percent-encoded UTF-8
 */
export function parseQuery(url: string): Pair[] {
  const pairs: Pair[] = []
  const mark = url.indexOf('?')
  if (mark < 0) return pairs
  const hash = url.indexOf('#', mark)
  const end = hash < 0 ? url.length : hash
  if (end - mark - 1 > MAX_QUERY) {
    throw new ProblemError(toProblem('uri-too-long', `The query is longer than ${MAX_QUERY} characters.`))
  }
  let start = mark + 1
  while (start < end) {
    let stop = url.indexOf('&', start)
    if (stop < 0 || stop > end) stop = end
    if (stop > start) pairs.push(toPair(url.slice(start, stop)))
    start = stop + 1
  }
  return pairs
}

function toPair(text: string): Pair {
  const equals = text.indexOf('=')
  const name = decode(equals < 0 ? text : text.slice(0, equals), text)
  return { name, value: equals < 0 ? '' : decode(text.slice(equals + 1), name) }
}

function decode(text: string, parameter: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    throw invalidParameter(parameter.slice(0, 100), text, 'percent-encoded UTF-8')
  }
}
