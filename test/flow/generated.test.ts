import { beforeAll, describe, expect, test } from 'vitest'
import { createGeneratedChain } from '../../crawler/devnet/generated/chain.ts'
import type { GeneratedChainOptions } from '../../crawler/devnet/generated/options.ts'
import { migrate } from '../../src/store/migrate.ts'
import { connectMysql } from '../../src/store/mysql.ts'
import { createStoreReader } from '../../src/store/reader.ts'
import { startCrawl } from '../support/chain.ts'
import { useGeneratedNode } from '../support/generated.ts'
import { useMariaDb } from '../support/mariadb.ts'
import * as stored from '../support/stored.ts'

/*
 * Chains made by the generator are crawled whole: the crawler must find nothing to refuse or to warn of, and what it
 * stored must be what the generator says. So a test may trust a generated chain as it trusts a recorded one.
 */

const LAST = 330
const CHAINS: readonly (GeneratedChainOptions & { name: string; shape?: 'sidecar' })[] = [
  { name: '1.x', generation: 1 },
  { name: '1.x behind a sidecar', generation: 1, shape: 'sidecar', effects: 'short' },
  { name: '2.x', generation: 2 },
  { name: 'an upgrade', generation: { upgradeAt: 170 } },
]

describe.each(CHAINS)('$name', async ({ name, shape, ...options }) => {
  const chain = createGeneratedChain({
    network: 'casper-made-up',
    seed: 7,
    transfersPerBlock: (height) => height % 5,
    validators: 6,
    delegatorsPerValidator: 11,
    ...options,
  })
  const database = await useMariaDb()
  const node = await useGeneratedNode({ chain, tip: LAST, ...(shape && { shape }) })
  const sql = await stored.connectTo(database.readerUrl)
  const { db } = connectMysql(database.readerUrl)
  const reader = createStoreReader(db)
  const headers = Array.from({ length: LAST + 1 }, (_, height) => chain.header(height))
  const switches = headers.filter(({ place }) => place.isSwitch)

  beforeAll(async () => {
    await migrate(database.writerUrl)
    const run = startCrawl(node.rpcUrl, database.writerUrl, { stopAt: LAST })
    await run.done
    // That nobody vouches for a made-up chain is so.
    const told = run.lines.filter(
      ({ level, event }) => level !== 'info' && event !== 'chain believed on first use',
    )
    expect(told).toEqual([])
  }, 120_000)

  test('every block is stored with its hash, era, time, supply and transactions', async () => {
    const blocks = await reader.readBlocks(0, LAST)
    expect(
      blocks.map(({ hash, eraId, time, totalSupply, counts, protocolVersion }) => ({
        hash,
        eraId,
        time,
        totalSupply,
        transfers: counts.transfers,
        protocolVersion,
      })),
    ).toEqual(
      headers.map(({ hash, place, supply, transactions }) => ({
        hash,
        eraId: place.eraId,
        time: place.time,
        totalSupply: supply,
        transfers: transactions.length,
        protocolVersion: place.protocolVersion,
      })),
    )
  })

  test('every transfer is stored, to the mote', async () => {
    const expected = headers.flatMap((header) =>
      chain.transfers(header).map(({ from, to, amount, id }, i) => ({
        hash: header.transactions[i],
        height: header.place.height,
        from: from.hash,
        to: to.hash,
        source: from.purse,
        target: to.purse,
        amount: `${amount}`,
        id: id === null ? null : `${id}`,
        auction: 0,
      })),
    )
    expect(expected.length).toBeGreaterThan(500)
    expect(await stored.readTransfers(sql)).toEqual(expected)
  })

  test('every reward is stored, and they make up what the supply grew by', async () => {
    let paid = 0
    for (const header of switches) {
      const sums = new Map<string, bigint>()
      for (const { validator, delegator, amount } of chain.allocations(header)) {
        const pair = `${validator} ${delegator ?? '-'}`
        sums.set(pair, (sums.get(pair) ?? 0n) + amount)
      }
      const lines = [...sums].filter(([, amount]) => amount > 0n).map(([pair, amount]) => `${pair} ${amount}`)
      expect(await stored.readRewards(sql, header.place.eraId)).toEqual(lines.sort())
      const minted = [...sums.values()].reduce((sum, amount) => sum + amount, 0n)
      const burned = header.place.generation === 2 ? 100_000_000n * BigInt(header.transactions.length) : 0n
      expect(header.supply - header.supplyBefore).toBe(minted - burned)
      if (lines.length > 0) paid++
    }
    expect(paid).toBeGreaterThan(14)
  })

  test('every era is closed with its supply and the weights of the next', async () => {
    const rows = await stored.readRows<{ id: number; supply: string; next: string }>(
      sql,
      'SELECT id, total_supply AS supply, next_validators_weight AS next FROM eras WHERE end_height IS NOT NULL ORDER BY id',
    )
    expect(rows.map((row) => ({ ...row }))).toEqual(
      switches.map(({ place, supply, eraEnd }) => ({
        id: place.eraId,
        supply: `${supply}`,
        next: `${eraEnd?.nextWeights.reduce((sum, weight) => sum + weight, 0n)}`,
      })),
    )
  })
})
