import { describe, expect, test } from 'vitest'
import { MOTES_PER_CSPR } from '../../../../src/domain/motes.ts'
import { createMethod, toCirculating } from '../../../../src/domain/supply/circulating.ts'
import { parseSupplyInputs, type SupplyInputs } from '../../../../src/domain/supply/inputs.ts'
import type { EraEnd, Figure } from '../../../../src/domain/supply/method.ts'
import casper from '../../../../src/domain/supply/networks/casper.json' with { type: 'json' }
import { findSupply } from '../../../../src/domain/supply/networks.ts'
import { createPredecessor } from '../../../../src/domain/supply/predecessor.ts'
import { hashOf } from '../../../support/builders.ts'

const cspr = (whole: number | bigint) => BigInt(whole) * MOTES_PER_CSPR
const GENESIS = Date.parse('2021-03-31T15:00:39.552Z')
const DAY = 86_400_000
const day = (days: number) => GENESIS + days * DAY
const source = 'https://example.org/'

/** Mainnet's genesis with a schedule and approvals of our own: those of mainnet were never published. */
const inputs = (given: object = {}): SupplyInputs =>
  parseSupplyInputs(
    {
      ...casper,
      version: 3,
      unlocks: {
        known: true,
        daily: `${cspr(2_000_000_000)}`,
        dated: [
          { time: '2022-03-31T15:00:39.552Z', motes: `${cspr(1_000_000_000)}` },
          { time: '2021-05-01T00:00:00.000Z', motes: '7' },
        ],
        source,
      },
      approvedTransfers: {
        known: true,
        // Not in the order of eras: nothing may depend on it.
        list: [
          { era: 900, transaction: hashOf('c'), motes: '999999999' },
          { era: 100, transaction: hashOf('a'), motes: '1500000000' },
          { era: 480, transaction: hashOf('b'), motes: '1' },
        ],
        source,
      },
      ...given,
    },
    'casper',
  )

const at = (id: number, end: number | null, totalSupply: bigint | null = cspr(10_000_000_000)): EraEnd => ({
  id,
  end,
  totalSupply,
})
const figure = (era: EraEnd, given?: object): Figure => createPredecessor(inputs(given))(era)

describe("the predecessor's circulating supply", () => {
  test('adds up approved transfers of eras so far, exact to the mote', () => {
    const transfers = (id: number) => (figure(at(id, day(1))) as { transfers: bigint }).transfers
    expect([0, 99, 100, 479, 480, 899, 900, 1234].map(transfers)).toEqual([
      0n,
      0n,
      1_500_000_000n,
      1_500_000_000n,
      1_500_000_001n,
      1_500_000_001n,
      2_500_000_000n,
      2_500_000_000n,
    ])
  })

  test('frees the daily part of the genesis stake on days 90 to 103, and the rest on its dates', () => {
    const freed = (time: number) => (figure(at(1, time)) as { validators: bigint }).validators
    const daily = cspr(2_000_000_000)
    expect(freed(day(30))).toBe(0n)
    expect(freed(Date.parse('2021-05-01T00:00:00.000Z') - 1)).toBe(0n)
    expect(freed(Date.parse('2021-05-01T00:00:00.000Z'))).toBe(7n)
    expect(freed(day(90) - 1)).toBe(7n)
    for (let parts = 1; parts <= 14; parts++) {
      expect(freed(day(89 + parts)), `day ${89 + parts}`).toBe((daily * BigInt(parts)) / 14n + 7n)
      expect(freed(day(90 + parts) - 1)).toBe((daily * BigInt(parts)) / 14n + 7n)
    }
    // Fourteen rounded parts would leave motes behind for ever.
    expect(freed(day(104))).toBe(daily + 7n)
    expect(freed(day(365) - 1)).toBe(daily + 7n)
    expect(freed(day(365))).toBe(daily + cspr(1_000_000_000) + 7n)
  })

  test('counts rewards in the proportion of the freed stake before era 1235, and all from there on', () => {
    const supply = cspr(10_000_000_000) + 123_456_789_012_345_678n
    // Day 96: seven of fourteen parts.
    const half = cspr(1_000_000_000) + 7n
    const before = figure(at(1234, day(96), supply))
    expect(before).toMatchObject({
      validators: half,
      rewards: (123_456_789_012_345_678n * half) / cspr(3_535_670_616),
    })
    expect(figure(at(1235, day(96), supply))).toMatchObject({
      validators: half,
      rewards: 123_456_789_012_345_678n,
    })
    expect(figure(at(1234, day(10), supply))).toMatchObject({ validators: 0n, rewards: 0n })
  })

  test('is the sum of its terms, and names its rules and the version of its inputs', () => {
    expect(figure(at(1300, day(400), cspr(10_000_000_000) + 5n))).toEqual({
      method: 'predecessor/1.3',
      total: 2_500_000_000n + cspr(3_000_000_000) + 7n + 5n,
      transfers: 2_500_000_000n,
      validators: cspr(3_000_000_000) + 7n,
      rewards: 5n,
    })
  })

  test('is the same whatever else is computed, and in whatever order', () => {
    const method = createPredecessor(inputs())
    const eras = Array.from({ length: 1500 }, (_, id) =>
      at(id, GENESIS + id * 7_200_000, cspr(10_000_000_000) + BigInt(id)),
    )
    expect(eras.toReversed().map(method).toReversed()).toEqual(
      eras.map((era) => createPredecessor(inputs())(era)),
    )
    expect(eras.slice(0, 481).map(method)).not.toContainEqual(
      expect.objectContaining({ absent: expect.anything() }),
    )
  })

  test.each<[string, EraEnd, object, RegExp]>([
    ['an open era', at(5, null), {}, /still open/],
    ['an era without a total', at(5, day(1), null), {}, /total supply at its end is not known/],
    [
      'a network without a schedule',
      at(5, day(1)),
      { unlocks: casper.unlocks },
      /unlock schedule \(how much/,
    ],
    [
      'a network without approvals',
      at(5, day(1)),
      { approvedTransfers: casper.approvedTransfers },
      /approved transfers/,
    ],
  ])('%s has no figure, but a reason', (_name, era, given, reason) => {
    expect(figure(era, given)).toEqual({ absent: expect.stringMatching(reason) })
  })
})

describe('the method that a network publishes', () => {
  const era = at(5, day(1), 77n)

  test('is no-lockups where nothing is declared', () => {
    expect(toCirculating('casper-recorded', era)).toEqual({
      method: 'no-lockups/1',
      total: 77n,
      validators: 0n,
      transfers: 0n,
      rewards: 0n,
    })
    expect(toCirculating('casper-recorded', { ...era, totalSupply: null })).toBeNull()
  })

  test("of mainnet is the predecessor's, which lacks two inputs", () => {
    expect(toCirculating('casper', era)).toBeNull()
    const reason = createMethod(findSupply('casper'))(era) as { absent: string }
    expect(reason.absent).toMatch(/unlock schedule/)
    expect(reason.absent).toMatch(/approved transfers/)
  })

  test('of testnet is none, with a reason', () => {
    expect(createMethod(findSupply('casper-test'))(era)).toEqual({
      absent: expect.stringContaining('locked'),
    })
  })

  test('can be left for another one', () => {
    expect(createMethod(findSupply('casper'), 'no-lockups')(era)).toMatchObject({ method: 'no-lockups/1' })
  })
})
