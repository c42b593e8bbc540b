import { type PublicKey, SYSTEM_KEY } from '../../src/domain/keys.ts'
import { type EraValidator, NO_WORK, SIGNATURE_REACH } from '../../src/domain/reward.ts'
import type { RecentEra } from '../../src/store/change.ts'
import type { ChainBlock, Weight } from '../decode/block.ts'
import { type Citation, readBitmap, toCitations, toCitedOrder } from './citations.ts'

/** The validators of an era whose rows may still change, with what they did so far. */
export interface EraSet {
  readonly eraId: number
  readonly firstHeight: number
  /** null while open. */
  readonly lastHeight: number | null
  readonly validators: ReadonlyMap<PublicKey, EraValidator>
  /** Those with a weight, in the order of citations. */
  readonly order: readonly PublicKey[]
}

/** The eras whose blocks can still be cited, ascending; the last is the one that the next block belongs to. */
export type EraSets = readonly EraSet[]

export function createEraSet(eraId: number, firstHeight: number, weights: readonly Weight[]): EraSet {
  const rows = weights.map(({ validator, weight }): EraValidator => {
    const pay = { reward: 0n, delegatorsReward: 0n, delegatorsCount: 0 }
    return { eraId, validator, weight, ...pay, ...NO_WORK }
  })
  return restoreEraSet({ eraId, firstHeight, lastHeight: null, validators: rows })
}

/** As the store has it. */
export function restoreEraSet({ validators, ...era }: RecentEra): EraSet {
  const named = validators.filter(({ weight }) => weight !== null).map(({ validator }) => validator)
  return {
    ...era,
    validators: new Map(validators.map((row) => [row.validator, row])),
    order: toCitedOrder(named),
  }
}

/** The sets after one more block of the last era, whose end is not looked at yet. */
export function countBlock(sets: EraSets, block: ChainBlock): EraSets {
  const own = sets.at(-1)
  if (own === undefined) return sets
  const counted = countProposer(beginCiting(own, block), block)
  const all = [...sets.slice(0, -1), counted]
  if (block.generation === 1) return all
  return toCitations(block).reduce(countCitation, all)
}

/** Signatures are cited from the first Version2 block on: an era that begins with one has them, whoever named its set. */
function beginCiting(set: EraSet, block: ChainBlock): EraSet {
  if (block.generation === 1 || block.height !== set.firstHeight) return set
  return withRows(
    set,
    [...set.validators.values()].map((row) => ({ ...row, cited: row.cited ?? 0 })),
  )
}

/** Genesis and immediate switch blocks are the system's. */
function countProposer(set: EraSet, { proposer, eraId }: ChainBlock): EraSet {
  if (proposer === SYSTEM_KEY) return set
  const row = set.validators.get(proposer)
  if (row === undefined) {
    const pay = { weight: null, reward: 0n, delegatorsReward: 0n, delegatorsCount: 0 }
    return withRows(set, [{ eraId, validator: proposer, ...pay, ...NO_WORK, proposed: 1 }])
  }
  return row.proposed === null ? set : withRows(set, [{ ...row, proposed: row.proposed + 1 }])
}

/** A bitmap that is not of the set that we hold makes the era's counts unknown: they would be another's. */
function countCitation(sets: EraSets, { height, bitmap }: Citation): EraSets {
  return sets.map((set) => {
    const isOf = height >= set.firstHeight && height <= (set.lastHeight ?? Number.POSITIVE_INFINITY)
    if (!isOf || set.order.length === 0) return set
    const cited = readBitmap(bitmap, set.order)
    const rows = (cited ?? set.order).flatMap((validator): EraValidator[] => {
      const row = set.validators.get(validator)
      if (row === undefined || row.cited === null) return []
      return [{ ...row, cited: cited === null ? null : row.cited + 1 }]
    })
    return rows.length === 0 ? set : withRows(set, rows)
  })
}

/** The set with some rows replaced. */
export function withRows(set: EraSet, rows: readonly EraValidator[]): EraSet {
  const validators = new Map(set.validators)
  for (const row of rows) validators.set(row.validator, row)
  return { ...set, validators }
}

/** The last era closed by the switch block at `height`, with whom the block names. */
export function closeSet(set: EraSet, height: number, { eraEnd }: ChainBlock): EraSet {
  const equivocators = new Set(eraEnd?.equivocators)
  const inactive = new Set(eraEnd?.inactive)
  const rows = [...set.validators.values()].map((row) => ({
    ...row,
    equivocated: equivocators.has(row.validator),
    inactive: inactive.has(row.validator),
  }))
  return { ...withRows(set, rows), lastHeight: height }
}

/** Without the eras that no later block than `height` can cite. */
export function keepCitable(sets: EraSets, height: number): EraSets {
  return sets.filter(({ lastHeight }) => lastHeight === null || lastHeight > height - SIGNATURE_REACH)
}

/** Rows that are not what they were. */
export function findChanged(before: EraSets, after: EraSets): EraValidator[] {
  return after.flatMap((set) => {
    const old = before.find(({ eraId }) => eraId === set.eraId)
    if (old === set) return []
    return [...set.validators.values()].filter((row) => old?.validators.get(row.validator) !== row)
  })
}
