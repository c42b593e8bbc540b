import { describe, expect, test } from 'vitest'
import { type Party, toAccountHash } from '../../src/domain/keys.ts'
import type { Change } from '../../src/store/change.ts'
import { createStoreWriter } from '../../src/store/writer.ts'
import { account, buildBlock, buildEra, hashOf, key, NETWORK } from '../support/builders.ts'
import { connectTo, readRows } from '../support/stored.ts'
import { buildChain } from './store-chain.ts'
import { toChange, toChanges } from './store-changes.ts'
import { dumpOf, useStore } from './store-suite.ts'

const chain = buildChain({ heights: 61, blocksPerEra: 10, people: 14 })

describe('the same chain makes the same tables', async () => {
  const whole = await useStore()
  const ones = await useStore()
  const mixed = await useStore()

  test('whatever the batches, the writers and their memory', async () => {
    await whole.writer.commit(toChange(chain))
    for (const change of toChanges(chain, 1)) await ones.writer.commit(change)
    // A writer that forgets all but three parties, and is started anew in between.
    const forgetful = createStoreWriter(mixed.writerUrl, { remembered: 3 })
    const changes = toChanges(chain, 3, 1, 17, 2, 9)
    for (const change of changes.slice(0, 3)) await forgetful.commit(change)
    await forgetful.close()
    for (const change of changes.slice(3)) await mixed.writer.commit(change)

    const expected = await dumpOf(whole.readerUrl)
    expect(expected.split('\n').length).toBeGreaterThan(500)
    expect(await dumpOf(ones.readerUrl)).toBe(expected)
    expect(await dumpOf(mixed.readerUrl)).toBe(expected)
  })

  test('and committing again changes nothing, by batches of any size', async () => {
    const expected = await dumpOf(whole.readerUrl)
    await whole.writer.commit(toChange(chain))
    for (const change of toChanges(chain, 7)) await whole.writer.commit(change)
    expect(await dumpOf(whole.readerUrl)).toBe(expected)
  })

  test('resuming gives the last block, its era, and the validators that the next block needs', async () => {
    const last = chain.at(-1)
    const resume = await whole.writer.readResume()
    expect(resume).toMatchObject({ network: NETWORK, lastBlock: last?.block, lastEra: last?.era })
    // Height 60 is a switch block: the next block is of era 7, whose set it named.
    expect(resume?.eraValidators).toHaveLength(4)
    const named = last?.eraValidators.filter(({ eraId }) => eraId === 7) ?? []
    expect(resume?.eraValidators).toEqual(expect.arrayContaining(named))
  })

  test('ids of parties are given without gaps', async () => {
    const connection = await connectTo(whole.readerUrl)
    const [row] = await readRows<Record<string, number>>(
      connection,
      'SELECT MIN(id) AS first, MAX(id) AS last, COUNT(*) AS count FROM parties',
    )
    await connection.end()
    expect(row?.first).toBe(1)
    expect(Number(row?.last)).toBe(Number(row?.count))
  })
})

describe('a change that does not fit is refused, and nothing is written', async () => {
  const store = await useStore()
  const [first, next] = [toChange(chain.slice(0, 20)), toChange(chain.slice(20, 30))]

  const refused = async (change: Change, error: object) => {
    const before = await dumpOf(store.readerUrl)
    await expect(store.writer.commit(change)).rejects.toMatchObject(error)
    expect(await dumpOf(store.readerUrl)).toBe(before)
  }

  test('an empty store takes only the first block of the network', async () => {
    await refused(next, { name: 'ConflictError', code: 'CONFLICT' })
    await refused({ ...first, network: { ...NETWORK, genesisHash: hashOf('other') } }, { code: 'CONFLICT' })
    await store.writer.commit(first)
  })

  test('a gap, an overlap, and a fork', async () => {
    await refused(toChange(chain.slice(21, 30)), { code: 'CONFLICT' })
    await refused(toChange(chain.slice(15, 30)), { code: 'CONFLICT' })
    const fork = next.blocks.map((block, index) =>
      index === 0 ? { ...block, parentHash: hashOf('fork') } : block,
    )
    await refused({ ...next, blocks: fork }, { code: 'CONFLICT', message: expect.stringContaining('parent') })
  })

  test('another block at a height that is stored, at the checkpoint and below it', async () => {
    const otherEnd = (height: number): Change => {
      const change = toChange(chain.slice(0, height + 1))
      const hash = hashOf(`fork ${height}`)
      return {
        ...change,
        blocks: change.blocks.map((block) => (block.height === height ? { ...block, hash } : block)),
        checkpoint: { ...change.checkpoint, hash },
      }
    }
    await refused(otherEnd(19), { code: 'CONFLICT' })
    await refused(otherEnd(7), { code: 'CONFLICT' })
  })

  test('another network, with both names', async () => {
    const other = { ...NETWORK, name: 'casper' }
    await refused(
      { ...next, network: other },
      {
        name: 'NetworkMismatchError',
        code: 'NETWORK_MISMATCH',
        stored: 'casper-test-chain',
        given: 'casper',
        message: expect.stringMatching(/casper-test-chain.*casper/),
      },
    )
    await refused(
      { ...next, network: { ...NETWORK, genesisHash: hashOf('other genesis') } },
      {
        code: 'NETWORK_MISMATCH',
      },
    )
  })

  test('a change that contradicts itself', async () => {
    await refused({ ...next, blocks: [] }, { name: 'RangeError' })
    await refused(
      { ...next, blocks: next.blocks.filter(({ height }) => height !== 25) },
      { name: 'RangeError' },
    )
    await refused({ ...next, checkpoint: { ...next.checkpoint, height: 28 } }, { name: 'RangeError' })
    await refused({ ...next, transfers: [...next.transfers].reverse() }, { name: 'RangeError' })
    const [transaction] = next.transactions
    if (transaction === undefined) throw new Error('no transaction')
    await refused({ ...next, transactions: [transaction, transaction] }, { name: 'RangeError' })
    const reward = { eraId: 3, validator: `01${hashOf('v')}`, delegator: key('d'), amount: 1n }
    await refused({ ...next, rewards: [reward, reward] }, { name: 'RangeError' })
  })

  test('a value that its column cannot hold', async () => {
    const big = next.transfers.map((transfer) => ({ ...transfer, amount: 10n ** 38n }))
    await refused({ ...next, transfers: big }, { name: 'StoreQueryError', errno: 1264 })
    const odd = next.blocks.map((block) => ({ ...block, proposer: `01${'zz'.repeat(32)}` }))
    await expect(store.writer.commit({ ...next, blocks: odd })).rejects.toThrow()
  })

  test('and the store goes on with the change that does fit', async () => {
    await store.writer.commit(next)
    expect((await store.writer.readResume())?.checkpoint.height).toBe(29)
  })
})

describe('a key that is shown late', async () => {
  const store = await useStore()
  const none = { transactions: [], transfers: [], stakeMovements: [], eraValidators: [], rewards: [] }
  const block = (height: number) => ({ ...none, block: buildBlock(height), era: buildEra(0) })

  test('completes the row of its account, once and for all', async () => {
    const shown = key('late')
    if (shown.kind !== 'key') throw new Error('no key')
    const hidden = { kind: 'account', hash: toAccountHash(shown.key) } as const
    const reward = (eraId: number, delegator: Party) => ({
      eraId,
      validator: `01${hashOf('v')}`,
      delegator,
      amount: 1n,
    })
    const read = async () => {
      const connection = await connectTo(store.readerUrl)
      const rows = await readRows<{ id: number; key: string | null }>(
        connection,
        'SELECT id, LOWER(HEX(public_key)) AS `key` FROM parties WHERE address = ?',
        [Buffer.from(hidden.hash, 'hex')],
      )
      await connection.end()
      return rows
    }
    await store.writer.commit(
      toChange([{ ...block(0), rewards: [reward(0, hidden), reward(0, account('x'))] }]),
    )
    const [before] = await read()
    expect(before).toMatchObject({ key: null })
    await store.writer.commit(toChange([{ ...block(1), rewards: [reward(1, shown)] }]))
    expect(await read()).toEqual([{ id: before?.id, key: shown.key }])
    await store.writer.commit(toChange([{ ...block(2), rewards: [reward(2, hidden)] }]))
    expect(await read()).toEqual([{ id: before?.id, key: shown.key }])
  })

  test('is the same party as its hash: two rewards of one pair are refused', async () => {
    const validator = `01${hashOf('v')}`
    const both = [key('late'), { kind: 'account', hash: toAccountHash(`01${hashOf('key late')}`) } as const]
    const rewards = both.map((delegator) => ({ eraId: 3, validator, delegator, amount: 1n }))
    await expect(store.writer.commit(toChange([{ ...block(3), rewards }]))).rejects.toThrow(/two rewards/i)
  })
})
