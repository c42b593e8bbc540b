import { z } from 'zod'
import { type PublicKey, parsePublicKey, parsePurse } from '../keys.ts'
import { parseMotes } from '../motes.ts'
import { source } from '../source.ts'

/** A parser of ours as a zod type: its SyntaxError becomes an issue at the value's place. */
const text = <T>(parse: (text: string) => T) =>
  z.string().transform((value, context): T => {
    try {
      return parse(value)
    } catch (cause) {
      context.addIssue({ code: 'custom', message: cause instanceof Error ? cause.message : 'malformed' })
      return z.NEVER
    }
  })

const motes = text(parseMotes)
const eraId = z.int().nonnegative()
const time = z.iso.datetime().transform(Date.parse)
/** A sentence about what is not known. */
const note = z.string().trim().min(1)
const unknown = z.strictObject({ known: z.literal(false), note })
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'Must be a hash of 64 hex digits')

const genesis = z.strictObject({
  known: z.literal(true),
  supply: motes,
  /** Bonded at genesis by validators and delegators together. */
  stake: motes,
  time,
  source,
})

const unlocks = z.strictObject({
  known: z.literal(true),
  /** Of the genesis stake: what is freed in equal parts on the days that the method names. */
  daily: motes,
  /** Of the genesis stake: what is freed at other times. */
  dated: z.array(z.strictObject({ time, motes })),
  source,
})

const approvedTransfers = z.strictObject({
  known: z.literal(true),
  /** Transfers out of the vaults that released what they moved. */
  list: z.array(z.strictObject({ era: eraId, transaction: hash, motes })),
  source,
})

const adjustment = z.strictObject({
  /** Era whose first block the write precedes. */
  era: eraId,
  motes: text(parseSigned),
  purse: text(parsePurse),
  /** Whether the mint's own total contains it; null while nobody has looked. */
  isInTotal: z.boolean().nullable(),
  reason: note,
  source,
})

const published = z.discriminatedUnion('method', [
  z.strictObject({ method: z.enum(['no-lockups', 'predecessor']) }),
  z.strictObject({ method: z.null(), reason: note }),
])

const file = z.strictObject({
  network: z.string().min(1),
  /** Grows with every change of an input: it is part of the name that each figure carries. */
  version: z.int().positive(),
  published,
  genesis: z.discriminatedUnion('known', [genesis, unknown]),
  vaults: z.strictObject({ keys: z.array(text<PublicKey>(parsePublicKey)), source }).nullable(),
  unlocks: z.discriminatedUnion('known', [unlocks, unknown]),
  approvedTransfers: z.discriminatedUnion('known', [approvedTransfers, unknown]),
  adjustments: z.array(adjustment),
})

/** What is known of a network's supply beside the chain itself: `networks/<network>.json`. */
export type SupplyInputs = z.output<typeof file>

/** A write to the supply by an upgrade's file instead of a block. */
export type Adjustment = SupplyInputs['adjustments'][number]

const NOTHING = { known: false, note: 'nothing is declared for this network' } as const

/** Of a network without a file: all of its supply circulates. */
export const toUndeclared = (network: string): SupplyInputs => ({
  network,
  version: 1,
  published: { method: 'no-lockups' },
  genesis: NOTHING,
  vaults: null,
  unlocks: NOTHING,
  approvedTransfers: NOTHING,
  adjustments: [],
})

/**
 * A network's inputs, checked whole.
 * @throws {SyntaxError} naming every place that is wrong, what is allowed there and what it holds
 */
export function parseSupplyInputs(json: unknown, network: string): SupplyInputs {
  const parsed = file.safeParse(json, { reportInput: true })
  const faults = parsed.success ? findContradictions(parsed.data, network) : toFaults(parsed.error)
  if (!parsed.success || faults.length > 0) throw new SyntaxError(faults.join('\n'))
  return parsed.data
}

function findContradictions(inputs: SupplyInputs, network: string): string[] {
  const { genesis, unlocks, approvedTransfers: approved } = inputs
  const faults: string[] = []
  if (inputs.network !== network) faults.push(`network: must be "${network}", not "${inputs.network}"`)
  if (genesis.known && genesis.stake > genesis.supply)
    faults.push(`genesis.stake: must be at most the supply ${genesis.supply}, not ${genesis.stake}`)
  if (genesis.known && unlocks.known) {
    const freed = unlocks.dated.reduce((sum, { motes }) => sum + motes, unlocks.daily)
    if (freed > genesis.stake)
      faults.push(`unlocks: must be at most the stake ${genesis.stake} together, not ${freed}`)
  }
  const keys = inputs.vaults?.keys ?? []
  if (new Set(keys).size < keys.length) faults.push('vaults.keys: names a key twice')
  const ids = approved.known ? approved.list.map(({ transaction, motes }) => `${transaction} ${motes}`) : []
  if (new Set(ids).size < ids.length) faults.push('approvedTransfers.list: names a transfer twice')
  return faults
}

function toFaults({ issues }: z.ZodError): string[] {
  return issues.map(({ path, message, input }) => {
    const shown = input === undefined ? '' : `, not ${JSON.stringify(input)?.slice(0, 120)}`
    return `${path.join('.') || 'file'}: ${message}${shown}`
  })
}

function parseSigned(text: string): bigint {
  return text.startsWith('-') ? -parseMotes(text.slice(1)) : parseMotes(text)
}
