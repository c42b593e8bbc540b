import type { Party, PublicKey, Purse } from '../../src/domain/keys.ts'
import type { Motes } from '../../src/domain/motes.ts'
import type { Field } from './field.ts'
import { parsePurseOrHash } from './party.ts'
import { readU512 } from './u512.ts'

/** An entry of an unbonding queue. */
export interface QueueEntry {
  readonly validator: PublicKey
  /** Whose stake it is; the validator's own key for its own. */
  readonly unbonder: Party
  readonly eraOfCreation: number
  readonly amount: Motes
  /** Where a redelegation goes. */
  readonly newValidator: PublicKey | null
}

/** What we read from an execution's effects: a few facts, of thousands of writes that are not ours. */
export interface Effects {
  /**
   * Entries of each unbonding queue written, oldest first, as the execution left them: those of earlier transactions among
   * them. 1.x keeps a queue for each validator, 2.x one for each validator and unbonder.
   */
  readonly queues: readonly (readonly QueueEntry[])[]
  /** Whether a bid or delegation was written. */
  readonly wroteBid: boolean
  /**
   * Last amount written under each URef that holds one: the mint's total supply is among them. null for what says to be a
   * U512 and is none, as a contract may keep under its own.
   */
  readonly amounts: ReadonlyMap<Purse, Motes | null>
}

/** 1.x: `[{key, transform}]`. Also gives the transfer records by their address, for the result's list. */
export function parseEffectsV1(transforms: Field): {
  effects: Effects
  writtenTransfers: Map<string, Field>
} {
  const queues = new Map<string, QueueEntry[]>()
  const amounts = new Map<Purse, Motes | null>()
  const writtenTransfers = new Map<string, Field>()
  let wroteBid = false
  for (const item of transforms.list()) {
    const transform = item.get('transform')
    const kind = parseKind(transform, KINDS_V1)
    if (kind === 'WriteBid') wroteBid = true
    else if (kind === 'WriteCLValue') addAmount(amounts, item.get('key'), transform.get(kind))
    else if (kind === 'WriteTransfer')
      writtenTransfers.set(item.get('key').text().toLowerCase(), transform.get(kind))
    else if (kind === 'WriteUnbonding' || kind === 'WriteWithdraw')
      queues.set(item.get('key').text(), parseQueue(transform.get(kind), kind === 'WriteUnbonding'))
  }
  return { effects: { queues: toFilled(queues), wroteBid, amounts }, writtenTransfers }
}

/** 2.x: `[{key, kind}]`, where a write is `{"Write": {<stored value>}}`. */
export function parseEffectsV2(effects: Field): Effects {
  const queues = new Map<string, QueueEntry[]>()
  const amounts = new Map<Purse, Motes | null>()
  let wroteBid = false
  for (const item of effects.list()) {
    const transform = item.get('kind')
    if (parseKind(transform, KINDS_V2) !== 'Write') continue
    const value = transform.get('Write')
    if (typeof value.value === 'string') continue
    const stored = value.variantName()
    if (stored === 'CLValue') addAmount(amounts, item.get('key'), value.get(stored))
    else if (stored === 'Bid') wroteBid = true
    else if (stored === 'Unbonding' || stored === 'Withdraw')
      queues.set(item.get('key').text(), parseQueue(value.get(stored), stored === 'Unbonding'))
    else if (stored === 'BidKind') {
      const content = value.get(stored)
      const [bid, body] = content.variant()
      if (bid === 'Unbond') queues.set(item.get('key').text(), parseUnbond(body))
      else if (BID_KINDS.has(bid)) wroteBid = true
      else throw content.fault('a known kind of bid')
    }
  }
  return { queues: toFilled(queues), wroteBid, amounts }
}

const KINDS = [
  'AddInt32',
  'AddUInt64',
  'AddUInt128',
  'AddUInt256',
  'AddUInt512',
  'AddKeys',
  'Failure',
  'Prune',
]
/** What a transform may be, by the schemas of the nodes' releases: one of another name might be a write that we count. */
const KINDS_V2 = new Set([...KINDS, 'Identity', 'Write'])
const KINDS_V1 = new Set([
  ...[...KINDS, 'Identity', 'WriteCLValue', 'WriteAccount', 'WriteContractWasm', 'WriteContract'],
  ...[
    'WriteContractPackage',
    'WriteDeployInfo',
    'WriteEraInfo',
    'WriteTransfer',
    'WriteBid',
    'WriteWithdraw',
  ],
  ...['WriteUnbonding', 'WriteAddressableEntity', 'WriteBidKind', 'WriteEraValidators'],
])

/** Besides Unbond. */
const BID_KINDS = new Set(['Unified', 'Validator', 'Delegator', 'Bridge', 'Credit', 'Reservation'])

/** The name of a transform: alone, or with what it is about. */
function parseKind(transform: Field, kinds: ReadonlySet<string>): string {
  const kind = typeof transform.value === 'string' ? transform.value : transform.variantName()
  if (!kinds.has(kind)) throw transform.fault('a known transform')
  return kind
}

/** `WriteUnbonding` and, before 1.5.0, `WriteWithdraw`, which has no `new_validator`. */
function parseQueue(entries: Field, hasNew: boolean): QueueEntry[] {
  return entries.list().map((entry) => ({
    validator: entry.get('validator_public_key').key(),
    unbonder: { kind: 'key', key: entry.get('unbonder_public_key').key() },
    ...parseEntry(entry, hasNew),
  }))
}

/** 2.x: `BidKind::Unbond`, or the auction's answer. */
export function parseUnbond(body: Field): QueueEntry[] {
  const validator = body.get('validator_public_key').key()
  const unbonder = parseUnbonder(body.get('unbond_kind'))
  return body
    .get('eras')
    .list()
    .map((entry) => ({ validator, unbonder, ...parseEntry(entry, true) }))
}

function parseEntry(entry: Field, hasNew: boolean) {
  return {
    eraOfCreation: entry.get('era_of_creation').int(),
    amount: entry.get('amount').motes(),
    newValidator: hasNew ? (entry.orNull('new_validator')?.key() ?? null) : null,
  }
}

function parseUnbonder(unbonder: Field): Party {
  const [form, value] = unbonder.variant()
  if (form === 'Validator' || form === 'DelegatedPublicKey') return { kind: 'key', key: value.key() }
  if (form === 'DelegatedPurse') return parsePurseOrHash(value)
  throw unbonder.fault('Validator, DelegatedPublicKey or DelegatedPurse')
}

/** A queue that was emptied holds nothing that was put in. */
function toFilled(queues: ReadonlyMap<string, QueueEntry[]>): QueueEntry[][] {
  return [...queues.values()].filter((entries) => entries.length > 0)
}

function addAmount(amounts: Map<Purse, Motes | null>, key: Field, value: Field): void {
  const name = key.text()
  if (!name.startsWith('uref-') || value.get('cl_type').value !== 'U512') return
  amounts.set(key.purse(), readU512(value.get('bytes').text()))
}
