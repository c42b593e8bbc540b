import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { parseHash } from '../../src/domain/hash.ts'
import { parsePublicKey } from '../../src/domain/keys.ts'
import { parseMotes } from '../../src/domain/motes.ts'

/** A parser of ours as a zod type: its SyntaxError becomes an issue at the value's place. */
function text<T>(parse: (text: string) => T) {
  return z.string().transform((value, context): T => {
    try {
      return parse(value)
    } catch (cause) {
      context.addIssue({ code: 'custom', message: cause instanceof Error ? cause.message : 'malformed' })
      return z.NEVER
    }
  })
}

const eraId = z.int().nonnegative()
const source = z.string().min(1)
/** What is missing, and the command or the evidence that would fill it. */
const note = z.string().min(1)
const weights = z.array(z.strictObject({ validator: text(parsePublicKey), weight: text(parseMotes) })).min(1)

/** Known or null; null says in its note how it is to be filled. */
const genesis = z.union([
  z.strictObject({ hash: text(parseHash), source, note: z.null() }),
  z.strictObject({ hash: z.null(), source: z.null(), note }),
])

const pin = z.strictObject({ height: z.int().nonnegative(), hash: text(parseHash), source })

/** A set that is not what the switch block before named. */
const change = z.strictObject({
  eraId,
  /** Null where only the occasion is known: the set that was named stands, and the note is told if it does not. */
  validators: weights.nullable(),
  reason: z.string().min(1),
  source,
  note: note.nullable(),
})

const chain = z.strictObject({
  name: z.string(),
  about: z.string(),
  /** Block 0. */
  genesis,
  /** Who signed from the first block on: before 1.5.0 no switch block names the sets of eras 0 and 1. */
  validators: z.strictObject({ eraId: z.literal(0), source, note: note.nullable(), set: weights }).nullable(),
  /** The chainspec's `legacy_required_finality`: whether nodes may hold blocks from before 1.5.0 without signatures. */
  legacyFinality: z.enum(['strict', 'any']),
  legacySource: source,
  pins: z.array(pin),
  validatorChanges: z.array(change),
})

/** What is known of a network beforehand. */
export type KnownChain = z.output<typeof chain>

const NAME = /^[a-z0-9][a-z0-9-]{0,62}$/

/**
 * The network's own file beside this one; null for a network that has none.
 * @param name as nodes say it (`chainspec_name`)
 * @throws {Error} when the file is not what it must be, naming the place
 */
export function findChain(name: string): KnownChain | null {
  // The name comes from a node and becomes part of a path.
  if (!NAME.test(name)) return null
  const file = join(import.meta.dirname, `${name}.json`)
  return existsSync(file) ? parseChain(readFileSync(file, 'utf8'), name) : null
}

/** @throws {Error} naming the place */
export function parseChain(json: string, name: string): KnownChain {
  let given: unknown
  try {
    given = JSON.parse(json)
  } catch (cause) {
    throw new Error(`crawler/chains/${name}.json: no JSON`, { cause })
  }
  const parsed = chain.safeParse(given)
  if (!parsed.success) throw new Error(`crawler/chains/${name}.json: ${z.prettifyError(parsed.error)}`)
  if (parsed.data.name !== name)
    throw new Error(`crawler/chains/${name}.json: its name is ${parsed.data.name}`)
  return parsed.data
}
