import sdk from 'casper-js-sdk'
import type { Party } from '../../src/domain/keys.ts'
import { type PublicKey, parseParty, parsePublicKey, parsePurse, SYSTEM_KEY } from '../../src/domain/keys.ts'
import { type Motes, parseMotes } from '../../src/domain/motes.ts'
import type { Field } from './field.ts'
import { parseU512 } from './u512.ts'

const { CLValueParser } = sdk

/**
 * Runtime arguments of a deploy or transaction, by name. Values are decoded from their bytes, those of the rarer types by
 * the SDK: the `parsed` member beside them is the node's courtesy, null for types that it cannot show.
 */
export class Args {
  private readonly values: ReadonlyMap<string, Field>
  private readonly isChecked: boolean

  constructor(values: ReadonlyMap<string, Field>, isChecked = true) {
    this.values = values
    this.isChecked = isChecked
  }

  /**
   * The same where nobody has looked at the types: a call that failed, or of a contract of somebody's own. A sender may
   * put anything into a block that way, so that an argument of another type is as good as left out, and no fault.
   */
  unchecked(): Args {
    return new Args(this.values, false)
  }

  has(...names: readonly string[]): boolean {
    return names.every((name) => this.values.has(name))
  }

  /** null where the argument is absent. @throws {DecodeFault} where it is of another type */
  motes(name: string): Motes | null {
    return this.read(name, 'an amount', parseMotes)
  }

  key(name: string): PublicKey | null {
    return this.read(name, 'a public key', parsePublicKey)
  }

  /** One byte: all that is read so is a rate in percent. */
  byte(name: string): number | null {
    return this.read(name, 'an integer from 0 to 255', parseByte)
  }

  /** A purse given as `delegator_purse`, or null. */
  purse(name: string): Party | null {
    const purse = this.read(name, 'a purse', parsePurse)
    return purse === null ? null : { kind: 'purse', purse }
  }

  /** Who a transfer goes to: a key, an account hash (bytes or Key) or a purse. */
  party(name: string): Party | null {
    return this.read(name, 'a key, account or purse', (text) =>
      text === SYSTEM_KEY ? { kind: 'key', key: text } : parseParty(text),
    )
  }

  private read<T>(name: string, expected: string, parse: (text: string) => T): T | null {
    const field = this.values.get(name)
    if (field === undefined) return null
    try {
      return parse(toText(field))
    } catch {
      if (!this.isChecked) return null
      throw field.fault(expected)
    }
  }
}

function parseByte(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255) throw new SyntaxError(text)
  return Number(text)
}

/**
 * The value as text. What transfers and stakes are made of is read straight from its bytes, which the SDK's general
 * parser takes a hundred times longer for; it decodes the rest, and leaves the prefix of a URef away.
 */
function toText(field: Field): string {
  const clType = field.get('cl_type').value
  const bytes = field.get('bytes').text()
  // Without its tag a key would pass for an account's hash.
  if (clType === 'PublicKey') return parsePublicKey(bytes)
  if (clType === 'U512') return `${parseU512(field.get('bytes'))}`
  if (clType === 'URef' && UREF.test(bytes)) return `uref-${bytes.slice(0, 64)}`
  if (isAccountHash(clType) && HASH.test(bytes)) return bytes
  if (!SIMPLE.has(clType)) throw field.fault('a simple value')
  const length = LENGTHS.get(clType)
  // The SDK leaves alone what follows a number.
  if (length !== undefined && bytes.length !== 2 * length)
    throw field.get('bytes').fault(`${length} bytes in hex`)
  return CLValueParser.fromJSON({ cl_type: clType, bytes }).toString()
}

/** A type that holds others is none of what is read, and a list of four billion nothings has four bytes. */
const SIMPLE = new Set<unknown>(['Key', 'URef', 'U8', 'U32', 'U64'])

/** Bytes of the numbers among them. */
const LENGTHS = new Map<unknown, number>([
  ['U8', 1],
  ['U32', 4],
  ['U64', 8],
])

/** 32 bytes of address and one of access rights. */
const UREF = /^[0-9a-f]{66}$/i
const HASH = /^[0-9a-f]{64}$/i

function isAccountHash(clType: unknown): boolean {
  return typeof clType === 'object' && clType !== null && 'ByteArray' in clType && clType.ByteArray === 32
}

/** `[[name, {cl_type, bytes, parsed}], …]`: args of a deploy, or the Named args of a transaction. */
export function parseArgs(list: Field): Args {
  const values = new Map<string, Field>()
  // Read when the block's turn comes. Until then the arguments alone stay in memory, not the answer's hundreds of effects.
  for (const pair of list.alone().list()) {
    const [name, value] = pair.list()
    if (name === undefined || value === undefined) throw pair.fault('a name and a value')
    values.set(name.text(), value)
  }
  return new Args(values)
}
