import { Field } from '../../../crawler/decode/field.ts'
import { parseU512 } from '../../../crawler/decode/u512.ts'
import { toAccountHash } from '../../../src/domain/keys.ts'
import type { Mutation } from '../../support/fuzz.ts'

/** A value's leaves, each with its place, as text. */
function leavesOf(value: unknown, place = '', into = new Map<string, string>()): Map<string, string> {
  if (typeof value !== 'object' || value === null) return into.set(place, `${value}`.toLowerCase())
  // What is nested without end is made to break a parser, and has no leaf that one could want.
  if (place.length > 500) return into
  const entries = value instanceof Map ? [...value] : Object.entries(value)
  for (const [name, one] of entries) leavesOf(one, `${place}.${name}`, into)
  return into
}

/**
 * What is wrong with a value decoded from a mutated answer; null where each difference is what the mutation says: nothing
 * stands in for what was lost or broken, and a new value is the one that was put.
 * @param optional members that may be absent: then null
 * @param isSorted lists come out in an order of their own, in which a new value moves others
 */
export function findUnjustified(
  before: unknown,
  after: unknown,
  { where, how, put }: Mutation,
  optional: ReadonlySet<string>,
  isSorted: boolean,
): string | null {
  const old = leavesOf(before)
  const now = leavesOf(after)
  const known = new Set(old.values())
  const words = wordsOf(put)
  const isEmptied = typeof put === 'object' && (put === null || Object.keys(put).length === 0)
  const isMoved = how === 'list' || isEmptied
  for (const [place, leaf] of now) {
    if (old.get(place) === leaf) continue
    if ((isMoved || isSorted) && known.has(leaf)) continue
    if (how === 'new' && words.some((word) => word.includes(leaf))) continue
    if (how === 'lost' && leaf === 'null' && optional.has(where.at(-1) as string)) continue
    return `${place} was ${old.get(place)}, is ${leaf}`
  }
  const lost = isMoved || isSorted ? undefined : [...old.keys()].find((place) => !now.has(place))
  return lost === undefined ? null : `${lost} is gone`
}

/** What a value that was put may become: its text, the time or the amount in it, the account of a key. */
function wordsOf(put: unknown): string[] {
  if (typeof put === 'object' && put !== null) return [...leavesOf(put).values(), ...Object.keys(put)]
  // `inactive` is told the other way round.
  if (typeof put === 'boolean') return ['true', 'false']
  const text = `${put}`.toLowerCase()
  const ways = [
    () => `${Date.parse(`${put}`)}`,
    () => `${parseU512(new Field(put, ''))}`,
    () => toAccountHash(text),
    () => `${BigInt(text)}`,
  ]
  return ways.reduce(
    (words, way) => {
      try {
        words.push(way())
      } catch {}
      return words
    },
    [text],
  )
}
