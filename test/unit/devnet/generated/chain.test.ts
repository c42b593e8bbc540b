import { describe, expect, test } from 'vitest'
import { parseBlock } from '../../../../crawler/decode/block.ts'
import { Field } from '../../../../crawler/decode/field.ts'
import { toBlockFacts } from '../../../../crawler/devnet/blocks.ts'
import { createAnswers } from '../../../../crawler/devnet/generated/answer.ts'
import { createGeneratedChain } from '../../../../crawler/devnet/generated/chain.ts'
import type { GeneratedChainOptions } from '../../../../crawler/devnet/generated/options.ts'
import { rewriteBlock } from '../../../../crawler/devnet/rewrite-block.ts'
import { parseJson } from '../../../../crawler/node/json.ts'
import { verifyTransaction } from '../../../../crawler/verify/transaction-hash.ts'
import { verifyBlock } from '../../../../crawler/verify/verify.ts'

const TIP = 160

/** What a node of the chain says, as text. */
function createAsk(options: GeneratedChainOptions, branch = 0, tip = TIP) {
  const chain = createGeneratedChain(options)
  const answer = createAnswers(chain, 'sidecar')
  const tail = chain.tail(branch)
  const ask = (method: string, params: unknown) => answer(method, params, { tail, tip, lowest: 0 }).text
  const block = (height: number) => ask('chain_get_block', { block_identifier: { Height: height } })
  return { chain, tail, ask, block }
}

const OPTIONS: GeneratedChainOptions = { transfersPerBlock: 2, generation: { upgradeAt: 50 } }

describe('bytes', () => {
  test('the same options give the same, in whatever order they are asked for', () => {
    const [one, two] = [createAsk(OPTIONS), createAsk(OPTIONS)]
    const heights = [0, 1, 20, 21, 49, 50, 51, 120]
    const blocks = heights.map(one.block)
    expect(heights.toReversed().map(two.block).reverse()).toEqual(blocks)
    for (const hash of one.chain.header(20).transactions) {
      const params = { transaction_hash: { Deploy: hash } }
      expect(two.ask('info_get_transaction', params)).toBe(one.ask('info_get_transaction', params))
    }
    const summary = { block_identifier: { Height: 20 } }
    expect(two.ask('chain_get_era_summary', summary)).toBe(one.ask('chain_get_era_summary', summary))
  })

  test.each<[string, GeneratedChainOptions]>([
    ['seed', { seed: 2 }],
    ['network', { network: 'casper-other' }],
  ])('another %s gives another chain from genesis on', (_, other) => {
    const [one, two] = [createAsk(OPTIONS), createAsk({ ...OPTIONS, ...other })]
    for (const height of [0, 1, 50])
      expect(two.chain.header(height).hash).not.toBe(one.chain.header(height).hash)
  })

  test('a block far behind is made again as it was', () => {
    const { chain, block } = createAsk({ ...OPTIONS, signers: 'enough' }, 0, 20_000)
    const heights = [3, 1_023, 1_024, 1_025, 5_000, 9_999]
    const before = heights.map(block)
    chain.header(20_000)
    expect(heights.map(block)).toEqual(before)
    expect(chain.header(10_000).parentHash).toBe(chain.header(9_999).hash)
  })
})

test.each<[string, GeneratedChainOptions]>([
  ['1.x', { generation: 1 }],
  ['2.x', { generation: 2 }],
  ['an upgrade at an odd place', { generation: { upgradeAt: 47 } }],
  ['an upgrade just after an era', { generation: { upgradeAt: 41 } }],
  ['an upgrade at once', { generation: { upgradeAt: 2 } }],
  [
    'restarts',
    { generation: { upgradeAt: 9 }, validatorChanges: [{ at: 5 }, { at: 11 }, { at: 60, validators: 2 }] },
  ],
])('%s: every block hashes to what it claims by two other computations, on its parent', (_, options) => {
  const { block, chain } = createAsk({ transfersPerBlock: (height) => height % 4, ...options })
  let parentHash = '0'.repeat(64)
  let [eraId, wasSwitch, time] = [-1, true, 0]
  for (let height = 0; height <= 130; height++) {
    const text = block(height)
    const parsed = parseBlock(new Field(parseJson(text), 'block'))
    if (parsed === null) throw new Error('no block')
    verifyBlock(parsed, height)
    const facts = toBlockFacts(Buffer.from(text))
    expect(facts && rewriteBlock(facts, {}).hash).toBe(parsed.hash)
    expect(parsed.parentHash).toBe(parentHash)
    expect(parsed.eraId).toBe(wasSwitch ? eraId + 1 : eraId)
    expect(parsed.time).toBeGreaterThanOrEqual(time)
    if (parsed.proposer === '00') {
      expect(parsed.time).toBe(height === 0 ? chain.rules.startTime : time)
      expect([parsed.eraEnd !== null, parsed.transactions.length]).toEqual([true, 0])
    }
    parentHash = parsed.hash
    eraId = parsed.eraId
    wasSwitch = parsed.eraEnd !== null
    time = parsed.time
  }
})

test('every transaction hashes to what its block says by two computations, and is found by it', () => {
  const { chain, tail, ask } = createAsk({ ...OPTIONS, transfersPerBlock: 3 })
  for (const height of [1, 2, 49, 51, 52, 140]) {
    for (const [ordinal, hash] of chain.header(height).transactions.entries()) {
      expect(tail.findTransaction(hash, TIP)).toEqual({ height, ordinal })
      const format = height < 50 ? 'deploy' : 'transaction'
      const kind = height < 50 ? 'Deploy' : 'Version1'
      const answer = parseJson(ask('info_get_transaction', { transaction_hash: { [kind]: hash } }))
      verifyTransaction(new Field(answer, 'answer'), { hash, format, lane: null }, height)
    }
  }
  expect(tail.findTransaction('f'.repeat(64), TIP)).toBeNull()
})

describe('forks', () => {
  const options = {
    ...OPTIONS,
    forks: [
      { from: 44, seed: 1 },
      { from: 44, seed: 2 },
      { from: 90, seed: 1 },
    ],
  }

  test.each([1, 2, 3])('fork %i shares the blocks before it and has valid others from there on', (branch) => {
    const [main, fork] = [createAsk(options), createAsk(options, branch)]
    const { from } = fork.tail
    for (let height = from - 20; height < from; height++) expect(fork.block(height)).toBe(main.block(height))
    let parentHash = main.chain.header(from - 1).hash
    for (let height = from; height < from + 60; height++) {
      const parsed = parseBlock(new Field(parseJson(fork.block(height)), 'block'))
      if (parsed === null) throw new Error('no block')
      verifyBlock(parsed, height)
      expect(parsed.parentHash).toBe(parentHash)
      expect(parsed.hash).not.toBe(main.chain.header(height).hash)
      parentHash = parsed.hash
    }
  })

  test('transactions of one tail are unknown on another, those before the fork are known on both', () => {
    const [main, fork] = [createAsk(options), createAsk(options, 1)]
    const knows = ({ tail }: typeof main, hash = '') => tail.findTransaction(hash, TIP) !== null
    const [own, others] = [main.chain.header(60), fork.tail.header(60)].map(
      ({ transactions }) => transactions[0],
    )
    expect([knows(main, own), knows(main, others)]).toEqual([true, false])
    expect([knows(fork, own), knows(fork, others)]).toEqual([false, true])
    const shared = main.chain.header(43).transactions[1]
    expect([knows(main, shared), knows(fork, shared)]).toEqual([true, true])
    expect(main.tail.findTransaction(shared ?? '', 43)).toEqual({ height: 43, ordinal: 1 })
    expect(main.tail.findTransaction(shared ?? '', 42)).toBeNull()
  })

  test('two forks at one height differ from each other', () => {
    const { chain } = createAsk(options)
    expect(chain.tail(1).header(44).hash).not.toBe(chain.tail(2).header(44).hash)
    expect(() => chain.tail(4)).toThrow('there is no fork 4')
  })
})

test.each<[GeneratedChainOptions, string]>([
  [{ validators: 0 }, 'validators is 0'],
  [{ blocksPerEra: 1.5 }, 'blocksPerEra is 1.5'],
  [{ transfersPerBlock: -1 }, 'transfersPerBlock is -1'],
  [{ generation: { upgradeAt: 1 } }, 'is 1, not an integer from 2'],
  [{ generation: { upgradeAt: 50 }, validatorChanges: [{ at: 51 }] }, 'beside another'],
  [{ validatorChanges: [{ at: 51 }, { at: 20 }] }, 'ascending order'],
])('%j is refused', (options, words) => {
  expect(() => createGeneratedChain(options)).toThrow(words)
})

test('an era pays thousands of delegators, each its share', () => {
  const chain = createGeneratedChain({ validators: 20, delegatorsPerValidator: 150, blocksPerEra: 10 })
  const header = chain.header(20)
  const allocations = [...chain.allocations(header)]
  const pairs = new Set(allocations.map(({ validator, delegator }) => `${validator} ${delegator}`))
  // Own shares of 20 validators and 3,000 delegations, each in two parts.
  expect([pairs.size, allocations.length]).toEqual([3_020, 6_040])
  const sum = allocations.reduce((total, { amount }) => total + amount, 0n)
  expect(header.supply - header.supplyBefore).toBe(sum)
  expect(allocations.every(({ amount }) => amount > 0n)).toBe(true)
})
