import { createSigningKey, toPlainKey } from './keys.ts'
import type { ChainRules } from './options.ts'
import { Purpose, type Random } from './random.ts'
import { createSign, type Sign } from './sign.ts'

const CSPR = 1_000_000_000n

export interface Delegator {
  readonly publicKey: string
  readonly stake: bigint
}

export interface Validator {
  readonly publicKey: string
  readonly sign: Sign
  /** Whole percent of its delegators' rewards. */
  readonly commission: number
  readonly delegators: readonly Delegator[]
  readonly delegated: bigint
  /** Its own stake in an era: it grows by the same each time, so that no era depends on the one before. */
  own(eraId: number): bigint
}

export interface ValidatorSet {
  readonly id: number
  /** In key order. */
  readonly members: readonly Validator[]
  /** Of an era, in the order of `members`: own stake and delegations, in motes. */
  weights(eraId: number): readonly bigint[]
}

/** The validator sets of a chain by number; keys and stakes depend on the seed alone. */
export function createValidatorSets(rules: ChainRules, random: Random): (id: number) => ValidatorSet {
  const pool: Validator[] = []
  const sets: ValidatorSet[] = []
  const take = (index: number) => (pool[index] ??= createValidator(rules, random, index))

  return (id) => {
    while (sets.length <= id) {
      const [start, size] = toRange(rules, sets.length)
      sets.push(
        createSet(
          sets.length,
          Array.from({ length: size }, (_, i) => take(start + i)),
        ),
      )
    }
    return sets[id] as ValidatorSet
  }
}

/** A new set begins in the middle of the one before. */
function toRange({ validators, validatorChanges }: ChainRules, id: number): [start: number, size: number] {
  let [start, size] = [0, validators]
  for (const change of validatorChanges.slice(0, id)) {
    start += Math.ceil(size / 2)
    size = change.validators ?? size
  }
  return [start, size]
}

function createSet(id: number, unsorted: readonly Validator[]): ValidatorSet {
  const members = unsorted.toSorted((a, b) => (a.publicKey < b.publicKey ? -1 : 1))
  let last: { readonly eraId: number; readonly weights: readonly bigint[] } | null = null
  return {
    id,
    members,
    weights(eraId) {
      if (last?.eraId !== eraId) {
        last = { eraId, weights: members.map((member) => member.own(eraId) + member.delegated) }
      }
      return last.weights
    },
  }
}

function createValidator(rules: ChainRules, random: Random, index: number): Validator {
  const key = createSigningKey(random, index)
  const draw = (second: number) => BigInt(random.word(Purpose.stake, index, second))
  // The first ones are much heavier than the rest, as on mainnet.
  const own = (400_000_000n * CSPR) / BigInt(index + 2) + draw(-1)
  const growth = 100n * CSPR + draw(-2)
  const delegators = Array.from({ length: rules.delegatorsPerValidator }, (_, i) => ({
    publicKey: toPlainKey(random, Purpose.delegator, index, i),
    stake: (500n + (draw(i) % 100_000n)) * CSPR + draw(i),
  }))
  return {
    publicKey: key.publicKey,
    sign: createSign(key, random, index),
    commission: index % 11,
    delegators,
    delegated: delegators.reduce((sum, { stake }) => sum + stake, 0n),
    // Genesis names the weights that it is signed with.
    own: (eraId) => own + growth * BigInt(Math.max(0, eraId - 1)),
  }
}
