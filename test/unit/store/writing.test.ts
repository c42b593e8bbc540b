import { describe, expect, test } from 'vitest'
import { SYSTEM_KEY } from '../../../src/domain/keys.ts'
import { NO_WORK } from '../../../src/domain/reward.ts'
import { toInserts, toUpserts } from '../../../src/store/bulk.ts'
import { checkChange } from '../../../src/store/check.ts'
import { errnoOf, isTransient, toStoreError } from '../../../src/store/failures.ts'
import { orderParties, type Seen } from '../../../src/store/party-order.ts'
import { heartbeat, parties, rewards } from '../../../src/store/schema/chain.ts'
import { buildChain, type Height } from '../../contract/store-chain.ts'
import { toChange, toChanges } from '../../contract/store-changes.ts'
import {
  buildBlock,
  buildEra,
  buildMovement,
  buildTransaction,
  buildTransfer,
  hashOf,
  key,
  keyOf,
  purse,
  purseOf,
} from '../../support/builders.ts'

describe('toUpserts', () => {
  test('names every column, keeps the key and takes the rest anew', () => {
    expect(
      toUpserts(heartbeat, [{ id: 1, atMs: 9, networkHeight: 7, networkTime: 8, grownAt: 6, trouble: null }]),
    ).toEqual([
      'INSERT INTO `heartbeat` (`id`,`at_ms`,`network_height`,`network_time`,`grown_at`,`trouble`) VALUES (1,9,7,8,6,NULL)' +
        ' ON DUPLICATE KEY UPDATE `at_ms`=VALUES(`at_ms`),`network_height`=VALUES(`network_height`),' +
        '`network_time`=VALUES(`network_time`),`grown_at`=VALUES(`grown_at`),`trouble`=VALUES(`trouble`)',
    ])
  })

  test('writes amounts digit by digit and bytes as hex', () => {
    const amount = 10n ** 37n + 1n
    const [statement] = toUpserts(rewards, [
      { delegatorId: 1, eraId: 2, validatorId: 3, amount },
      { delegatorId: 4, eraId: 5, validatorId: 6, amount: 0n },
    ])
    expect(statement).toContain(`VALUES (1,2,3,${amount}),(4,5,6,0) ON DUPLICATE`)
    const [insert] = toInserts(parties, [
      { id: 1, kind: 0, address: hashOf(1), publicKey: null, firstHeight: 7, lastHeight: 8 },
    ])
    expect(insert).toBe(
      `INSERT INTO \`parties\` (\`id\`,\`kind\`,\`address\`,\`public_key\`,\`first_height\`,\`last_height\`) VALUES (1,0,x'${hashOf(1)}',NULL,7,8)`,
    )
  })

  test('refuses what is no value of a column', () => {
    const party = { id: 1, kind: 0, address: hashOf(1), publicKey: null, firstHeight: 7, lastHeight: 8 }
    for (const address of ["' OR 1", '', 'ABCD', 'zz']) {
      expect(() => toInserts(parties, [{ ...party, address }])).toThrow(RangeError)
    }
    for (const id of [1.5, Number.NaN, 2 ** 53, undefined as unknown as number]) {
      expect(() => toInserts(parties, [{ ...party, id }])).toThrow(RangeError)
    }
  })

  test('no rows need no statement, many need several', () => {
    expect(toUpserts(rewards, [])).toEqual([])
    const rows = Array.from({ length: 50_000 }, (_, id) => ({
      delegatorId: id,
      eraId: 1,
      validatorId: 2,
      amount: 3n,
    }))
    const statements = toUpserts(rewards, rows)
    expect(statements.length).toBeGreaterThan(1)
    for (const statement of statements) expect(statement.length).toBeLessThan(600_000)
    expect(statements.join().match(/\(\d+,1,2,3\)/g)).toHaveLength(rows.length)
  })
})

const empty = { transactions: [], transfers: [], stakeMovements: [], eraValidators: [], rewards: [] }

describe('orderParties', () => {
  test('goes by the chain: proposer, senders, transfers, movements, validators, rewarded', () => {
    const height: Height = {
      ...empty,
      block: buildBlock(0, { isSwitch: true, proposer: SYSTEM_KEY }),
      era: buildEra(0),
      transactions: [buildTransaction(0, 0, { sender: key('sender') })],
      transfers: [
        buildTransfer(0, 0, {
          fromKey: keyOf('sender'),
          to: hashOf('to'),
          source: purseOf(1),
          target: purseOf(2),
        }),
        buildTransfer(0, 1, { from: hashOf('from'), to: null, source: purseOf(3), target: purseOf(1) }),
      ],
      stakeMovements: [
        buildMovement(0, 0, { validator: key('v'), newValidator: key('new'), delegator: purse('d') }),
      ],
      eraValidators: ['z', 'y'].map((name) => ({
        eraId: 0,
        validator: keyOf(name),
        weight: null,
        reward: 0n,
        delegatorsReward: 0n,
        delegatorsCount: 0,
        ...NO_WORK,
      })),
      rewards: [{ eraId: 0, validator: keyOf('w'), delegator: key('rewarded'), amount: 1n }],
    }
    expect([...orderParties(toChange([height])).keys()]).toEqual([
      SYSTEM_KEY,
      keyOf('sender'),
      hashOf('to'),
      `uref-${purseOf(1)}`,
      `uref-${purseOf(2)}`,
      hashOf('from'),
      `uref-${purseOf(3)}`,
      keyOf('v'),
      keyOf('new'),
      `uref-${purseOf('d')}`,
      ...[keyOf('z'), keyOf('y')].sort(),
      keyOf('w'),
      keyOf('rewarded'),
    ])
  })

  test('is the same whatever the batches', () => {
    const chain = buildChain({ heights: 45, blocksPerEra: 4, seed: 5 })
    const whole = [...orderParties(toChange(chain))]
    for (const sizes of [[1], [7], [2, 11, 3]]) {
      const parts = new Map<string, Seen>()
      for (const [word, at] of toChanges(chain, ...sizes).flatMap((change) => [...orderParties(change)])) {
        const before = parts.get(word)
        // Only counted on for: known already, and not seen.
        if (at === null) expect(before).toBeDefined()
        else parts.set(word, { first: before?.first ?? at.first, last: at.last })
      }
      expect([...parts]).toEqual(whole)
    }
  })
})

describe('checkChange', () => {
  const chain = buildChain({ heights: 8, blocksPerEra: 4 })
  const change = toChange(chain)

  test('takes what the crawler makes', () => {
    expect(() => checkChange(change)).not.toThrow()
    expect(() => checkChange(toChange(chain.slice(3, 4)))).not.toThrow()
  })

  test('refuses gaps, other checkpoints, lists out of order or outside of the blocks', () => {
    const refused = [
      { ...change, blocks: [] },
      { ...change, blocks: change.blocks.toSpliced(3, 1) },
      { ...change, blocks: change.blocks.with(4, buildBlock(4, { parentHash: hashOf('x') })) },
      { ...change, checkpoint: { ...change.checkpoint, hash: hashOf('x') } },
      { ...change, transfers: [buildTransfer(8, 0)] },
      { ...change, transactions: [buildTransaction(2, 1), buildTransaction(2, 1)] },
      { ...change, stakeMovements: [buildMovement(2, 1), buildMovement(1, 2)] },
    ]
    for (const wrong of refused) expect(() => checkChange(wrong)).toThrow(RangeError)
  })

  const unbonding = (height: number, ordinal: number, entry: number) => ({
    ...{ height, ordinal, entry, eraId: 1, validator: keyOf('v'), delegator: key('d') },
    ...{ newValidator: null, amount: 1n, releaseEra: null },
  })
  const bid = {
    ...{ validator: keyOf('v'), selfStake: 1n, delegatorsStake: 2n, delegatorsCount: 1, delegationRate: 3 },
    ...{ active: true, minDelegation: null, maxDelegation: null, reservedSlots: null, reservations: null },
    vestingFrom: null,
  }
  const delegation = { validator: keyOf('v'), delegator: key('d'), stake: 2n }
  const auction = { height: 4, eraId: 1, bids: [bid], delegations: [delegation] }

  test('takes unbondings without a gap, and the auction after a switch block', () => {
    const unbondings = [unbonding(2, 1, 0), unbonding(2, 1, 1), unbonding(2, 3, 0), unbonding(5, 0, 0)]
    expect(() => checkChange({ ...change, unbondings, auctions: [auction] })).not.toThrow()
  })

  test.each([
    ['a gap in a transaction’s entries', { unbondings: [unbonding(2, 1, 0), unbonding(2, 1, 2)] }],
    ['entries without a first', { unbondings: [unbonding(2, 1, 1)] }],
    ['entries of an earlier block', { unbondings: [unbonding(2, 1, 0), unbonding(1, 1, 0)] }],
    ['an entry beyond the blocks', { unbondings: [unbonding(8, 0, 0)] }],
    ['an auction after a block that ends no era', { auctions: [{ ...auction, height: 3 }] }],
    ['an auction of another era', { auctions: [{ ...auction, eraId: 2 }] }],
    ['a validator twice', { auctions: [{ ...auction, bids: [bid, bid] }] }],
    ['a pair twice', { auctions: [{ ...auction, delegations: [delegation, delegation] }] }],
  ])('refuses %s', (_, wrong) => {
    expect(() => checkChange({ ...change, ...wrong })).toThrow(RangeError)
  })
})

describe('failures', () => {
  const driver = (fields: object) => Object.assign(new Error('said'), fields)

  test.for([
    [{ errno: 1213, code: 'ER_LOCK_DEADLOCK' }, true, 'StoreUnavailableError'],
    [{ errno: 1205 }, true, 'StoreUnavailableError'],
    [{ errno: 1969 }, true, 'StoreSlowError'],
    [{ errno: 1047 }, true, 'StoreUnavailableError'],
    [{ errno: 1045 }, false, 'StoreUnavailableError'],
    [{ errno: 1062 }, true, 'StoreUnavailableError'],
    // A full disk, and a server that is read-only for a while.
    [{ errno: 1 }, false, 'StoreUnavailableError'],
    [{ errno: 3 }, false, 'StoreUnavailableError'],
    [{ errno: 1021 }, false, 'StoreUnavailableError'],
    [{ errno: 1026 }, false, 'StoreUnavailableError'],
    [{ errno: 1030 }, false, 'StoreUnavailableError'],
    [{ errno: 1114 }, false, 'StoreUnavailableError'],
    [{ errno: 1290 }, true, 'StoreUnavailableError'],
    [{ errno: 1836 }, true, 'StoreUnavailableError'],
    [{ errno: 1146 }, false, 'StoreQueryError'],
    [{ errno: 1264 }, false, 'StoreQueryError'],
    [{ errno: -111, code: 'ECONNREFUSED' }, true, 'StoreUnavailableError'],
    [{ code: 'PROTOCOL_CONNECTION_LOST', fatal: true }, true, 'StoreUnavailableError'],
    [{ fatal: true }, true, 'StoreUnavailableError'],
    [{ status: 400, body: { code: 'UNAVAILABLE' } }, false, 'StoreUnavailableError'],
    [{ status: 400, body: { code: 'INVALID_ARGUMENT' } }, false, 'StoreQueryError'],
    [{ status: 401, body: { code: 'unauthorized' } }, false, 'StoreUnavailableError'],
    [{ status: 503, body: undefined }, false, 'StoreUnavailableError'],
  ] as const)('%j', ([fields, transient, name]) => {
    const error = driver(fields)
    expect(isTransient(error)).toBe(transient)
    expect(toStoreError(error)).toMatchObject({ name, cause: error })
  })

  test('a full disk is called so: the server speaks of a table', () => {
    const error = toStoreError(driver({ errno: 1114, message: "The table 'blocks' is full" }))
    expect(error).toMatchObject({
      message: "The store cannot write, its disk may be full: The table 'blocks' is full",
    })
  })

  test('the number is read out of what came through HTTP, and below what drizzle wraps around', () => {
    const inner = driver({
      status: 400,
      body: { code: 'NOT_FOUND' },
      message: "vttablet: rpc error: desc = Table 't' doesn't exist (errno 1146) (sqlstate 42S02)",
    })
    const wrapped = Object.assign(new Error('Failed query', { cause: inner }), {
      query: 'select',
      params: ['secret'],
    })
    expect(errnoOf(wrapped)).toBe(1146)
    const error = toStoreError(wrapped)
    expect(error).toMatchObject({ name: 'StoreQueryError', errno: 1146 })
    expect((error as Error).message).not.toContain('secret')
  })

  test('what no driver threw stays as it is', () => {
    const error = new RangeError('ours')
    expect(toStoreError(error)).toBe(error)
    expect(isTransient(error)).toBe(false)
    expect(toStoreError('text')).toBe('text')
    expect(isTransient(undefined)).toBe(false)
  })
})
