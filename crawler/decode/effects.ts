import type { Purse } from '../../src/domain/keys.ts'
import type { Motes } from '../../src/domain/motes.ts'
import type { Field } from './field.ts'
import { parseU512 } from './u512.ts'

/** The newest entry of an unbonding queue that an execution wrote. */
export interface Unbonding {
  readonly eraOfCreation: number
  readonly amount: Motes
}

/** What we read from an execution's effects: a few facts, of thousands of writes that are not ours. */
export interface Effects {
  /** One per queue written (the validator's, each delegator's): what this execution put in. */
  readonly unbondings: readonly Unbonding[]
  /** Whether a bid or delegation was written. */
  readonly wroteBid: boolean
  /** Last amount written under each URef that holds one: the mint's total supply is among them. */
  readonly amounts: ReadonlyMap<Purse, Motes>
}

/** 1.x: `[{key, transform}]`. Also gives the transfer records by their address, for the result's list. */
export function parseEffectsV1(transforms: Field): {
  effects: Effects
  writtenTransfers: Map<string, Field>
} {
  const unbondings: Unbonding[] = []
  const amounts = new Map<Purse, Motes>()
  const writtenTransfers = new Map<string, Field>()
  let wroteBid = false
  for (const item of transforms.list()) {
    const transform = item.get('transform')
    if (typeof transform.value === 'string') continue
    const [kind, value] = transform.variant()
    if (kind === 'WriteTransfer') writtenTransfers.set(item.get('key').text().toLowerCase(), value)
    else if (kind === 'WriteBid') wroteBid = true
    else if (kind === 'WriteUnbonding' || kind === 'WriteWithdraw') addNewest(unbondings, value)
    else if (kind === 'WriteCLValue') addAmount(amounts, item.get('key'), value)
  }
  return { effects: { unbondings, wroteBid, amounts }, writtenTransfers }
}

/** 2.x: `[{key, kind}]`, where a write is `{"Write": {<stored value>}}`. */
export function parseEffectsV2(effects: Field): Effects {
  const unbondings: Unbonding[] = []
  const amounts = new Map<Purse, Motes>()
  let wroteBid = false
  for (const item of effects.list()) {
    const transform = item.get('kind')
    if (typeof transform.value === 'string') continue
    const [kind, value] = transform.variant()
    if (kind !== 'Write' || typeof value.value === 'string') continue
    const [stored, content] = value.variant()
    if (stored === 'CLValue') addAmount(amounts, item.get('key'), content)
    else if (stored === 'Bid') wroteBid = true
    else if (stored === 'Unbonding' || stored === 'Withdraw') addNewest(unbondings, content)
    else if (stored === 'BidKind') {
      const [bid, body] = content.variant()
      if (bid === 'Unbond') addNewest(unbondings, body.get('eras'))
      else wroteBid = true
    }
  }
  return { unbondings, wroteBid, amounts }
}

/** Both generations append to a queue's list: the last entry is what this execution added. */
function addNewest(unbondings: Unbonding[], entries: Field): void {
  const newest = entries.list().at(-1)
  if (newest === undefined) return
  unbondings.push({
    eraOfCreation: newest.get('era_of_creation').int(),
    amount: newest.get('amount').motes(),
  })
}

function addAmount(amounts: Map<Purse, Motes>, key: Field, value: Field): void {
  const name = key.text()
  if (!name.startsWith('uref-') || value.get('cl_type').value !== 'U512') return
  amounts.set(key.purse(), parseU512(value.get('bytes')))
}
