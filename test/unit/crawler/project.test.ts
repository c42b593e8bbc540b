import { describe, expect, test } from 'vitest'
import { type ChainBlock, parseBlock } from '../../../crawler/decode/block.ts'
import { type EraSummary, parseEraSummary } from '../../../crawler/decode/era-summary.ts'
import { Field } from '../../../crawler/decode/field.ts'
import { type ChainTransaction, parseTransaction } from '../../../crawler/decode/transaction.ts'
import { closeEra, isPaid, openEra } from '../../../crawler/project/era.ts'
import { type SystemContracts, toKind, toStakeKind } from '../../../crawler/project/kind.ts'
import { EMPTY_STATE, project } from '../../../crawler/project/project.ts'
import { toStaked, toStakeMovement } from '../../../crawler/project/stake.ts'
import { NOTHING_QUEUED, toUnbondings } from '../../../crawler/project/unbondings.ts'
import { sumMotes } from '../../../src/domain/motes.ts'
import { NO_WORK } from '../../../src/domain/reward.ts'

const AUCTION = 'aa'.repeat(32)
const SUPPLY = 'bb'.repeat(32)
const system: SystemContracts = { auction: AUCTION, totalSupply: SUPPLY }
const KEY = `01${'11'.repeat(32)}`
const VALIDATOR = `01${'22'.repeat(32)}`
const BLOCK_HASH = 'cc'.repeat(32)
const DEMO = { network: 'demo', rewardsHandling: null }
const place = { height: 9, ordinal: 0, eraId: 5 }

const u512 = (value: number) => {
  const hex = value.toString(16).padStart(value.toString(16).length + (value.toString(16).length % 2), '0')
  const bytes = value === 0 ? [] : (hex.match(/../g) ?? []).reverse()
  return { cl_type: 'U512', bytes: bytes.length.toString(16).padStart(2, '0') + bytes.join(''), parsed: null }
}
const key = (hex: string) => ({ cl_type: 'PublicKey', bytes: hex, parsed: null })

interface Given {
  readonly session: unknown
  readonly result?: unknown
}

/** A deploy as a 1.x node tells it. `parsed` is null throughout: only bytes may be believed. */
function deploy({ session, result }: Given): ChainTransaction {
  const hash = 'dd'.repeat(32)
  const answer = {
    deploy: { hash, header: { account: KEY, timestamp: '2024-01-01T00:00:00.000Z' }, session },
    execution_results: [
      {
        block_hash: BLOCK_HASH,
        result: result ?? { Success: { effect: { transforms: [] }, transfers: [], cost: '10' } },
      },
    ],
  }
  return parseTransaction(
    new Field(answer, 'info_get_deploy'),
    { hash, format: 'deploy', lane: null },
    BLOCK_HASH,
  )
}

const delegateArgs = [
  ['delegator', key(KEY)],
  ['validator', key(VALIDATOR)],
  ['amount', u512(5000)],
]

function success(transforms: unknown[], transfers: string[] = []) {
  return { Success: { effect: { transforms }, transfers, cost: '10' } }
}

const unbond = (amount: string, era = place.eraId) => ({
  bonding_purse: `uref-${'00'.repeat(32)}-007`,
  validator_public_key: VALIDATOR,
  unbonder_public_key: KEY,
  era_of_creation: era,
  amount,
  new_validator: null,
})

describe('which calls move stake', () => {
  test.each<[string, object, string | null]>([
    [
      'the auction by hash',
      { StoredContractByHash: { hash: AUCTION, entry_point: 'delegate', args: delegateArgs } },
      'delegate',
    ],
    [
      'another contract with such an entry point',
      { StoredContractByHash: { hash: 'ee'.repeat(32), entry_point: 'delegate', args: delegateArgs } },
      null,
    ],
    [
      'a name, with the arguments of the auction',
      { StoredContractByName: { name: 'auction', entry_point: 'undelegate', args: delegateArgs } },
      'undelegate',
    ],
    [
      'a name, with other arguments',
      { StoredContractByName: { name: 'pool', entry_point: 'delegate', args: [['amount', u512(1)]] } },
      null,
    ],
    [
      'a package by version',
      {
        StoredVersionedContractByHash: {
          hash: 'ff'.repeat(32),
          version: null,
          entry_point: 'delegate',
          args: delegateArgs,
        },
      },
      'delegate',
    ],
    [
      'the auction by hash, an argument left out',
      { StoredContractByHash: { hash: AUCTION, entry_point: 'delegate', args: [] } },
      'delegate',
    ],
    [
      'the auction, another entry point',
      { StoredContractByHash: { hash: AUCTION, entry_point: 'get_era_validators', args: [] } },
      null,
    ],
  ])('%s', (_name, session, kind) => {
    expect(toStakeKind(deploy({ session }), system)).toBe(kind)
  })

  test('module bytes of the old wallets are told apart by what they did', () => {
    const session = { ModuleBytes: { module_bytes: '00', args: delegateArgs } }
    const wroteBid = { key: 'bid-00', transform: { WriteBid: {} } }
    const wroteUnbond = { key: 'unbond-00', transform: { WriteUnbonding: [unbond('5000')] } }
    const wroteWithdraw = { key: 'withdraw-00', transform: { WriteWithdraw: [unbond('5000')] } }
    expect(toKind(deploy({ session, result: success([wroteBid]) }), system)).toBe('delegate')
    expect(toKind(deploy({ session, result: success([wroteUnbond, wroteBid]) }), system)).toBe('undelegate')
    expect(toKind(deploy({ session, result: success([wroteWithdraw, wroteBid]) }), system)).toBe('undelegate')
    expect(toKind(deploy({ session, result: success([]) }), system)).toBe('session')
  })
})

describe('what a stake movement moved', () => {
  const session = { StoredContractByHash: { hash: AUCTION, entry_point: 'undelegate', args: delegateArgs } }
  const move = (result: unknown) => {
    const one = deploy({ session, result })
    const made = toUnbondings(place, [one], NOTHING_QUEUED, 7).unbondings
    return toStakeMovement(one, 'undelegate', place, sumMotes(made.map(({ amount }) => amount)))
  }

  test('is what entered the queues in this era, a leaving validator with its delegators', () => {
    const movement = move(
      success([
        { key: 'unbond-1', transform: { WriteUnbonding: [unbond('7', 3), unbond('100')] } },
        {
          key: 'unbond-1',
          transform: {
            WriteUnbonding: [
              unbond('7', 3),
              unbond('100'),
              { ...unbond('20'), unbonder_public_key: VALIDATOR },
            ],
          },
        },
      ]),
    )
    expect(movement).toMatchObject({ amount: 5000n, moved: 120n, success: true })
    expect(toStaked(movement)).toEqual({ staked: 0n, undelegated: 120n })
  })

  test('is nothing for a failure, whatever its effects list', () => {
    const failed = {
      Failure: {
        effect: { transforms: [{ key: 'unbond-1', transform: { WriteUnbonding: [unbond('100')] } }] },
        transfers: [],
        cost: '10',
        error_message: 'no',
      },
    }
    expect(move(failed)).toMatchObject({ success: false, amount: 5000n, moved: 0n })
  })

  test('counts on both sides for a redelegation', () => {
    const movement = {
      ...move(success([{ key: 'unbond-1', transform: { WriteUnbonding: [unbond('100')] } }])),
      kind: 'redelegate' as const,
    }
    expect(toStaked(movement)).toEqual({ staked: 100n, undelegated: 100n })
  })
})

describe('what enters the unbonding queues', () => {
  const session = { StoredContractByHash: { hash: AUCTION, entry_point: 'undelegate', args: delegateArgs } }
  const wrote = (...entries: unknown[]) =>
    deploy({ session, result: success([{ key: 'unbond-1', transform: { WriteUnbonding: entries } }]) })

  test('is what the queue did not hold before, over transactions and blocks of the era', () => {
    const first = toUnbondings(
      place,
      [wrote(unbond('7', 3), unbond('100')), wrote(unbond('7', 3), unbond('100'), unbond('100'))],
      NOTHING_QUEUED,
      7,
    )
    expect(first.unbondings).toMatchObject([
      { height: 9, ordinal: 0, entry: 0, eraId: 5, amount: 100n, releaseEra: 12, newValidator: null },
      { height: 9, ordinal: 1, entry: 0, eraId: 5, amount: 100n },
    ])
    const next = { ...place, height: 10 }
    const second = toUnbondings(next, [wrote(unbond('100'), unbond('100'), unbond('30'))], first.queued, null)
    expect(second.unbondings).toMatchObject([{ height: 10, ordinal: 0, amount: 30n, releaseEra: null }])
  })

  test('begins anew with each era', () => {
    const { queued } = toUnbondings(place, [wrote(unbond('100'))], NOTHING_QUEUED, 7)
    const later = { height: 20, eraId: 6 }
    const { unbondings } = toUnbondings(later, [wrote(unbond('100'), unbond('4', 6))], queued, 7)
    expect(unbondings).toMatchObject([{ eraId: 6, amount: 4n, releaseEra: 13 }])
  })
})

describe('transfers of an execution', () => {
  const record = {
    deploy_hash: 'dd'.repeat(32),
    from: `account-hash-${'01'.repeat(32)}`,
    to: null,
    source: `uref-${'02'.repeat(32)}-007`,
    target: `uref-${'03'.repeat(32)}-004`,
    amount: '2500000000',
    gas: '0',
    id: 18446744073709551615n,
  }
  const session = {
    Transfer: {
      args: [
        ['target', { cl_type: 'URef', bytes: `${'03'.repeat(32)}04` }],
        ['amount', u512(1)],
      ],
    },
  }
  const transforms = [{ key: 'transfer-AB', transform: { WriteTransfer: record } }]

  test('keep every digit of their id, and drop the access rights of purses', () => {
    const [transfer] = deploy({ session, result: success(transforms, ['transfer-ab']) }).execution.transfers
    expect(transfer).toEqual({
      from: '01'.repeat(32),
      to: null,
      source: '02'.repeat(32),
      target: '03'.repeat(32),
      amount: 2500000000n,
      id: 18446744073709551615n,
    })
  })

  test('of a reverted deploy did not happen, although its result lists them', () => {
    const result = {
      Failure: { effect: { transforms }, transfers: ['transfer-ab'], cost: '10', error_message: 'reverted' },
    }
    expect(deploy({ session, result }).execution).toMatchObject({ success: false, transfers: [] })
  })

  test('that the effects do not write are a fault', () => {
    expect(() => deploy({ session, result: success([], ['transfer-ab']) })).toThrow(
      'transfer that the effects write',
    )
  })
})

test('an answer about another deploy, or one executed in another block, is a fault', () => {
  const ref = { hash: 'ab'.repeat(32), format: 'deploy', lane: null } as const
  const body = {
    hash: 'dd'.repeat(32),
    header: { account: KEY, timestamp: '2024-01-01T00:00:00.000Z' },
    session: { Transfer: { args: [] } },
  }
  const result = success([])
  const parse = (answer: unknown) => parseTransaction(new Field(answer, 'info_get_deploy'), ref, BLOCK_HASH)
  expect(() => parse({ deploy: body, execution_results: [{ block_hash: BLOCK_HASH, result }] })).toThrow(
    'the hash asked for',
  )
  expect(() => parse({ deploy: { ...body, hash: ref.hash }, execution_results: [] })).toThrow(
    'an execution of abab',
  )
  expect(() =>
    parse({
      deploy: { ...body, hash: ref.hash },
      execution_results: [{ block_hash: 'ee'.repeat(32), result }],
    }),
  ).toThrow('an execution of')
})

function switchBlock(rewards: Record<string, string[]>): ChainBlock {
  const header = {
    parent_hash: '00'.repeat(32),
    state_root_hash: '00'.repeat(32),
    body_hash: '00'.repeat(32),
    random_bit: false,
    accumulated_seed: '00'.repeat(32),
    era_end: {
      equivocators: [],
      inactive_validators: [],
      next_era_validator_weights: [{ validator: VALIDATOR, weight: '900' }],
      rewards,
      next_era_gas_price: 1,
    },
    timestamp: '2026-01-01T00:00:00.000Z',
    era_id: 5,
    height: 9,
    protocol_version: '2.0.3',
    proposer: '00',
    current_gas_price: 1,
    last_switch_block_hash: null,
  }
  const block = {
    block: { Version2: { hash: BLOCK_HASH, header, body: { transactions: {}, rewarded_signatures: [] } } },
    proofs: [],
  }
  const parsed = parseBlock(new Field({ block_with_signatures: block }, 'chain_get_block'))
  if (parsed === null) throw new Error('no block')
  return parsed
}

function summary(...allocations: object[]): EraSummary {
  return parseEraSummary(
    new Field(
      { era_summary: { era_id: 5, stored_value: { EraInfo: { seigniorage_allocations: allocations } } } },
      'chain_get_era_summary',
    ),
  )
}

describe('the end of an era', () => {
  const delegator = (amount: string, kind: object = { PublicKey: KEY }) => ({
    DelegatorKind: { delegator_kind: kind, validator_public_key: VALIDATOR, amount },
  })
  const own = (amount: string) => ({ Validator: { validator_public_key: VALIDATOR, amount } })
  const PURSE = 'ab'.repeat(32)

  test('adds up a pair that the summary names twice, a key and a purse apart', () => {
    const chain = switchBlock({ [VALIDATOR]: ['60', '40'] })
    const rows = project(
      EMPTY_STATE,
      {
        block: chain,
        transactions: [],
        summary: summary(
          own('50'),
          delegator('20'),
          delegator('10'),
          delegator('15', { Purse: PURSE }),
          own('5'),
        ),
        totalSupply: 1000n,
      },
      'demo',
      system,
    ).rows
    expect(rows.rewards).toEqual([
      { eraId: 5, validator: VALIDATOR, delegator: { kind: 'key', key: KEY }, amount: 30n },
      { eraId: 5, validator: VALIDATOR, delegator: { kind: 'purse', purse: PURSE }, amount: 15n },
    ])
    expect(rows.era).toMatchObject({
      minted: 100n,
      validatorsRewards: 55n,
      delegatorsRewards: 45n,
      rewardedValidators: 1,
      rewardedDelegators: 2,
      nextValidatorsWeight: 900n,
    })
    expect(rows.eraValidators).toContainEqual({
      eraId: 5,
      validator: VALIDATOR,
      weight: null,
      reward: 55n,
      delegatorsReward: 45n,
      delegatorsCount: 2,
      proposed: 0,
      cited: null,
      equivocated: false,
      inactive: false,
    })
    expect(rows.eraValidators).toContainEqual({
      eraId: 6,
      validator: VALIDATOR,
      weight: 900n,
      reward: 0n,
      delegatorsReward: 0n,
      delegatorsCount: 0,
      ...NO_WORK,
    })
  })

  test('of an immediate switch block pays nothing, although the summary repeats the era before', () => {
    const chain = switchBlock({})
    expect(isPaid(chain)).toBe(false)
    const rows = project(
      EMPTY_STATE,
      { block: chain, transactions: [], summary: summary(own('50'), delegator('20')), totalSupply: 1000n },
      'demo',
      system,
    ).rows
    expect(rows.era).toMatchObject({
      minted: 0n,
      validatorsRewards: 0n,
      delegatorsRewards: 0n,
      totalSupply: 1000n,
      supplyAdjustment: 0n,
    })
    expect(rows.rewards).toEqual([])
  })

  test('shows a write to the supply outside blocks as an adjustment', () => {
    const chain = switchBlock({ [VALIDATOR]: ['100'] })
    const era = { ...openEra({ ...blockOf(chain) }, null), totalSupply: 1_000n }
    const closed = closeEra(era, chain, summary(own('100')), 5_100n, [], DEMO)
    expect(closed.era).toMatchObject({ totalSupply: 5_100n, minted: 100n, supplyAdjustment: 4_000n })
  })

  test('tells what went to stakes from what went to the sustain purse', () => {
    const chain = { ...switchBlock({ [VALIDATOR]: ['61', '42'] }), protocolVersion: '2.2.0' }
    const rewardsHandling = { version: '2.2.0', numerator: 2n, denominator: 8n }
    // A quarter of 103 is 25; of 61 and 42 three quarters are 45 and 31: two motes are made by nobody.
    const height = {
      block: chain,
      transactions: [],
      summary: summary(own('40'), delegator('5'), own('31')),
      totalSupply: 5_101n,
    }
    const before = { ...EMPTY_STATE, supply: 5_000n }
    const { era, absences } = project(before, height, 'demo', { ...system, rewardsHandling }).rows
    expect(era).toMatchObject({
      minted: 101n,
      sustained: 25n,
      validatorsRewards: 71n,
      delegatorsRewards: 5n,
      totalSupply: 5_101n,
      supplyAdjustment: 0n,
    })
    expect(absences).toEqual([])

    const unread = project(before, height, 'demo', system).rows
    expect(unread.era).toMatchObject({ minted: 103n, sustained: null })
    expect(unread.absences).toEqual([
      { height: chain.height, figure: 'sustain share', reason: expect.stringContaining('protocol 2.2.0') },
    ])
  })

  test('computes the supply where the node cannot give it, and has none where nothing is known', () => {
    const chain = switchBlock({ [VALIDATOR]: ['100'] })
    const era = openEra(blockOf(chain), null)
    expect(
      closeEra({ ...era, totalSupply: 1_000n }, chain, summary(own('100')), null, [], DEMO).era.totalSupply,
    ).toBe(1_100n)
    expect(closeEra(era, chain, summary(own('100')), null, [], DEMO).era).toMatchObject({
      totalSupply: null,
      circulating: null,
      supplyAdjustment: 0n,
    })
  })

  test('has no circulating supply on a network whose lock-ups are not declared here', () => {
    const chain = switchBlock({ [VALIDATOR]: ['100'] })
    expect(
      closeEra(openEra(blockOf(chain), null), chain, null, 5n, [], { ...DEMO, network: 'casper' }).era
        .circulating,
    ).toBeNull()
    expect(closeEra(openEra(blockOf(chain), null), chain, null, 5n, [], DEMO).era.circulating).toMatchObject({
      method: 'no-lockups/1',
      total: 5n,
    })
  })
})

function blockOf(chain: ChainBlock) {
  return project(
    EMPTY_STATE,
    { block: chain, transactions: [], summary: null, totalSupply: null },
    'demo',
    system,
  ).rows.block
}
