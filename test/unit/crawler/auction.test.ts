import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type AskedBlock, parseAuction } from '../../../crawler/decode/auction.ts'
import { DecodeFault, Field } from '../../../crawler/decode/field.ts'
import { parseJson } from '../../../crawler/node/json.ts'
import { isAuctionAsked, toFigures } from '../../../crawler/project/auction.ts'
import { sumMotes } from '../../../src/domain/motes.ts'
import { createRandom, hashOf, keyOf, longKeyOf } from '../../support/builders.ts'

const ROOT = hashOf('root')
const block: AskedBlock = { height: 9, eraId: 4, stateRootHash: ROOT, generation: 2 }

const answer = (...bids: unknown[]) => ({
  auction_state: { block_height: 9, state_root_hash: ROOT, era_validators: [], bids },
})
const parse = (value: unknown, of: AskedBlock = block) => parseAuction(new Field(value, 'auction'), of)

const purse = `uref-${hashOf('purse')}-007`
const validator = (name: string, more = {}) => ({
  public_key: keyOf(name),
  bid: {
    Validator: {
      validator_public_key: keyOf(name),
      bonding_purse: purse,
      staked_amount: '1000',
      delegation_rate: 7,
      vesting_schedule: null,
      inactive: false,
      minimum_delegation_amount: 500,
      maximum_delegation_amount: 18_446_744_073_709_551_615n,
      reserved_slots: 3,
      ...more,
    },
  },
})
const delegator = (name: string, kind: object, stake = '20') => ({
  public_key: keyOf(name),
  bid: {
    Delegator: {
      delegator_kind: kind,
      staked_amount: stake,
      bonding_purse: purse,
      validator_public_key: keyOf(name),
      vesting_schedule: null,
    },
  },
})
const reservation = (name: string, of: string) => ({
  public_key: keyOf(name),
  bid: {
    Reservation: {
      delegator_kind: { PublicKey: keyOf(of) },
      validator_public_key: keyOf(name),
      delegation_rate: 1,
    },
  },
})
const bridge = {
  public_key: keyOf('old'),
  bid: {
    Bridge: {
      old_validator_public_key: keyOf('old'),
      new_validator_public_key: keyOf('new'),
      era_id: 4,
    },
  },
}
const unbond = {
  public_key: keyOf('a'),
  bid: {
    Unbond: {
      validator_public_key: keyOf('a'),
      unbond_kind: { DelegatedPurse: hashOf('p') },
      eras: [{ bonding_purse: purse, era_of_creation: 3, amount: '5', new_validator: null }],
    },
  },
}
const unified = (name: string, delegators: unknown[], more = {}) => ({
  public_key: keyOf(name),
  bid: { bonding_purse: purse, staked_amount: '0', delegation_rate: 10, delegators, inactive: true, ...more },
})
const ofNode = (name: string, of: string) => ({
  public_key: keyOf(name),
  delegatee: keyOf(of),
  staked_amount: '30',
  bonding_purse: purse,
})
const ofSidecar = (name: string, of: string) => ({
  delegator_public_key: keyOf(name),
  delegator: {
    delegator_public_key: keyOf(name),
    validator_public_key: keyOf(of),
    staked_amount: '30',
    bonding_purse: purse,
    vesting_schedule: { initial_release_timestamp_millis: 5, locked_amounts: null },
  },
})

describe('the flat list of 2.x', () => {
  const whole = answer(
    delegator('a', { PublicKey: longKeyOf('d') }),
    bridge,
    validator('a'),
    delegator('a', { Purse: hashOf('p') }, '3'),
    reservation('a', 'd'),
    unbond,
    bridge,
    validator('b', {
      staked_amount: '0',
      inactive: true,
      vesting_schedule: { initial_release_timestamp_millis: 77, locked_amounts: [] },
    }),
  )

  test('is added up by validator, a bridge that comes twice and what leaves let go', () => {
    const { bids, delegations } = parse(whole)
    expect(bids).toEqual(
      [
        {
          validator: keyOf('a'),
          selfStake: 1000n,
          delegatorsStake: 23n,
          delegatorsCount: 2,
          delegationRate: 7,
          active: true,
          minDelegation: 500n,
          maxDelegation: 2n ** 64n - 1n,
          reservedSlots: 3,
          reservations: 1,
          vestingFrom: null,
        },
        {
          validator: keyOf('b'),
          selfStake: 0n,
          delegatorsStake: 0n,
          delegatorsCount: 0,
          delegationRate: 7,
          active: false,
          minDelegation: 500n,
          maxDelegation: 2n ** 64n - 1n,
          reservedSlots: 3,
          reservations: 0,
          vestingFrom: 77,
        },
      ].sort((a, b) => (a.validator < b.validator ? -1 : 1)),
    )
    expect(delegations).toEqual([
      { validator: keyOf('a'), delegator: { kind: 'key', key: longKeyOf('d') }, stake: 20n },
      { validator: keyOf('a'), delegator: { kind: 'purse', purse: hashOf('p') }, stake: 3n },
    ])
    expect(toFigures(parse(whole)).absences).toEqual([])
  })

  test('is the same in whatever order nodes give it', () => {
    const turned = answer(...[...whole.auction_state.bids].reverse())
    expect(parse(turned)).toEqual(parse(whole))
  })

  test.each<[string, unknown]>([
    ['an unknown kind', answer({ public_key: keyOf('a'), bid: { Lottery: {} } })],
    ['two kinds at once', answer({ public_key: keyOf('a'), bid: { ...validator('a').bid, ...bridge.bid } })],
    ['a validator twice', answer(validator('a'), validator('a'))],
    [
      'a pair twice',
      answer(
        delegator('a', { Purse: hashOf('p') }),
        delegator('a', { Purse: purse.replace(hashOf('purse'), hashOf('p')) }),
      ),
    ],
    ['a reservation twice', answer(reservation('a', 'd'), reservation('a', 'd'))],
    ['a rate beyond 100 %', answer(validator('a', { delegation_rate: 101 }))],
    ['a stake below zero', answer(validator('a', { staked_amount: '-1' }))],
    ['a delegator of an unknown kind', answer(delegator('a', { Contract: hashOf('p') }))],
    ['another height', { auction_state: { ...answer().auction_state, block_height: 8 } }],
    [
      'the state of another block',
      { auction_state: { ...answer().auction_state, state_root_hash: hashOf(1) } },
    ],
  ])('%s is a fault', (_, value) => {
    expect(() => parse(value)).toThrow(DecodeFault)
  })
})

describe('bids with their delegators inside', () => {
  test('of a 1.x block are whole, of a node or a sidecar alike', () => {
    const old = { ...block, generation: 1 } as const
    const node = parse(answer(unified('a', [ofNode('d', 'a')]), unified('b', [])), old)
    const sidecar = parse(
      answer(unified('b', []), unified('a', [ofSidecar('d', 'a')], { validator_public_key: keyOf('a') })),
      old,
    )
    expect(sidecar).toEqual(node)
    expect(node.bids).toHaveLength(2)
    expect(node.bids).toContainEqual(
      expect.objectContaining({
        validator: keyOf('a'),
        selfStake: 0n,
        delegatorsStake: 30n,
        delegatorsCount: 1,
        active: false,
        reservedSlots: null,
        reservations: null,
      }),
    )
    expect(toFigures(node).absences).toEqual([])
  })

  test('of a 2.x block leave purses out: no sum is told, and the reason is', () => {
    const lossy = parse(answer(unified('a', [ofSidecar('d', 'a')], { validator_public_key: keyOf('a') })))
    expect(lossy.bids).toMatchObject([{ delegatorsStake: null, delegatorsCount: null }])
    expect(lossy.delegations).toEqual([])
    expect(toFigures(lossy).absences).toMatchObject([{ height: 9, figure: 'delegations' }])
  })

  test.each([
    ['a delegator of another validator', unified('a', [ofNode('d', 'b')])],
    ['a bid under another key', unified('a', [], { validator_public_key: keyOf('b') })],
    ['a delegator twice', unified('a', [ofNode('d', 'a'), ofNode('d', 'a')])],
  ])('%s is a fault', (_, bid) => {
    expect(() => parse(answer(bid))).toThrow(DecodeFault)
  })
})

test('is asked for near the tip, or always, or never', () => {
  const at = (time: number) => ({ eraEnd: {} as never, time })
  const hour = 3_600_000
  expect(isAuctionAsked('latest', at(0), 3 * hour)).toBe(true)
  expect(isAuctionAsked('latest', at(0), 3 * hour + 1)).toBe(false)
  expect(isAuctionAsked('every', at(0), 9e12)).toBe(true)
  expect(isAuctionAsked('off', at(0), 0)).toBe(false)
  expect(isAuctionAsked('every', { eraEnd: null, time: 0 }, 0)).toBe(false)
})

/* Real answers of public networks, which lie beside the checkout and not in it. */
const samples = join(import.meta.dirname, '../../../../shared/casper-data')
const files = existsSync(samples)
  ? globSync('*/*/state_get_auction_info/*.json', { cwd: samples }).sort()
  : []
if (files.length === 0) console.warn(`Real auction answers are not tried: there is no ${samples}`)

interface Sample {
  readonly auction_state: {
    readonly block_height: number
    readonly state_root_hash: string
    readonly era_validators: readonly {
      readonly era_id: number
      readonly validator_weights: readonly { readonly public_key: string; readonly weight: string }[]
    }[]
    readonly bids: readonly { readonly public_key: string; readonly bid: Readonly<Record<string, unknown>> }[]
  }
}

describe.skipIf(files.length === 0)('real answers', () => {
  test.each(files.length === 0 ? ['none'] : files)('%s', (file) => {
    const json = parseJson(readFileSync(join(samples, file), 'utf8')) as Sample & { readonly result?: Sample }
    const value = json.result ?? json
    const { block_height: height, state_root_hash: stateRootHash, era_validators, bids } = value.auction_state
    const generation = file.includes('/1.x/') ? 1 : 2
    const of = { height, eraId: 0, stateRootHash, generation } as const
    if (file.includes('h3192405')) {
      // Cut down by the authors of an SDK, who put the same bid three times.
      expect(() => parse(value, of)).toThrow('bids[1]: expected one bid of 01001b79')
      return
    }
    const parsed = parse(value, of)

    // Every stake of the answer, added up without regard to what it is in.
    const text = JSON.stringify(bids, (_, each) => (typeof each === 'bigint' ? `${each}` : each))
    const all = sumMotes(
      Array.from(text.matchAll(/"staked_amount":"(\d+)"/g), ([, amount]) => BigInt(amount ?? 0)),
    )
    const own = sumMotes(parsed.bids.map(({ selfStake }) => selfStake))
    const isLossy = parsed.bids.some(({ delegatorsStake }) => delegatorsStake === null)
    const delegated = sumMotes(parsed.delegations.map(({ stake }) => stake))
    if (!isLossy) expect(own + delegated).toBe(all)
    expect(parsed.bids.length).toBeGreaterThan(0)
    if (file.includes('trimmed') || isLossy) return

    // Weights of the newest era are the stakes of its bids.
    const newest = era_validators.toSorted((a, b) => b.era_id - a.era_id)[0]
    const totals = new Map(
      parsed.bids.map((bid) => [bid.validator, bid.selfStake + (bid.delegatorsStake ?? 0n)]),
    )
    const same = newest?.validator_weights.filter(
      ({ public_key, weight }) => totals.get(public_key) === BigInt(weight),
    )
    // In the middle of an era bids move on; at its end they are the weights.
    if (file.includes('h1412462')) expect(same).toHaveLength(100)
    for (const { public_key } of newest?.validator_weights ?? []) expect(totals.has(public_key)).toBe(true)
  })

  test('changed at random are parsed or refused with the place, nothing else', () => {
    const random = createRandom(7)
    const file = files.find((name) => name.includes('h4628886')) ?? (files[0] as string)
    const text = readFileSync(join(samples, file), 'utf8')
    const whole = (parseJson(text) as Sample & { result?: Sample }).result ?? (parseJson(text) as Sample)
    const { block_height: height, state_root_hash: stateRootHash, bids } = whole.auction_state
    const junk = [null, -1, 1.5, 'x', '', [], {}, true, '01', 2n ** 70n, { Validator: null }]
    let refused = 0
    for (let round = 0; round < 400; round++) {
      const cut = structuredClone(bids.slice(round, round + 8)) as unknown as Record<string, unknown>[]
      let place: Record<string, unknown> = cut[random(cut.length)] ?? {}
      for (;;) {
        const names = Object.keys(place)
        const name = names[random(names.length)]
        if (name === undefined) break
        const inner = place[name]
        if (typeof inner === 'object' && inner !== null && random(4) > 0)
          place = inner as Record<string, unknown>
        else {
          if (random(3) === 0) delete place[name]
          else place[name] = junk[random(junk.length)]
          break
        }
      }
      try {
        const value = { auction_state: { ...whole.auction_state, bids: cut } }
        parse(value, { height, eraId: 0, stateRootHash, generation: 2 })
      } catch (error) {
        if (!(error instanceof DecodeFault)) throw error
        expect(error.message).toMatch(/^auction\.auction_state\.bids\[\d\]/)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(100)
  })
})
