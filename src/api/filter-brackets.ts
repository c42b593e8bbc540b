import { invalidFilter } from './filter-error.ts'
import type { Pair } from './query.ts'

/** Deepest nesting of a filter, in brackets and in JSON alike. */
export const MAX_DEPTH = 12
/** Most pairs of a filter in brackets: an array of a thousand ids, and the rest. */
const MAX_PAIRS = 1_100
const INDEX = /^\d{1,4}$/

/** Objects and arrays under construction: arrays are objects with numbers for names until the end. */
interface Node {
  [name: string]: Node | string
}

/**
 * A filter in qs brackets, `filter[where][id][inq][]=3&filter[limit]=2`, as the object that its JSON form would be.
 * All values are text; the filter's parser knows what type each field has.
 * @throws {ProblemError}
 */
export function parseBrackets(pairs: readonly Pair[]): unknown {
  if (pairs.length > MAX_PAIRS) throw invalidFilter(`The filter has more than ${MAX_PAIRS} parts.`)
  // No prototype: names are the caller's, and `__proto__` is then a name like any other.
  const root: Node = Object.create(null)
  for (const { name, value } of pairs) put(root, toPath(name), value)
  return toValue(root)
}

/** `filter[where][id][inq][]` gives where, id, inq and an empty name. */
function toPath(name: string): string[] {
  const path = name.slice('filter['.length).split('][')
  const last = path.length - 1
  const tail = path[last] as string
  if (!tail.endsWith(']'))
    throw invalidFilter(`Brackets do not match in ${JSON.stringify(name.slice(0, 100))}.`)
  path[last] = tail.slice(0, -1)
  if (path.length > MAX_DEPTH) throw invalidFilter(`The filter is nested deeper than ${MAX_DEPTH}.`)
  return path
}

function put(root: Node, path: readonly string[], value: string): void {
  let node = root
  path.forEach((part, depth) => {
    const name = part === '' ? String(Object.keys(node).length) : part
    if (depth === path.length - 1) {
      const before = node[name]
      if (before === undefined) node[name] = value
      // `filter[fields]=a&filter[fields]=b` is a list, as it is for qs.
      else if (typeof before === 'string') node[name] = list(before, value)
      else before[String(Object.keys(before).length)] = value
      return
    }
    const next = node[name]
    if (next === undefined) node = node[name] = Object.create(null) as Node
    else if (typeof next === 'string')
      throw invalidFilter(`${JSON.stringify(name)} is a value and an object.`)
    else node = next
  })
}

function list(...values: string[]): Node {
  return Object.assign(Object.create(null), values)
}

/** Objects whose names are all numbers become arrays, in the order of the numbers. */
function toValue(node: Node | string): unknown {
  if (typeof node === 'string') return node
  const names = Object.keys(node)
  const isArray = names.length > 0 && names.every((name) => INDEX.test(name))
  if (isArray) return names.map((name) => toValue(node[name] as Node | string))
  const object: Record<string, unknown> = Object.create(null)
  for (const name of names) object[name] = toValue(node[name] as Node | string)
  return object
}
