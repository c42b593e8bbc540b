import { expect, test } from 'vitest'
import { compatibleBlock, compatibleEra, compatibleTransfer } from '../../../src/api/wire/compatible.ts'
import { toIso } from '../../../src/api/wire/iso.ts'
import {
  pickFields,
  toCompatibleBlock,
  toCompatibleEra,
  toCompatibleTransfer,
} from '../../../src/api/wire/to-compatible.ts'
import {
  toWireBlock,
  toWireEra,
  toWireTransaction,
  toWireTransfer,
  UNITS,
} from '../../../src/api/wire/to-v1.ts'
import * as v1 from '../../../src/api/wire/v1.ts'
import {
  account,
  buildBlock,
  buildEra,
  buildTransaction,
  buildTransfer,
  createRandom,
  key,
  purse,
} from '../../support/builders.ts'

const HUGE = 14_433_609_569_450_460_644n

test('whole CSPR come from one exact division, far above 2^53 motes', () => {
  const era = buildEra(4, {
    endHeight: 9,
    end: 5,
    validatorsRewards: 1_999_999_999n,
    delegatorsRewards: 1_999_999_999n,
    validatorsWeight: HUGE,
    totalSupply: HUGE,
    staked: 1_500_000_000n,
    undelegated: 4_000_000_000n,
    circulating: { method: 'm', total: HUGE - 1n, validators: 999_999_999n, transfers: 0n, rewards: 1n },
  })
  const wire = toCompatibleEra(era)
  expect(wire).toMatchObject({
    // 3.999999998 CSPR together: not 1 + 1.
    validatorsRewards: 1,
    delegatorsRewards: 1,
    rewards: 3,
    validatorsWeights: 14_433_609_569,
    totalSupply: 14_433_609_569,
    circulatingSupply: 14_433_609_569,
    validatorsCirculatingSupply: 0,
    stakedDiffThisEra: -2,
  })
  expect(compatibleEra.parse(wire)).toEqual(wire)
})

test('what is not known is 0 in the compatible shape and null in /v1', () => {
  const era = buildEra(0)
  expect(toCompatibleEra(era)).toMatchObject({
    circulatingSupply: 0,
    totalSupply: 0,
    end: null,
    endBlock: null,
  })
  expect(toWireEra(era, UNITS.motes).supply).toMatchObject({
    total: null,
    circulating: null,
    circulatingMethod: null,
  })
})

test('each shape answers its own schema, member by member', () => {
  const block = buildBlock(7, { lanes: '0:3,5:1', totalSupply: HUGE, isSwitch: true })
  const wire = toCompatibleBlock(block, null, buildEra(0))
  expect(Object.keys(wire)).toEqual(Object.keys(compatibleBlock.shape))
  expect(Object.keys(toCompatibleEra(buildEra(0)))).toEqual(Object.keys(compatibleEra.shape))
  const transfer = buildTransfer(7, 3, { id: 18_446_744_073_709_551_615n, amount: HUGE })
  expect(Object.keys(toCompatibleTransfer(transfer))).toEqual(Object.keys(compatibleTransfer.shape))
  expect(v1.block.parse(toWireBlock(block, 5, UNITS.cspr))).toMatchObject({
    lanes: { 0: 3, 5: 1 },
    totalSupply: '14433609569.450460644',
  })
  expect(v1.era.parse(toWireEra(buildEra(3), UNITS.motes))).toMatchObject({ open: true })
  expect(v1.transfer.parse(toWireTransfer(transfer, UNITS.motes))).toMatchObject({
    amount: HUGE.toString(),
    memo: '18446744073709551615',
    id: 7 * 65_536 + 3,
  })
  expect(v1.transaction.parse(toWireTransaction(buildTransaction(7, 1), UNITS.motes))).toMatchObject({
    refund: '0',
  })
})

test('parties are written as they may be asked for', () => {
  const sender = (party: Parameters<typeof buildTransaction>[2]) =>
    toWireTransaction(buildTransaction(1, 0, party), UNITS.motes).sender
  expect(sender({ sender: key('a') })).toMatch(/^01[0-9a-f]{64}$/)
  expect(sender({ sender: account('a') })).toMatch(/^account-hash-[0-9a-f]{64}$/)
  expect(sender({ sender: purse('a') })).toMatch(/^uref-[0-9a-f]{64}-000$/)
})

test('a transfer to a bare purse is drawn by its purse', () => {
  const transfer = buildTransfer(1, 0, { to: null })
  expect(toCompatibleTransfer(transfer).toHash).toBe(`uref-${transfer.target}-000`)
  expect(toWireTransfer(transfer, UNITS.motes).to).toBe(null)
})

test('pickFields() keeps what is named, in its own order', () => {
  const wire = toCompatibleEra(buildEra(5))
  expect(JSON.stringify(pickFields(wire, ['id', 'endBlock']))).toBe('{"id":5,"endBlock":null}')
  expect(pickFields(wire, null)).toBe(wire)
})

test('toIso() writes what Date does, for any instant', () => {
  const random = createRandom(4)
  const times = [
    0,
    1,
    951_782_399_999,
    951_782_400_000,
    951_868_800_000,
    4_107_542_399_999,
    4_107_542_400_000,
    253_402_300_799_999,
    253_402_300_800_000,
    -1,
    -62_135_596_800_000,
    ...Array.from({ length: 20_000 }, () => random(2 ** 31) * random(100_000)),
  ]
  for (const time of times) expect(toIso(time)).toBe(new Date(time).toISOString())
  expect(() => toIso(Number.NaN)).toThrow(RangeError)
})
