import { createRandom } from './builders.ts'

/*
 * Seeded mutations of recorded answers: the same in every run, so that a finding can be repeated from its round. What a
 * test says of a mutated answer is its own: see test/unit/fuzz.
 */

const TIMES = Number(process.env.FUZZ_ROUNDS ?? 1)
if (!(TIMES > 0)) throw new Error(`FUZZ_ROUNDS: ${process.env.FUZZ_ROUNDS}, not a number above 0`)

/** Calls `round` so often (FUZZ_ROUNDS times as often where that is set), each with numbers of its own. */
export async function fuzz(rounds: number, round: (random: Random, seed: number) => unknown): Promise<void> {
  const most = Math.ceil(rounds * TIMES)
  for (let seed = 1; seed <= most; seed++) {
    try {
      await round(createRandom(seed), seed)
    } catch (cause) {
      throw new Error(`round ${seed}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })
    }
  }
}

export type Random = (below: number) => number

export const pick = <T>(items: readonly T[], random: Random): T => items[random(items.length)] as T

export interface Mutation {
  /** A copy: what was given stays as it was. */
  readonly value: unknown
  readonly where: readonly string[]
  /**
   * `lost`: a member dropped or renamed. `list`: items dropped, doubled or moved. `new`: another value stands there.
   */
  readonly how: 'lost' | 'list' | 'new'
  /** What stands there now; undefined for what was lost. */
  readonly put: unknown
}

/** One change somewhere in a JSON value. */
export function mutate(value: unknown, random: Random): Mutation {
  const where = pick(placesOf(value), random)
  const old = at(value, where)
  const parent = at(value, where.slice(0, -1))
  const name = where.at(-1) as string
  const put = (changed: unknown, how: Mutation['how'] = 'new'): Mutation => ({
    value: withPlace(value, where, () => changed),
    where,
    how,
    put: changed,
  })
  if (random(4) === 0) {
    if (Array.isArray(parent)) return { ...mutateList(value, where.slice(0, -1), parent, random) }
    const other = random(2)
      ? null
      : `${pick(['_', '__proto__', 'X', '\u0000', '\ud800'], random)}${random(2) ? name : ''}`
    return {
      value: withPlace(value, where.slice(0, -1), (object) => without(object as object, name, other)),
      where,
      how: 'lost',
      put: undefined,
    }
  }
  if (typeof old === 'string' && random(2)) return put(mutateText(old, random))
  if ((typeof old === 'number' || typeof old === 'bigint') && random(2)) return put(mutateNumber(old, random))
  if (typeof old === 'boolean' && random(2)) return put(!old)
  return put(random(8) === 0 ? nest(old, random) : pick(JUNK, random))
}

const JUNK: readonly unknown[] = [
  ...[null, true, false, 0, 1, -1, 1.5, 0.1, 255, 256, 2 ** 31, 2 ** 32, 1e21, 1e308, 2 ** 53],
  ...[2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n, 2n ** 64n, -(2n ** 64n), 10n ** 38n, 10n ** 400n],
  ...[
    '',
    ' ',
    '0',
    '00',
    '-1',
    '1.5',
    '1e3',
    '0x10',
    'NaN',
    '9'.repeat(39),
    'ab'.repeat(32),
    `01${'ab'.repeat(32)}`,
  ],
  ...['\u0000', '\u00007', '\ud800', '😀', '__proto__', 'x'.repeat(5_000), '1969-12-31T23:59:59.999Z'],
  ...[[], {}, [[]], [null], { a: 1 }, { length: 1 }, { Version1: null }, { toString: 1 }, [0, 1, 2]],
  ...[JSON.parse('{"__proto__":{"value":1}}'), JSON.parse('{"constructor":null}')],
]

/** Every place of a value, by its names; what is within lists and objects as well. */
function placesOf(value: unknown): string[][] {
  const known = typeof value === 'object' && value !== null ? places.get(value) : undefined
  if (known) return known
  const found: string[][] = []
  const walk = (one: unknown, where: readonly string[]) => {
    if (typeof one !== 'object' || one === null) return
    for (const name of Object.keys(one)) {
      const place = [...where, name]
      found.push(place)
      walk((one as Record<string, unknown>)[name], place)
    }
  }
  walk(value, [])
  places.set(value as object, found)
  return found
}

/** The same answer is mutated many times. */
const places = new WeakMap<object, string[][]>()

export function at(value: unknown, where: readonly string[]): unknown {
  return where.reduce((one, name) => (one as Record<string, unknown>)[name], value)
}

/** A copy with another value at a place; everything beside the way there is shared. */
export function withPlace(
  value: unknown,
  where: readonly string[],
  change: (old: unknown) => unknown,
): unknown {
  const [name, ...rest] = where
  if (name === undefined) return change(value)
  if (Array.isArray(value)) return value.with(Number(name), withPlace(value[Number(name)], rest, change))
  const object = value as Record<string, unknown>
  return toObject(
    Object.entries(object).map(([n, one]) => [n, n === name ? withPlace(one, rest, change) : one]),
  )
}

function without(object: object, name: string, other: string | null): object {
  const entries = Object.entries(object).flatMap(([n, one]): [string, unknown][] =>
    n !== name ? [[n, one]] : other === null ? [] : [[other, one]],
  )
  return toObject(entries)
}

/** As JSON.parse makes it: `__proto__` is a member like any other. */
function toObject(entries: readonly (readonly [string, unknown])[]): object {
  const object = {}
  for (const [name, value] of entries) {
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

function mutateList(
  value: unknown,
  where: readonly string[],
  list: readonly unknown[],
  random: Random,
): Mutation {
  const i = random(list.length)
  const j = random(list.length)
  const changed = pick(
    [
      () => list.toSpliced(i, 1),
      () => list.toSpliced(j, 0, list[i]),
      () => list.with(i, list[j]).with(j, list[i]),
      () => list.slice(0, i),
    ],
    random,
  )()
  return { value: withPlace(value, where, () => changed), where, how: 'list', put: changed }
}

function mutateNumber(old: number | bigint, random: Random): unknown {
  const big = typeof old === 'bigint' || Number.isInteger(old) ? BigInt(old) : 0n
  return pick(
    [
      toNumber(big + 1n),
      toNumber(big - 1n),
      toNumber(-big - 1n),
      toNumber(big + 2n ** 53n),
      `${old}`,
      Number(old) + 0.5,
      2n ** 64n + big,
    ],
    random,
  )
}

/** As `parseJson` has it: exact. */
const toNumber = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value

/** Text with one character dropped, doubled, changed or put in, cut, or with its case turned. */
export function mutateText(text: string, random: Random): string {
  const i = random(text.length + 1)
  const character = pick(
    ['0', '1', '9', 'f', 'g', '-', '.', ' ', '\n', '\u0000', '\ud800', 'é', '"', '\\', '{', ']'],
    random,
  )
  switch (random(6)) {
    case 0:
      return text.slice(0, i)
    case 1:
      return text.slice(0, i) + text.slice(i + 1)
    case 2:
      return text.slice(0, i) + character + text.slice(i)
    case 3:
      return text.slice(0, i) + text.slice(Math.max(0, i - 1))
    case 4:
      return random(2) ? text.toUpperCase() : text.toLowerCase()
    default:
      return text.slice(0, i) + character + text.slice(i + 1)
  }
}

/** Deeper than any stack has room for, now and then. */
function nest(value: unknown, random: Random): unknown {
  const isList = random(2) === 0
  let nested = value
  for (let depth = pick([1, 3, 20_000], random); depth > 0; depth--)
    nested = isList ? [nested] : { a: nested }
  return nested
}

/** Bytes with bits flipped, cut, doubled, or some put in. */
export function mutateBytes(bytes: Uint8Array, random: Random): Buffer {
  const i = random(bytes.length + 1)
  const j = Math.min(bytes.length, i + random(64))
  const before = bytes.subarray(0, i)
  const extra = Uint8Array.from({ length: 1 + random(8) }, () => random(256))
  switch (random(5)) {
    case 0:
      return Buffer.from(before)
    case 1:
      return Buffer.concat([before, bytes.subarray(j)])
    case 2:
      return Buffer.concat([before, extra, bytes.subarray(i)])
    case 3:
      return Buffer.concat([before, bytes.subarray(i, j), bytes.subarray(i)])
    default: {
      const flipped = Buffer.from(bytes)
      if (flipped.length > 0) {
        const place = random(flipped.length)
        flipped[place] = (flipped[place] as number) ^ (1 << random(8))
      }
      return flipped
    }
  }
}

/** JSON with bigints as the numbers that they are. @throws {RangeError} for what is nested deeper than the stack */
export function toJson(value: unknown): string {
  const { rawJSON } = JSON as unknown as { rawJSON: (digits: string) => unknown }
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? rawJSON(`${one}`) : one)) ?? 'null'
}
