import { describe, expect, test } from 'vitest'
import type { Block } from '../../src/domain/block.ts'
import type { Era } from '../../src/domain/era.ts'
import { type Party, SYSTEM_ACCOUNT, SYSTEM_KEY, toAccountHash } from '../../src/domain/keys.ts'
import { STAKE_KINDS, TRANSACTION_KINDS, type Transaction } from '../../src/domain/transaction.ts'
import type { Transfer } from '../../src/domain/transfer.ts'
import {
  account,
  buildBlock,
  buildEra,
  buildMovement,
  buildTransaction,
  buildTransfer,
  hashOf,
  key,
  keyOf,
  longKeyOf,
  NETWORK,
  purse,
  purseOf,
} from '../support/builders.ts'
import { connectTo, readMovements } from '../support/stored.ts'
import { type Height } from './store-chain.ts'
import { toChange } from './store-changes.ts'
import { useReaders, useStore } from './store-suite.ts'

const NINES = 10n ** 38n - 1n
const MAX_U64 = 2n ** 64n - 1n

const block: Block = buildBlock(0, {
  generation: 1,
  protocolVersion: '1.5.8',
  proposer: SYSTEM_KEY,
  isSwitch: true,
  gasPrice: 255,
  counts: { transfers: 65_535, burns: 65_534, staking: 65_533, wasm: 65_532, failed: 65_531 },
  lanes: '0:3,5:1',
  transfersCount: 4_294_967_295,
  transfersVolume: NINES,
  staked: NINES - 1n,
  undelegated: 2n ** 53n + 1n,
  fees: 1n,
  burned: 0n,
  totalSupply: NINES,
})

const era: Era = buildEra(0, {
  endHeight: 0,
  end: block.time,
  blocksCount: 1,
  counts: { transfers: 4_294_967_295, burns: 1, staking: 2, wasm: 3, failed: 4 },
  transfersCount: 4_294_967_295,
  transfersVolume: NINES,
  minted: NINES,
  validatorsCount: 100,
  validatorsWeight: NINES,
  nextValidatorsWeight: NINES - 7n,
  validatorsRewards: 9_007_199_254_740_993n,
  delegatorsRewards: 1n,
  rewardedValidators: 99,
  rewardedDelegators: 15_000,
  totalSupply: NINES,
  supplyAdjustment: -NINES,
  feesBurned: false,
  circulating: { method: 'método/✓', total: NINES, validators: 0n, transfers: 1n, rewards: 2n },
})

const senders: readonly Party[] = [key('a'), { kind: 'key', key: longKeyOf('b') }, account('c'), purse('d')]

const transactions: readonly Transaction[] = TRANSACTION_KINDS.map((kind, ordinal) =>
  buildTransaction(1, ordinal, {
    kind,
    eraId: 1,
    format: ordinal % 2 ? 'deploy' : 'transaction',
    lane: ordinal === 0 ? null : 255,
    sender: senders[ordinal % senders.length] as Party,
    entryPoint: ordinal === 1 ? '' : `entry 'quoted' "twice" \\ ${ordinal}`,
    contract: ordinal === 2 ? null : `hash-${hashOf(ordinal)}`,
    createdAt: 253_402_300_799_999,
    success: ordinal % 3 !== 0,
    error: ordinal % 3 === 0 ? `💥 ${'\0\b\n\r\t\x1a\\"\''} % _ -- ; /* ${ordinal}` : null,
    limit: ordinal === 3 ? null : NINES,
    consumed: ordinal === 3 ? null : 0n,
    cost: NINES - BigInt(ordinal),
    refund: ordinal === 3 ? null : 2n ** 64n,
  }),
)

const transfers: readonly Transfer[] = [
  buildTransfer(1, 0, {
    eraId: 1,
    amount: NINES,
    id: MAX_U64,
    from: toAccountHash(keyOf('a')),
    fromKey: keyOf('a'),
  }),
  buildTransfer(1, 1, { eraId: 1, amount: 0n, id: 0n, to: null, target: purseOf('bare') }),
  buildTransfer(1, 9, {
    eraId: 1,
    amount: 2n ** 53n + 1n,
    id: 2n ** 53n + 1n,
    from: hashOf('same'),
    to: hashOf('same'),
  }),
  buildTransfer(1, 65_535, {
    eraId: 1,
    to: toAccountHash(longKeyOf('b')),
    toKey: longKeyOf('b'),
    time: 253_402_300_799_999,
  }),
  buildTransfer(1, 65_535 - 1, { eraId: 1, to: SYSTEM_ACCOUNT, toKey: SYSTEM_KEY, auction: true }),
].sort((a, b) => a.ordinal - b.ordinal)

const movements = STAKE_KINDS.map((kind, ordinal) =>
  buildMovement(1, ordinal, {
    kind,
    eraId: 1,
    via: (['native', 'contract', 'session'] as const)[ordinal % 3] ?? 'native',
    validator: ordinal === 3 ? null : { kind: 'key', key: longKeyOf('validator') },
    newValidator: kind === 'redelegate' ? key('new') : null,
    delegator: ordinal % 2 ? purse('delegating') : null,
    amount: ordinal === 4 ? null : NINES,
    moved: ordinal === 5 ? null : 2n ** 63n + 1n,
    delegationRate: kind === 'add_bid' ? 100 : null,
    success: ordinal % 2 === 0,
  }),
)

const none = { transactions: [], transfers: [], stakeMovements: [], eraValidators: [], rewards: [] }
const second = buildBlock(1, { eraId: 1, proposer: longKeyOf('b'), totalSupply: null })
const open = buildEra(1, { startHeight: 1, blocksCount: 1, start: second.time })
const heights: readonly Height[] = [
  { ...none, block, era },
  { ...none, block: second, era: open, transactions, transfers, stakeMovements: movements },
]

/** A hash that nobody has. */
const STRANGER = hashOf('nobody')

const store = await useStore()
const readers = await useReaders(store)
const connection = await connectTo(store.readerUrl)

test('an empty store has no tip, nothing to resume, and empty lists', async () => {
  expect(await store.writer.readResume()).toBeNull()
  for (const { reader } of readers) {
    expect(await reader.readTip()).toBeNull()
    expect(await reader.readBlocks(0, 10)).toEqual([])
    expect(await reader.readEras(0, 10)).toEqual([])
    expect(await reader.readEraTransfers(0, 3, 5)).toEqual([])
    expect(await reader.readTransfers({ order: 'desc', limit: 10, fromEra: 0 })).toEqual([])
    expect(await reader.readTransfers({ order: 'desc', limit: 10 })).toEqual([])
  }
})

describe('after a commit', () => {
  test('the writer resumes where it stopped', async () => {
    await store.writer.commit(toChange(heights))
    expect(await store.writer.readResume()).toEqual({
      network: NETWORK,
      checkpoint: { height: 1, hash: second.hash, eraId: 1, time: second.time },
      lastBlock: second,
      lastEra: open,
      eraValidators: [],
      // Era 0 has just ended: the next block may still cite its signatures.
      recentEras: [{ eraId: 0, firstHeight: era.startHeight, lastHeight: era.endHeight, validators: [] }],
      unbonded: [],
    })
  })

  for (const { name, reader } of readers) {
    describe(name, () => {
      test('blocks keep every digit, zero and null', async () => {
        expect(await reader.readBlocks(0, 1)).toEqual([block, second])
        expect(await reader.readBlocks(1, 1)).toEqual([second])
        expect(await reader.readBlocks(2, 5_000_000_000)).toEqual([])
      })

      test('heights are found by hash, in any case', async () => {
        expect(await reader.readHeightOfHash(block.hash)).toBe(0)
        expect(await reader.readHeightOfHash(second.hash.toUpperCase())).toBe(1)
        expect(await reader.readHeightOfHash(STRANGER)).toBeNull()
        expect(await reader.readHeightOfHash("' OR 1=1 --")).toBeNull()
      })

      test('eras keep amounts below zero and the terms of the circulating supply', async () => {
        expect(await reader.readEras(0, 9)).toEqual([era, open])
      })

      test('transactions keep every kind of sender and every odd text', async () => {
        expect(await reader.readTransactions(1)).toEqual(transactions)
        expect(await reader.readTransaction(transactions[4]?.hash ?? '')).toEqual(transactions[4])
        expect(await reader.readTransaction(STRANGER)).toBeNull()
        expect(await reader.readTransaction('no hash')).toBeNull()
        expect(await reader.readTransactions(0)).toEqual([])
      })

      test('transfers keep 64-bit ids, 38 digits and purses without accounts', async () => {
        const visible = transfers.filter(({ auction }) => !auction)
        expect(await reader.readTransfers({ order: 'asc', limit: 100 })).toEqual(visible)
      })

      test('the tip knows the network; without a heartbeat it is as high as what is stored', async () => {
        expect(await reader.readTip()).toEqual({
          network: NETWORK,
          checkpoint: { height: 1, hash: second.hash, eraId: 1, time: second.time },
          cuts: [],
          heartbeat: { at: 0, networkHeight: 1, networkTime: second.time, grownAt: 0, trouble: null },
        })
      })
    })
  }

  test('a heartbeat shows in the tip, and is never below the checkpoint', async () => {
    const heartbeat = {
      at: 1_764_000_000_123,
      networkHeight: 4_294_967_295,
      networkTime: 9_999_999_999_999,
      grownAt: 1_764_000_000_001,
      trouble: 'block 5 refused',
    }
    await store.writer.writeHeartbeat(heartbeat)
    for (const { reader } of readers) expect((await reader.readTip())?.heartbeat).toEqual(heartbeat)
    await store.writer.writeHeartbeat({ ...heartbeat, networkHeight: 0, networkTime: 0 })
    for (const { reader } of readers) {
      const tip = await reader.readTip()
      expect(tip?.heartbeat).toMatchObject({ networkHeight: 1, networkTime: tip?.checkpoint.time })
    }
  })

  test('stake movements are stored whole', async () => {
    const rows = await readMovements(connection)
    expect(rows).toHaveLength(movements.length)
    const bid = movements.findIndex(({ kind }) => kind === 'add_bid')
    expect(rows.find(({ hash }) => hash === transactions[bid]?.hash)).toMatchObject({
      validator: null,
      delegator: `purse-${purseOf('delegating')}`,
      amount: String(NINES),
      moved: String(2n ** 63n + 1n),
      delegationRate: 100,
      success: 0,
    })
    await connection.end()
  })
})

test('an error longer than its column ends in an ellipsis, no character cut in half', async () => {
  const third = buildBlock(2, { eraId: 1, proposer: longKeyOf('b') })
  const texts = ['💥'.repeat(1_000), '💥'.repeat(1_001), `\ud83d${'x'.repeat(999)}`]
  const failed = texts.map((error, ordinal) =>
    buildTransaction(2, ordinal, { eraId: 1, success: false, error }),
  )
  await store.writer.commit(toChange([{ ...none, block: third, era: open, transactions: failed }]))
  for (const { reader } of readers) {
    const errors = (await reader.readTransactions(2)).map(({ error }) => error)
    expect(errors).toEqual(['💥'.repeat(1_000), `${'💥'.repeat(999)}…`, `\ufffd${'x'.repeat(999)}`])
  }
})
