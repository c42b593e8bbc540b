import { expect, test } from 'vitest'
import { parseAuction } from '../../../crawler/decode/auction.ts'
import { parseChainspec } from '../../../crawler/decode/chainspec.ts'
import { parseEraSummary } from '../../../crawler/decode/era-summary.ts'
import { DecodeFault, Field } from '../../../crawler/decode/field.ts'
import { type ChainTransaction, parseTransaction } from '../../../crawler/decode/transaction.ts'
import { type CasperNode, CasperNode as Node } from '../../../crawler/node/node.ts'
import type { Purse } from '../../../src/domain/keys.ts'
import { at, fuzz, mutate, mutateBytes, pick } from '../../support/fuzz.ts'
import { findUnjustified } from './justified.ts'
import { readAnswers } from './recorded.ts'

interface Kind {
  readonly name: string
  readonly rounds: number
  readonly answers: readonly { readonly value: unknown; readonly decode: (value: unknown) => unknown }[]
  /** Members that may be absent. */
  readonly optional?: readonly string[]
  readonly isSorted?: boolean
  /** Places at which an unknown word means something that is none of ours. */
  readonly letGo?: RegExp
}

type Any = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const transactions = [
  ...readAnswers('casper-upgrade', ['info_get_transaction'], 120),
  ...readAnswers('casper-1x', ['info_get_deploy'], 60),
].map(({ value }) => ({ value, decode: toTransactionDecoder(value) }))

function toTransactionDecoder(value: unknown) {
  const { transaction, deploy, execution_info, execution_results } = value as Any
  const [form, body] = transaction ? (Object.entries(transaction)[0] as [string, Any]) : ['Deploy', deploy]
  const hash = body?.hash as unknown as string
  const blockHash = (execution_info?.block_hash ?? at(execution_results, ['0', 'block_hash'])) as string
  const ref = { hash, format: form === 'Deploy' ? 'deploy' : 'transaction', lane: null } as const
  return (given: unknown) => toPlain(parseTransaction(new Field(given, 'answer'), ref, blockHash))
}

/** With every argument that is read of any. A sender may leave them out: what is lost there is no news. */
function toPlain({ session: { args, ...session }, execution, ...rest }: ChainTransaction) {
  const { effects, ...ended } = execution
  const keys = [
    'validator',
    'new_validator',
    'public_key',
    'validator_public_key',
    'new_public_key',
    'delegator',
  ]
  return {
    ...rest,
    session: {
      ...session,
      amount: args.motes('amount'),
      rate: args.byte('delegation_rate'),
      purse: args.purse('delegator_purse'),
      target: session.target === 'transfer' ? args.party('target') : null,
      keys: Object.fromEntries(keys.map((name) => [name, args.key(name)])),
    },
    execution: {
      ...ended,
      queues: effects.queues,
      wroteBid: effects.wroteBid,
      amounts: new Map([...effects.amounts].map(([purse, amount]) => [purse, amount ?? refuse(purse)])),
    },
  }
}

/** As the projection does with what is no total supply. */
function refuse(purse: string): never {
  throw new DecodeFault(`amounts of ${purse}`, 'the bytes of a U512', null)
}

const auctions = [
  ...readAnswers('casper-upgrade', ['state_get_auction_info_v2', 'state_get_auction_info'], 20),
  ...readAnswers('casper-1x', ['state_get_auction_info'], 20),
].map(({ value }) => {
  const { block_height: height, state_root_hash: stateRootHash } = (value as Any).auction_state as {
    block_height: number
    state_root_hash: string
  }
  const asked = { height, eraId: 5, stateRootHash, generation: 1 } as const
  // What is added up of others is no leaf of the answer.
  const decode = (given: unknown) => {
    const { bids, ...rest } = parseAuction(new Field(given, 'answer'), asked)
    const own = bids.map(({ delegatorsStake: _, delegatorsCount: __, reservations: ___, ...bid }) => bid)
    return { ...rest, bids: own }
  }
  return { value, decode }
})

/** Asks a node that has one answer to everything. */
const ask =
  <T>(read: (node: CasperNode) => Promise<T>) =>
  (value: unknown) =>
    read(new Node({ url: 'http://answer', call: async () => value, close: () => {} }))

const state = readAnswers('casper-upgrade', ['query_global_state'], 200)
const stored = (has: (stored: Any) => boolean) =>
  state.filter(({ value }) => has((value as Any).stored_value as Any)).slice(0, 10)

const kinds: Kind[] = [
  {
    name: 'transactions',
    rounds: 5_000,
    answers: transactions,
    // Values that are stored are of many kinds, most of which are not read. Which arguments there are is the sender's.
    letGo: /\.(effects|transforms)$|\.Write(\.\w+)?$|\.key$|\.cl_type|\.args(\.Named)?(\.\d+(\.0)?)?$/,
  },
  {
    name: 'era summaries',
    rounds: 2_000,
    answers: readAnswers('casper-upgrade', ['chain_get_era_summary'], 20).map(({ value }) => ({
      value,
      decode: (given) => parseEraSummary(new Field(given, 'answer')),
    })),
  },
  { name: 'auctions', rounds: 2_000, answers: auctions, optional: ['vesting_schedule'], isSorted: true },
  {
    name: 'statuses',
    rounds: 1_000,
    answers: [
      ...readAnswers('casper-upgrade', ['info_get_status'], 2),
      ...readAnswers('casper-1x', ['info_get_status'], 5),
    ].map(({ value }) => ({ value, decode: ask((node) => node.readStatus()) })),
  },
  {
    name: 'total supplies',
    rounds: 1_000,
    answers: stored(({ CLValue }) => CLValue?.cl_type === 'U512').map(({ value }) => ({
      value,
      decode: ask((node) => node.readTotalSupply('' as Purse, 1)),
    })),
  },
]

test.each(kinds)(
  '$name changed anywhere are refused with the place, or say what stands there',
  async (kind) => {
    const optional = new Set(kind.optional)
    const all = await Promise.all(
      kind.answers.map(async ({ value, decode }) => ({ value, decode, plain: await decode(value) })),
    )
    let refused = 0
    let decoded = 0
    await fuzz(kind.rounds, async (random) => {
      const { value, decode, plain } = pick(all, random)
      const mutation = mutate(value, random)
      let after: unknown
      try {
        after = await decode(mutation.value)
      } catch (error) {
        if (!(error instanceof DecodeFault)) throw error
        expect(error.message).toMatch(/^\w.*: expected .+, got /s)
        expect(error.message.length).toBeLessThan(500)
        refused++
        return
      }
      decoded++
      const place = mutation.where.join('.')
      // With an error there are no transfers.
      const isLetGo = kind.letGo?.test(place) || (mutation.how === 'new' && place.endsWith('.error_message'))
      const wrong = isLetGo ? null : findUnjustified(plain, after, mutation, optional, kind.isSorted ?? false)
      if (wrong !== null) throw new Error(`${place} (${mutation.how}): ${wrong}`)
    })
    expect(refused).toBeGreaterThan(0)
    expect(decoded).toBeGreaterThan(0)
  },
)

test('a chainspec changed anywhere says its number, none where it has no such line, or is refused', async () => {
  const [answer] = readAnswers('casper-upgrade', ['info_get_chainspec'], 1)
  const file = Buffer.from(at(answer?.value, ['chainspec_bytes', 'chainspec_bytes']) as string, 'hex')
  const line = file.indexOf('unbonding_delay')
  await fuzz(2_000, (random) => {
    // Near the line that is read: elsewhere nothing is.
    const from = line - 20 + random(40)
    const mutated = Buffer.concat([
      file.subarray(0, from),
      mutateBytes(file.subarray(from, from + 40), random),
    ])
    const given = { chainspec_bytes: { chainspec_bytes: mutated.toString('hex') } }
    let told: number | null
    try {
      told = parseChainspec(new Field(given, 'answer')).unbondingDelay
    } catch (error) {
      if (!(error instanceof DecodeFault)) throw error
      return
    }
    const lines = mutated.toString().split(/[\r\n\u2028\u2029]/)
    const own = lines.filter((text) => /^\s*unbonding_delay\b/.test(text))
    expect(told === null ? own : own.map((text) => /=\s*0*(\d+)/.exec(text)?.[1])).toEqual(
      told === null ? [] : [`${told}`],
    )
  })
})
