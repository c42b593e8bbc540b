import { describe, expect, test } from 'vitest'
import { SYSTEM_ACCOUNT, SYSTEM_KEY, toAccountHash } from '../../../src/domain/keys.ts'
import { STAKE_KINDS, TRANSACTION_KINDS } from '../../../src/domain/transaction.ts'
import {
  FORMAT_CODES,
  STAKE_KIND_CODES,
  TRANSACTION_KIND_CODES,
  toWord,
  VIA_CODES,
} from '../../../src/store/rows/codes.ts'
import { toParty, toPartyColumns, toPublicKey } from '../../../src/store/rows/party.ts'
import { toEraValidator, toEraValidatorRow, toReward, toRewardRow } from '../../../src/store/rows/reward.ts'
import { toStakeMovement, toStakeMovementRow } from '../../../src/store/rows/stake.ts'
import { fitNullable, fitText } from '../../../src/store/rows/text.ts'
import { buildMovement, hashOf, key, keyOf, longKeyOf, purse } from '../../support/builders.ts'

describe('fitText', () => {
  test('keeps what fits, to the last code point', () => {
    expect(fitText('', 3)).toBe('')
    expect(fitText('abc', 3)).toBe('abc')
    expect(fitText('💥💥💥', 3)).toBe('💥💥💥')
  })

  test('cuts visibly, and never inside a character', () => {
    expect(fitText('abcd', 3)).toBe('ab…')
    expect(fitText('💥💥💥💥', 3)).toBe('💥💥…')
    expect(Array.from(fitText('é'.repeat(5_000), 1_000))).toHaveLength(1_000)
  })

  test('replaces what UTF-8 cannot hold', () => {
    expect(fitText('a\ud800b', 9)).toBe('a\ufffdb')
  })

  test('null stays null', () => {
    expect(fitNullable(null, 3)).toBeNull()
    expect(fitNullable('abcd', 3)).toBe('ab…')
  })
})

describe('codes', () => {
  test.for([
    ['transaction kinds', TRANSACTION_KIND_CODES, TRANSACTION_KINDS],
    ['formats', FORMAT_CODES, ['deploy', 'transaction']],
    ['ways', VIA_CODES, ['native', 'contract', 'session']],
  ] as const)('%s: each word has a number of its own, of one byte', ([, codes, words]) => {
    const numbers = words.map((word) => (codes as Record<string, number>)[word])
    expect(Object.keys(codes).sort()).toEqual([...words].sort())
    expect(new Set(numbers).size).toBe(words.length)
    for (const word of words) {
      const number = (codes as Record<string, number>)[word] ?? -1
      expect(number).toBeGreaterThan(0)
      expect(number).toBeLessThan(256)
      expect(toWord(codes as Record<string, number>, number)).toBe(word)
    }
  })

  test('a movement has the number of its transaction kind', () => {
    for (const kind of STAKE_KINDS) expect(STAKE_KIND_CODES[kind]).toBe(TRANSACTION_KIND_CODES[kind])
  })

  test('numbers of stored rows never change', () => {
    expect(TRANSACTION_KIND_CODES).toMatchInlineSnapshot(`
      {
        "activate_bid": 15,
        "add_bid": 13,
        "add_reservations": 17,
        "burn": 2,
        "call": 3,
        "cancel_reservations": 18,
        "change_bid_public_key": 16,
        "delegate": 10,
        "install": 5,
        "redelegate": 12,
        "session": 4,
        "transfer": 1,
        "undelegate": 11,
        "withdraw_bid": 14,
      }
    `)
  })

  test('a number of a newer release is told', () => {
    expect(() => toWord(FORMAT_CODES, 99)).toThrow(/99.*upgrade/)
  })
})

describe('parties', () => {
  test('a key is its account; purses are apart from accounts of the same bytes', () => {
    expect(toPartyColumns(key('a'))).toEqual({
      kind: 0,
      address: toAccountHash(keyOf('a')),
      publicKey: keyOf('a'),
    })
    expect(toPartyColumns({ kind: 'account', hash: hashOf(1) })).toEqual({
      kind: 0,
      address: hashOf(1),
      publicKey: null,
    })
    expect(toPartyColumns({ kind: 'purse', purse: hashOf(1) })).toEqual({
      kind: 1,
      address: hashOf(1),
      publicKey: null,
    })
    expect(toPartyColumns({ kind: 'key', key: SYSTEM_KEY })).toEqual({
      kind: 0,
      address: SYSTEM_ACCOUNT,
      publicKey: '00',
    })
  })

  test('come back as what is known of them', () => {
    for (const party of [key('a'), purse('b'), { kind: 'account', hash: hashOf(2) } as const]) {
      expect(toParty(toPartyColumns(party))).toEqual(party)
    }
  })

  test('a validator must have a key', () => {
    expect(toPublicKey({ publicKey: longKeyOf('v') })).toBe(longKeyOf('v'))
    expect(() => toPublicKey({ publicKey: null })).toThrow(RangeError)
    expect(() => toPublicKey(null)).toThrow(RangeError)
  })
})

describe('rows that no reader asks for yet come back whole', () => {
  test('stake movements', () => {
    const movement = buildMovement(7, 3, {
      kind: 'redelegate',
      via: 'contract',
      newValidator: key('new'),
      moved: null,
    })
    const row = toStakeMovementRow(movement, { validatorId: 1, newValidatorId: 2, delegatorId: 3 })
    expect(row).toMatchObject({ validatorId: 1, newValidatorId: 2, delegatorId: 3, kind: 12, via: 2 })
    const back = toStakeMovement(row, {
      validator: toPartyColumns(key('validator')),
      newValidator: toPartyColumns(key('new')),
      delegator: toPartyColumns(key('delegator')),
    })
    expect(back).toEqual(movement)
    expect(toStakeMovement(row, { validator: null, newValidator: null, delegator: null })).toEqual({
      ...movement,
      validator: null,
      newValidator: null,
      delegator: null,
    })
  })

  test('rewards and validators of an era', () => {
    const validator = {
      eraId: 4,
      validator: keyOf('v'),
      weight: null,
      reward: 1n,
      delegatorsReward: 2n,
      delegatorsCount: 3,
      proposed: 4,
      cited: null,
      equivocated: null,
      inactive: true,
    }
    expect(toEraValidator(toEraValidatorRow(validator, 9), { publicKey: keyOf('v') })).toEqual(validator)
    const reward = { eraId: 4, validator: keyOf('v'), delegator: purse('p'), amount: 10n ** 37n }
    expect(toRewardRow(reward, 9, 10)).toEqual({
      delegatorId: 10,
      eraId: 4,
      validatorId: 9,
      amount: 10n ** 37n,
    })
    expect(
      toReward(toRewardRow(reward, 9, 10), { publicKey: keyOf('v') }, toPartyColumns(purse('p'))),
    ).toEqual(reward)
  })
})
