import { describe, expect, test } from 'vitest'
import { toAccountHash } from '../../../../src/domain/keys.ts'
import { toDeclaredAdjustment } from '../../../../src/domain/supply/adjustments.ts'
import { parseSupplyInputs } from '../../../../src/domain/supply/inputs.ts'
import casper from '../../../../src/domain/supply/networks/casper.json' with { type: 'json' }
import { findSupply, SUPPLY_FILES } from '../../../../src/domain/supply/networks.ts'
import { hashOf } from '../../../support/builders.ts'

const source = 'https://example.org/'

describe('the inputs of known networks', () => {
  test.each([...SUPPLY_FILES.keys()])('%s are good', (network) => {
    expect(findSupply(network).network).toBe(network)
  })

  test('of mainnet hold the five vaults, whose accounts are those that its admin page showed', () => {
    expect(findSupply('casper').vaults?.keys.map(toAccountHash)).toEqual([
      '4a19db8df0a8336ec41e19e0a36e89edc40b7c8940b05c2f5e5e7015aa51ad78',
      '762a3cc23b3b46b42bce1b503ff6b45e9c8762ffb0292a09600c5adcb9bff578',
      'b8e119b446f65536e4cc213fba4a0e38533007ae5dea52c4618a86647ccc873a',
      '02faaa3d8155039a88589d531f8107335476589c2e920980a6981f905671e20d',
      '8c15bba2d147859c7b7a8f43028eeb4d3c9571c6e36dfecc97c77463d3af08cd',
    ])
  })

  test("of mainnet declare the upgrade's write: 33 % of the supply at block 6972606", () => {
    const declared = toDeclaredAdjustment('casper', 21_742)
    expect(declared).toBe(4_763_091_157_918_652_416n)
    // It was computed with floats: exactly, it would be 404 motes less.
    expect(declared - (14_433_609_569_450_460_644n * 33n) / 100n).toBe(404n)
    // With what the purse held before, it is the number that the upgrade's file writes.
    expect(declared + 4_942_348_218n).toBe(4_763_091_162_861_000_634n)
    expect(toDeclaredAdjustment('casper', 21_741)).toBe(0n)
    expect(toDeclaredAdjustment('demo', 21_742)).toBe(0n)
  })
})

const fault = (given: object): string => {
  try {
    parseSupplyInputs({ ...casper, ...given }, 'casper')
  } catch (error) {
    return (error as Error).message
  }
  return ''
}

describe('a file of inputs', () => {
  test.each<[string, object, RegExp]>([
    ['another network', { network: 'demo' }, /^network: must be "casper", not "demo"$/],
    ['no version', { version: undefined }, /^version: .*number/],
    ['a version of 0', { version: 0 }, /^version: .*0.*, not 0$/],
    [
      'a method that there is none of',
      { published: { method: 'guess' } },
      /^published.method: .*'no-lockups' \| 'predecessor'.*"guess"/,
    ],
    ['no method and no reason', { published: { method: null } }, /^published.reason: .*string/],
    ['a member that nobody reads', { unlock: 7 }, /unlock/],
    [
      'an amount with a point',
      { genesis: { ...casper.genesis, supply: '1.5' } },
      /^genesis.supply: Not an amount in motes: "1.5"/,
    ],
    [
      'more freed than staked',
      { unlocks: { known: true, daily: '3535670616000000001', dated: [], source } },
      /^unlocks: must be at most the stake 3535670616000000000 together, not 3535670616000000001$/,
    ],
    [
      'a transfer twice',
      {
        approvedTransfers: {
          known: true,
          list: Array(2).fill({ era: 1, transaction: hashOf('a'), motes: '5' }),
          source,
        },
      },
      /^approvedTransfers.list: names a transfer twice$/,
    ],
    ['a source that is no link', { vaults: { keys: [], source: 'me' } }, /^vaults.source: .*"me"/],
    ['unknown without a note', { unlocks: { known: false } }, /^unlocks.note: /],
    [
      'a purse that is none',
      { adjustments: [{ ...casper.adjustments[0], purse: 'purse-1' }] },
      /^adjustments.0.purse: Not a purse: "purse-1"/,
    ],
  ])('with %s is refused, naming the place', (_name, given, expected) => {
    expect(fault(given)).toMatch(expected)
  })

  test('may take from the supply', () => {
    const adjustments = [{ ...casper.adjustments[0], motes: '-12' }]
    expect(parseSupplyInputs({ ...casper, adjustments }, 'casper').adjustments[0]?.motes).toBe(-12n)
  })
})
