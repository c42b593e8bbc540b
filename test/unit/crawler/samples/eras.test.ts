import { describe, expect, test } from 'vitest'
import { parseAuction } from '../../../../crawler/decode/auction.ts'
import { parseBlock } from '../../../../crawler/decode/block.ts'
import { parseChainspec } from '../../../../crawler/decode/chainspec.ts'
import { parseEraSummary } from '../../../../crawler/decode/era-summary.ts'
import { Field } from '../../../../crawler/decode/field.ts'
import { CasperNode } from '../../../../crawler/node/node.ts'
import { EMPTY_STATE, project } from '../../../../crawler/project/project.ts'
import { sumMotes } from '../../../../src/domain/motes.ts'
import { hasSamples, readAnswer, readIndex, readSample } from '../../../support/samples.ts'

const ofKind = (...kinds: string[]) => readIndex().filter(({ kind }) => kinds.includes(kind))
const summaries = ofKind('chain_get_era_summary', 'chain_get_era_info_by_switch_block')

/** Of a development version: `Delegator` with the members of the later `DelegatorKind`. */
const NOT_DECODED = 'dev-net/2.x/chain_get_era_summary/era-15383-bare-delegator-kind-purse.json'

/** Era, allocations, those of validators among them, sum in motes, zeros: as the index counts them, or the file itself. */
const SUMS: Readonly<Record<string, readonly [number, number, number, bigint, number]>> = {
  'era-1835-full.json': [1835, 2530, 100, 179_303_822_852_867n, 45],
  'era-4.json': [4, 89, 89, 4_148_382_268_513n, 0],
  'era-6930-full.json': [6930, 8825, 100, 5_684_128_502_687n, 1],
  'era-7723-full.json': [7723, 7813, 100, 5_684_371_219_467n, 0],
  'era-14926-bare-delegator-kind-purse.json': [14926, 30, 8, 369_501_542_951_309n, 0],
  'era-15383.json': [15383, 8, 8, 372_604_363_868_384n, 0],
  'era-5.json': [5, 10, 5, 540_126_539_676_525_974_698_913_906n, 0],
  'era-1.json': [1, 10, 5, 540_126_470_215_426_252_073_455_136n, 0],
}

/** Some files are the summary alone. */
function readSummary(file: string) {
  const answer = readAnswer(file)
  return parseEraSummary(new Field(answer.era_summary ? answer : { era_summary: answer }, 'answer'))
}

describe.skipIf(!hasSamples)('real ends of eras', () => {
  test('are as many as the index has', () => {
    expect(summaries.map(({ file }) => file).filter((file) => file !== NOT_DECODED)).toHaveLength(
      Object.keys(SUMS).length,
    )
  })

  test.each(summaries)('$file', ({ file }) => {
    if (file === NOT_DECODED)
      return expect(() => readSummary(file)).toThrow('Delegator: expected a member delegator_public_key')
    const { eraId, allocations } = readSummary(file)
    expect([
      eraId,
      allocations.length,
      allocations.filter(({ delegator }) => delegator === null).length,
      sumMotes(allocations.map(({ amount }) => amount)),
      allocations.filter(({ amount }) => amount === 0n).length,
    ]).toEqual(SUMS[file.split('/').at(-1) as string])
  })

  test.each([
    ['testnet/1.x/chain_get_block/block-505-era4-switch.json', 'era-4.json'],
    ['testnet/1.x/chain_get_block/block-1412462-era7723-switch-full.json', 'era-7723-full.json'],
    ['testnet/1.x/sse/kafka-BlockAdded-1239489-era6930-switch.json', 'era-6930-full.json'],
  ])('%s stores what its summary pays', (file, name) => {
    const answer = readAnswer(file)
    const value = answer.BlockAdded ?? answer
    const block = parseBlock(new Field(value, 'answer'))
    if (block === null) throw new Error('no block')
    const summary = readSummary(summaries.find((one) => one.file.endsWith(name))?.file as string)
    const height = { block: { ...block, transactions: [] }, transactions: [], summary, totalSupply: null }
    const { rows } = project(EMPTY_STATE, height, 'casper-test', { auction: null, totalSupply: null })
    const paid = sumMotes(rows.rewards.map(({ amount }) => amount))
    const own = sumMotes(rows.eraValidators.map(({ reward }) => reward))
    const [, , validators, sum] = SUMS[name] as (typeof SUMS)[string]
    expect(paid + own).toBe(sum)
    expect(rows.era).toMatchObject({
      id: block.eraId,
      endHeight: block.height,
      minted: sum,
      delegatorsRewards: paid,
      validatorsRewards: own,
      rewardedValidators: validators,
    })
  })
})

test.skipIf(!hasSamples).each([
  ['testnet/1.x/state_get_auction_info/auction-h1412462-era7723-full.json', 1617, 12_349, 80_751_069n],
  ['testnet/1.x/state_get_auction_info/auction-h20612.json', 779, 117, null],
])('%s has %i bids and %i delegations', (file, bids, delegations, stakedCspr) => {
  const answer = readAnswer(file)
  const { block_height, state_root_hash } = answer.auction_state as {
    block_height: number
    state_root_hash: string
  }
  const asked = { height: block_height, stateRootHash: state_root_hash, eraId: 0, generation: 1 } as const
  const state = parseAuction(new Field(answer, 'answer'), asked)
  expect([state.bids.length, state.delegations.length]).toEqual([bids, delegations])
  if (stakedCspr === null) return
  const staked = state.bids.map(({ selfStake, delegatorsStake }) => selfStake + (delegatorsStake ?? 0n))
  expect(sumMotes(staked) / 1_000_000_000n).toBe(stakedCspr)
})

test.skipIf(!hasSamples).each(ofKind('info_get_status'))(
  '$file tells its network and tip',
  async ({ file }) => {
    const answer = readAnswer(file)
    const status = await new CasperNode({
      url: 'http://node',
      call: async () => answer,
      close: () => {},
    }).readStatus()
    const last = answer.last_added_block_info as Record<string, string>
    expect(status).toMatchObject({ network: answer.chainspec_name, height: last.height })
    expect(new Date(status.time).toISOString()).toBe(last.timestamp)
  },
)

/** From 2.2 on a quarter of an era's new motes goes to the sustain purse. */
const toHandling = (file: string) =>
  file.includes('/chainspec/2.2') ? { numerator: 2n, denominator: 8n } : { numerator: 0n, denominator: 1n }

test.skipIf(!hasSamples).each(ofKind('chainspec.toml'))('$file: stake waits seven eras', ({ file }) => {
  const hex = Buffer.from(readSample(file)).toString('hex')
  const chainspec = parseChainspec(new Field({ chainspec_bytes: { chainspec_bytes: hex } }, 'answer'))
  expect(chainspec).toMatchObject({ unbondingDelay: 7, rewardsHandling: toHandling(file) })
})

test.skipIf(!hasSamples).each(ofKind('chainspec-bytes.json'))('$file', ({ file }) => {
  expect(parseChainspec(new Field(readAnswer(file), 'answer'))).toMatchObject({
    unbondingDelay: 7,
    rewardsHandling: toHandling(file),
  })
})

/** Folders of what the crawler never asks for, and of descriptions; transfers are compared with the results' own. */
const NOT_READ = [
  ...[
    'accounts.toml',
    'global_state.toml',
    'geodata-validators-2022.json',
    'json-schema',
    'rpc.discover',
    'storage',
  ],
  ...['chain_get_state_root_hash', 'info_get_peers', 'info_get_validator_changes', 'info_get_reward'],
  ...['query_balance_details', 'query_global_state', 'speculative_exec', 'state_get_account_info'],
  ...['state_get_balance', 'state_get_dictionary_item', 'state_get_entity', 'state_get_item', 'third_party'],
]
const READ = [
  ...[
    'chain_get_block',
    'chain_get_block_transfers',
    'chain_get_era_info_by_switch_block',
    'chain_get_era_summary',
  ],
  ...['chainspec-bytes.json', 'chainspec.toml', 'info_get_deploy', 'info_get_status', 'info_get_transaction'],
  ...['sidecar_rest', 'sse', 'state_get_auction_info'],
]

test.skipIf(!hasSamples)('no file of the index is left out', () => {
  const index = readIndex()
  expect([...new Set(index.map(({ kind }) => kind))].sort()).toEqual([...READ, ...NOT_READ].sort())
  expect(index).toHaveLength(370)
  expect(index.filter(({ kind }) => READ.includes(kind))).toHaveLength(299)
})
