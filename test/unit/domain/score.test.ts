import { describe, expect, test } from 'vitest'
import { type EraValidator, NO_WORK } from '../../../src/domain/reward.ts'
import { toMeanScore, toScores } from '../../../src/domain/score.ts'
import { keyOf } from '../../support/builders.ts'

const row = (given: Partial<EraValidator>): EraValidator => ({
  eraId: 3,
  validator: keyOf('v'),
  weight: 100n,
  reward: 0n,
  delegatorsReward: 0n,
  delegatorsCount: 0,
  ...NO_WORK,
  ...given,
})
const scores = (blocksCount: number, ...validators: EraValidator[]) => toScores({ blocksCount, validators })

describe('the score of an era', () => {
  test('is the share of blocks whose signature was cited, in 2.x, whatever was paid', () => {
    expect(
      scores(
        3,
        row({ cited: 3 }),
        row({ cited: 2, reward: 9n }),
        row({ cited: 0 }),
        row({ cited: 1, weight: null }),
      ),
    ).toEqual([1_000_000, 666_666, 0, 333_333])
  })

  test('is the pay per token against the best, in 1.x, delegators’ share included', () => {
    const weight = 10n ** 18n
    expect(
      scores(
        9,
        row({ weight, reward: 1n, delegatorsReward: 10n ** 9n - 1n }),
        row({ weight: weight / 2n, reward: 10n ** 9n / 2n }),
        // One mote less of a billion does not show in millionths of it, but is not all.
        row({ weight, reward: 10n ** 9n - 1n }),
        row({ weight, reward: 0n }),
      ),
    ).toEqual([1_000_000, 1_000_000, 999_999, 0])
  })

  test('is absent where nothing tells', () => {
    // Nobody was paid: genesis, or an era that still runs.
    expect(scores(9, row({}), row({}))).toEqual([null, null])
    // Paid without being in the set, and a weight of nothing.
    expect(scores(9, row({ weight: null, reward: 5n }), row({ weight: 0n }), row({ reward: 5n }))).toEqual([
      null,
      null,
      1_000_000,
    ])
    expect(scores(0, row({ cited: 0 }))).toEqual([null])
  })

  test('has a mean over the eras that have one', () => {
    expect(toMeanScore([1_000_000, null, 0, 1])).toBe(333_333)
    expect(toMeanScore([null])).toBeNull()
    expect(toMeanScore([])).toBeNull()
  })
})
