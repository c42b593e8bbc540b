import { z } from 'zod'
import {
  type AccountHash,
  type Party,
  type PublicKey,
  type Purse,
  parseAccountHash,
  parsePublicKey,
  parsePurse,
  toAccountHash,
} from './keys.ts'
import { source } from './source.ts'

/** What a labelled party is. An open list would be none: each has its place on the site. */
export const LABEL_KINDS = [
  'vault',
  'system',
  'treasury',
  'sustain',
  'exchange',
  'validator',
  'other',
] as const

export type LabelKind = (typeof LABEL_KINDS)[number]

/** A name that a public source gives to an account or a purse. */
export interface Label {
  readonly party: Party
  readonly name: string
  readonly kind: LabelKind
  /** In a sentence, why it is of interest. */
  readonly note: string | null
  /** Where it is said. */
  readonly source: string
}

const text = z.string().trim().min(1)

const entry = z.strictObject({
  key: z.string().optional(),
  accountHash: z.string().optional(),
  purse: z.string().optional(),
  name: text.max(100),
  kind: z.enum(LABEL_KINDS),
  note: text.max(300).nullable().default(null),
  source,
})

const file = z.strictObject({ network: text, labels: z.array(entry) })

export interface CheckedLabels {
  readonly labels: readonly Label[]
  /** Every fault, with the entry's place. Empty: the file is good. */
  readonly faults: readonly string[]
}

/**
 * Labels of `labels/<network>.json`, checked whole: shape, keys and hashes, that an account hash beside a key is that key's,
 * and that nobody is named twice, by key or by hash.
 * @param network as nodes say it
 */
export function checkLabels(json: unknown, network: string): CheckedLabels {
  const parsed = file.safeParse(json)
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'file'}: ${message}`)
    return { labels: [], faults }
  }
  const faults: string[] = []
  if (parsed.data.network !== network) faults.push(`network: ${parsed.data.network}, not ${network}`)
  const labels: Label[] = []
  const places = new Map<string, number>()
  for (const [index, { key, accountHash, purse, ...rest }] of parsed.data.labels.entries()) {
    try {
      const party = toParty(key, accountHash, purse)
      const word = toWord(party)
      const before = places.get(word)
      if (before !== undefined) throw new SyntaxError(`the same party as labels.${before}`)
      places.set(word, index)
      labels.push({ party, ...rest })
    } catch (error) {
      faults.push(`labels.${index}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { labels, faults }
}

/** @throws {SyntaxError} */
function toParty(key?: string, hash?: string, purse?: string): Party {
  const account: AccountHash | null = hash === undefined ? null : parseAccountHash(hash)
  if (purse !== undefined) {
    if (key !== undefined || account !== null) throw new SyntaxError('a purse has no key and no account hash')
    const address: Purse = parsePurse(purse)
    return { kind: 'purse', purse: address }
  }
  if (key === undefined) {
    if (account === null) throw new SyntaxError('needs a key, an accountHash or a purse')
    return { kind: 'account', hash: account }
  }
  const publicKey: PublicKey = parsePublicKey(key)
  const own = toAccountHash(publicKey)
  if (account !== null && account !== own)
    throw new SyntaxError(`accountHash is ${account}, the key's is ${own}`)
  return { kind: 'key', key: publicKey }
}

/** The same for a key and for its account hash. */
function toWord(party: Party): string {
  if (party.kind === 'purse') return `uref-${party.purse}`
  return party.kind === 'key' ? toAccountHash(party.key) : party.hash
}
