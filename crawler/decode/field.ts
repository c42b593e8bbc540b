import { type Hash, parseHash } from '../../src/domain/hash.ts'
import {
  type AccountHash,
  type PublicKey,
  type Purse,
  parseAccountHash,
  parsePublicKey,
  parsePurse,
} from '../../src/domain/keys.ts'
import { type Motes, parseMotes } from '../../src/domain/motes.ts'
import type { Ms } from '../../src/domain/time.ts'
import { parseDuration } from './duration.ts'

/** An answer whose shape is not one we know: names the place, so that an unknown release is noticed at once. */
export class DecodeFault extends Error {
  override readonly name = 'DecodeFault'
  readonly path: string

  constructor(path: string, expected: string, value: unknown) {
    super(`${path}: expected ${expected}, got ${toShown(value)}`)
    this.path = path
  }
}

const MOST_SHOWN = 120

/** Some characters of it, not made from the whole: a broken answer may be megabytes long, or deeper than the stack is. */
function toShown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(cut(value))
  if (typeof value !== 'object' || value === null) return cut(String(value))
  if (Array.isArray(value)) return `a list of ${value.length}`
  const names = Object.keys(value)
  return `an object ${names.length === 0 ? 'without members' : `of ${cut(names.slice(0, 10).join(', '))}`}`
}

function cut(text: string): string {
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}

const U64_MAX = 2n ** 64n - 1n
/** Nodes write three digits of milliseconds. Programs between us and them may drop zeros at the end: `19:08:22.94Z`. */
const TIMESTAMP = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,3}))?Z$/

/**
 * A value somewhere in a node's answer, with the path that led to it. Each reader either returns what it promises
 * or throws a DecodeFault that tells the path.
 */
export class Field {
  readonly value: unknown
  /** Of a member, place in a list, or the whole path where there is no parent. */
  private readonly name: string | number
  private readonly parent: Field | null

  constructor(value: unknown, name: string | number, parent: Field | null = null) {
    this.value = value
    this.name = name
    this.parent = parent
  }

  /** Put together only for a fault: a block has thousands of fields. */
  get path(): string {
    const { name, parent } = this
    if (parent === null) return `${name}`
    return `${parent.path}${typeof name === 'number' ? `[${name}]` : `.${name}`}`
  }

  /** The same without what stands around it: who keeps a part of an answer shall not keep the whole of it. */
  alone(): Field {
    return new Field(this.value, this.path)
  }

  fault(expected: string): DecodeFault {
    return new DecodeFault(this.path, expected, this.value)
  }

  private object(): Record<string, unknown> {
    if (typeof this.value !== 'object' || this.value === null || Array.isArray(this.value))
      throw this.fault('an object')
    return this.value as Record<string, unknown>
  }

  /** A member that must be there. */
  get(name: string): Field {
    const object = this.object()
    if (!Object.hasOwn(object, name)) throw this.fault(`a member ${name}`)
    return new Field(object[name], name, this)
  }

  /** A member that must be there and may be null: null for that. A failure without its error would be a success. */
  orNull(name: string): Field | null {
    const member = this.get(name)
    return member.value === null ? null : member
  }

  /** A member that may be absent or null. */
  find(name: string): Field | null {
    const object = this.object()
    const value = Object.hasOwn(object, name) ? object[name] : null
    return value === null || value === undefined ? null : new Field(value, name, this)
  }

  /** This object, which has no member but these, though perhaps not all of them: for what is hashed as a whole. */
  only(...names: readonly string[]): this {
    for (const name in this.object()) {
      if (!names.includes(name)) throw this.fault(`no members but ${names.join(', ')}`)
    }
    return this
  }

  has(name: string): boolean {
    return typeof this.value === 'object' && this.value !== null && Object.hasOwn(this.value, name)
  }

  /** The only member of an object, as Rust's enums are written: its name and value. */
  variant(): [string, Field] {
    const name = this.variantName()
    return [name, this.get(name)]
  }

  /** The only member's name. A loop, not a list of the names: an execution has hundreds of effects. */
  variantName(): string {
    let only: string | null = null
    for (const name in this.object()) {
      if (only !== null) throw this.fault('an object with one member')
      only = name
    }
    if (only === null) throw this.fault('an object with one member')
    return only
  }

  list(): Field[] {
    if (!Array.isArray(this.value)) throw this.fault('a list')
    return this.value.map((item, index) => new Field(item, index, this))
  }

  entries(): [string, Field][] {
    return Object.keys(this.object()).map((name) => [name, this.get(name)])
  }

  isNull(): boolean {
    return this.value === null || this.value === undefined
  }

  text(): string {
    if (typeof this.value !== 'string') throw this.fault('a text')
    return this.value
  }

  bool(): boolean {
    if (typeof this.value !== 'boolean') throw this.fault('true or false')
    return this.value
  }

  /** A whole number that a JavaScript number holds exactly. */
  int(max = Number.MAX_SAFE_INTEGER): number {
    if (
      typeof this.value !== 'number' ||
      !Number.isSafeInteger(this.value) ||
      this.value < 0 ||
      this.value > max
    ) {
      throw this.fault(`an integer from 0 to ${max}`)
    }
    return this.value
  }

  /** An unsigned 64-bit number, as a JSON number of any size or as digits in quotes. */
  u64(): bigint {
    const { value } = this
    if (typeof value === 'bigint' && value >= 0n && value <= U64_MAX) return value
    if (typeof value === 'number') return BigInt(this.int())
    if (typeof value === 'string' && /^\d{1,20}$/.test(value) && BigInt(value) <= U64_MAX)
      return BigInt(value)
    throw this.fault('an unsigned 64-bit integer')
  }

  /** An amount: decimal text (U512), or a bare number where the node's schema has u64. */
  motes(): Motes {
    if (typeof this.value === 'number' || typeof this.value === 'bigint') return this.u64()
    return this.parse('an amount in motes', parseMotes)
  }

  hash(): Hash {
    return this.parse('a hash of 64 hex digits', parseHash)
  }

  key(): PublicKey {
    return this.parse('a public key', parsePublicKey)
  }

  accountHash(): AccountHash {
    return this.parse('an account hash', parseAccountHash)
  }

  purse(): Purse {
    return this.parse('a purse (uref-…)', parsePurse)
  }

  /** RFC 3339 in UTC. */
  time(): Ms {
    const text = this.text()
    const [, second, fraction = ''] = TIMESTAMP.exec(text) ?? []
    const whole = `${second}.${fraction.padEnd(3, '0')}Z`
    const time = Date.parse(whole)
    // Date.parse takes the 30th of February for a day of March. The chain's are unsigned: none is before 1970.
    if (!(time >= 0) || new Date(time).toISOString() !== whole)
      throw this.fault('a UTC time with milliseconds')
    return time
  }

  duration(): bigint {
    return this.parse('a duration such as 30m', parseDuration)
  }

  private parse<T>(expected: string, parser: (text: string) => T): T {
    const text = this.text()
    try {
      return parser(text)
    } catch {
      throw this.fault(expected)
    }
  }
}
