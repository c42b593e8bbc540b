import { beforeAll, describe, expect, test } from 'vitest'
import { parseJson } from '../../crawler/node/json.ts'
import { toTotal } from '../../src/domain/block.ts'
import { STAKE_KINDS } from '../../src/domain/transaction.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectMysql } from '../../src/store/mysql.ts'
import { createStoreReader } from '../../src/store/reader.ts'
import type { ChainName } from '../fixtures/recordings/recordings.ts'
import { loadTruth, startCrawl, useNode } from '../support/chain.ts'
import { useMariaDb } from '../support/mariadb.ts'
import * as stored from '../support/stored.ts'

/*
 * The recorded chains are crawled whole, as a newcomer's crawler would, and everything stored is compared with what the
 * makers of the networks sent and with the nodes' own answers, to the mote.
 */

const CHAINS: readonly { name: ChainName; shape?: 'node-1x'; last: number }[] = [
  { name: 'casper-upgrade', last: 970 },
  { name: 'casper-upgrade', shape: 'node-1x', last: 248 },
  { name: 'casper-1x', last: 1206 },
  { name: 'casper-2x', last: 705 },
]

/** What we look at of the node's answers, in either generation's shape. */
interface Answer {
  readonly block?: ChainBlock
  readonly block_with_signatures?: { readonly block: Readonly<Record<string, ChainBlock>> }
  readonly transfers?: readonly Readonly<Record<string, unknown>>[]
  readonly era_summary?: {
    readonly stored_value: {
      readonly EraInfo: { readonly seigniorage_allocations: readonly Record<string, Allocation>[] }
    }
  }
}

interface ChainBlock {
  readonly hash: string
  readonly header: Readonly<Record<string, unknown>> & {
    readonly parent_hash: string
    readonly timestamp: string
  }
  readonly body: {
    readonly proposer?: string
    readonly deploy_hashes?: readonly string[]
    readonly transfer_hashes?: readonly string[]
    readonly transactions?: Readonly<Record<string, readonly unknown[]>>
  }
}

interface Allocation {
  readonly validator_public_key: string
  readonly amount: string
  readonly delegator_public_key?: string
  readonly delegator_kind?: Readonly<Record<string, string>>
}

interface ChainTransfer {
  readonly from: string | Readonly<Record<string, string>>
  readonly to: string | null
  readonly source: string
  readonly target: string
  readonly amount: string
  readonly id: number | bigint | null
  readonly deploy_hash?: string
  readonly transaction_hash?: Readonly<Record<string, string>>
}

describe.each(CHAINS)('$name $shape', async ({ name, shape, last }) => {
  const truth = loadTruth(name)
  const operations = truth.operations.filter(({ height }) => height !== null && height <= last)
  const eras = truth.eras.filter(({ switch_height }) => switch_height <= last)
  const database = await useMariaDb()
  const node = await useNode(name, shape ? { shape } : {})
  const sql = await stored.connectTo(database.readerUrl)
  const { db } = connectMysql(database.readerUrl)
  const reader = createStoreReader(db)

  /** The node's own answer, read without loss. */
  async function ask(method: string, params: unknown): Promise<Answer> {
    const response = await fetch(node.rpcUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
    })
    return (parseJson(await response.text()) as { result?: Answer }).result ?? {}
  }

  beforeAll(async () => {
    await migrate(database.writerUrl)
    const run = startCrawl(node.rpcUrl, database.writerUrl, { stopAt: last })
    await run.done
    // Nothing is known beforehand of a recorded network; anything else would be a figure that is missing.
    const unusual = run.lines.filter(({ level }) => level !== 'info')
    expect(unusual.map(({ event }) => event)).toEqual(['chain believed on first use'])
  }, 120_000)

  test('every block is there, each on its parent, as the node tells it', async () => {
    const blocks = await reader.readBlocks(0, last)
    expect(blocks.map(({ height }) => height)).toEqual(
      Array.from({ length: last + 1 }, (_, height) => height),
    )
    for (const [i, block] of blocks.entries()) {
      const answer = await ask('chain_get_block', { block_identifier: { Height: block.height } })
      const body = answer.block ?? Object.values(answer.block_with_signatures?.block ?? {})[0]
      if (body === undefined) throw new Error(`no block ${block.height}`)
      expect(block).toMatchObject({
        hash: body.hash,
        parentHash: i === 0 ? body.header.parent_hash : blocks[i - 1]?.hash,
        stateRootHash: body.header.state_root_hash,
        eraId: body.header.era_id,
        time: Date.parse(body.header.timestamp),
        protocolVersion: body.header.protocol_version,
        proposer: body.body.proposer ?? body.header.proposer,
        isSwitch: body.header.era_end !== null,
        generation: body.body.proposer === undefined ? 2 : 1,
      })
      const lanes = Object.values(body.body.transactions ?? {}).flat()
      const count =
        lanes.length + (body.body.deploy_hashes?.length ?? 0) + (body.body.transfer_hashes?.length ?? 0)
      expect(toTotal(block.counts), `transactions of block ${block.height}`).toBe(count)
    }
  })

  test('every operation that was sent is there with its outcome and cost, and no other', async () => {
    const rows = new Map((await stored.readTransactions(sql)).map((row) => [row.hash, row]))
    const text = (value: bigint | null) => (value === null ? null : `${value}`)
    for (const operation of operations) {
      const row = rows.get(operation.hash)
      expect(row, operation.hash).toMatchObject({
        height: operation.height,
        era: operation.eraId,
        success: operation.success ? 1 : 0,
        error: operation.error,
        cost: text(operation.cost),
        ...(operation.limit !== null && {
          gasLimit: text(operation.limit),
          consumed: text(operation.consumed),
          refund: text(operation.refund),
        }),
      })
    }
    expect(rows.size).toBe(operations.length)
  })

  test('every transfer is as chain_get_block_transfers lists it', async () => {
    const byHeight = Map.groupBy(await stored.readTransfers(sql), ({ height }) => height)
    for (let height = 0; height <= last; height++) {
      const answer = await ask('chain_get_block_transfers', { block_identifier: { Height: height } })
      const expected = (answer.transfers ?? []).map((item) => {
        const t = (item.Version1 ?? item.Version2 ?? item) as ChainTransfer
        const from = typeof t.from === 'string' ? t.from : Object.values(t.from)[0]
        const hash = t.deploy_hash ?? Object.values(t.transaction_hash ?? {})[0]
        const bare = (text?: string | null) => text?.replace(/^(account-hash|uref)-/, '').slice(0, 64) ?? null
        return [hash, bare(from), bare(t.to), bare(t.source), bare(t.target), t.amount, t.id].join(' ')
      })
      const own = (byHeight.get(height) ?? []).map((t) =>
        [t.hash, t.from, t.to, t.source, t.target, t.amount, t.id].join(' '),
      )
      expect(own.sort(), `transfers of block ${height}`).toEqual(expected.sort())
    }
  })

  test('a transfer that was sent moved its amount once, under its id; a failed one moved nothing', async () => {
    const byHash = Map.groupBy(await stored.readTransfers(sql), ({ hash }) => hash)
    for (const { kind, hash, success, amount, id } of operations.filter(({ kind }) =>
      kind.startsWith('transfer'),
    )) {
      const moved = (byHash.get(hash) ?? []).filter(({ auction }) => auction === 0)
      expect(
        moved.map((transfer) => [transfer.amount, transfer.id]),
        `${kind} ${hash}`,
      ).toEqual(success ? [[`${amount}`, id === null ? null : `${id}`]] : [])
    }
  })

  test('every stake movement is there with its parties, amount and outcome', async () => {
    const rows = new Map((await stored.readMovements(sql)).map((row) => [row.hash, row]))
    const kinds = new Set<string>(STAKE_KINDS)
    const sent = operations.filter(({ kind }) => kinds.has(kind.split(':')[0] ?? ''))
    for (const operation of sent) {
      const row = rows.get(operation.hash)
      expect(row, `${operation.kind} ${operation.hash}`).toMatchObject({
        success: operation.success ? 1 : 0,
        ...(operation.validator !== null && { validator: operation.validator }),
        ...(operation.newValidator !== null && { newValidator: operation.newValidator }),
        ...(operation.amount !== null && { amount: `${operation.amount}` }),
        ...(operation.delegationRate !== null &&
          row?.delegationRate !== null && { delegationRate: operation.delegationRate }),
      })
      // Failed ones moved nothing; "all" asked for more than there was; a withdrawal below the minimum takes all along.
      if (!operation.success) expect(row?.moved).toBe('0')
      else if (/^(delegate|add_bid|redelegate|undelegate)$/.test(operation.kind))
        expect(row?.moved).toBe(row?.amount)
    }
    expect(sent.length).toBeGreaterThan(50)
  })

  test('every era has the supply, rewards, fees and burns that the chain shows', async () => {
    const rows = new Map((await reader.readEras(0, last)).map((era) => [era.id, era]))
    for (const era of eras) {
      const sum = era.era_summary_allocations_sum ?? era.seigniorage_allocations_sum
      const row = rows.get(era.era_id)
      expect(row, `era ${era.era_id}`).toMatchObject({
        endHeight: era.switch_height,
        totalSupply: BigInt(era.total_supply),
        minted: BigInt(era.era_end_rewards_sum ?? sum ?? 0),
        supplyAdjustment: 0n,
        ...(era.blocks !== undefined && { blocksCount: era.blocks }),
        ...(era.native_burned !== undefined && { burned: BigInt(era.native_burned) }),
      })
      if (row?.feesBurned) expect(row.fees).toBe(BigInt(era.fees_burned ?? 0))
      expect((row?.validatorsRewards ?? 0n) + (row?.delegatorsRewards ?? 0n)).toBe(row?.minted)
    }
    expect(rows.size).toBeGreaterThanOrEqual(eras.length)
  })

  test('the total supply after each block is what the state says there', async () => {
    for (const [height, supply] of Object.entries(truth.total_supply_by_height ?? {})) {
      if (Number(height) > last) continue
      const [block] = await reader.readBlocks(Number(height), Number(height))
      expect(block?.totalSupply, `block ${height}`).toBe(BigInt(supply))
    }
  })

  test('every validator and delegator has the reward of the era summary, entries of a pair added up', async () => {
    for (const era of eras) {
      const answer = await ask('chain_get_era_summary', { block_identifier: { Height: era.switch_height } })
      // The genesis of a pure 2.x chain has none; an immediate switch block repeats the era before's and pays nothing.
      const summary = answer.era_summary?.stored_value.EraInfo.seigniorage_allocations ?? []
      const sums = new Map<string, bigint>()
      for (const item of era.era_end_rewards_sum === '0' ? [] : summary) {
        const body = Object.values(item)[0] as Allocation
        const delegator = body.delegator_public_key ?? Object.values(body.delegator_kind ?? {})[0] ?? '-'
        const pair = `${body.validator_public_key} ${delegator}`
        sums.set(pair, (sums.get(pair) ?? 0n) + BigInt(body.amount))
      }
      const expected = [...sums]
        .filter(([pair, amount]) => amount > 0n || !pair.endsWith(' -'))
        .map(([pair, amount]) => `${pair} ${amount}`)
        .sort()
      expect(await stored.readRewards(sql, era.era_id), `era ${era.era_id}`).toEqual(expected)
    }
  })
})
