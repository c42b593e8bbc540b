import { describe, expect, test } from 'vitest'
import { createGeneratedChain } from '../../crawler/devnet/generated/chain.ts'
import type { GeneratedChainOptions } from '../../crawler/devnet/generated/options.ts'
import { migrate } from '../../src/store/migrate.ts'
import { startCrawl } from '../support/chain.ts'
import { useGeneratedNode } from '../support/generated.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, dump, readRows } from '../support/stored.ts'

async function useStore() {
  const database = await useMariaDb()
  await migrate(database.writerUrl)
  const sql = await connectTo(database.readerUrl)
  const read = async <T>(query: string) => (await readRows<T>(sql, query))[0]
  const height = async () => (await read<{ height: number }>('SELECT height FROM checkpoint'))?.height ?? -1
  return { ...database, sql, height }
}

const OPTIONS: GeneratedChainOptions = {
  network: 'casper-forked',
  seed: 3,
  validators: 5,
  delegatorsPerValidator: 3,
  blocksPerEra: 10,
  transfersPerBlock: (height) => height % 4,
}

describe.each([1, 2] as const)('a chain of generation %i', (generation) => {
  test.each([
    ['two blocks at the tip', 45, 43],
    ['a switch block and what came after', 51, 48],
    ['more than an era', 58, 37],
  ])(
    '%s are given up for another tail that is signed',
    async (_name, tip, from) => {
      const chain = createGeneratedChain({ ...OPTIONS, generation, forks: [{ from, seed: 9 }] })
      const node = await useGeneratedNode({ chain, tip })
      const store = await useStore()
      const run = startCrawl(node.rpcUrl, store.writerUrl)
      await expect.poll(store.height, { timeout: 30_000 }).toBe(tip)
      run.announced.length = 0

      node.switchFork(1)
      node.setTip(tip + 3)
      await expect.poll(store.height, { timeout: 60_000 }).toBe(tip + 3)
      await run.stop()
      const incident = run.lines.find(({ event }) => event === 'rolled back')
      expect(incident).toMatchObject({ level: 'error', fork: from - 1, depth: tip - from + 1, from: tip })
      expect(run.announced.flat()).toEqual(expect.arrayContaining(['block', 'era']))
      expect((await readRows<{ kind: string }>(store.sql, 'SELECT kind FROM incidents')).length).toBe(1)

      // What edges tell the two tails apart by.
      expect(await readRows(store.sql, 'SELECT id, height FROM cuts')).toEqual([
        { id: 1, height: incident?.to },
      ])

      const calm = await useStore()
      await startCrawl(node.rpcUrl, calm.writerUrl, { stopAt: tip + 3 }).done
      expect(await dump(store.sql)).toBe(await dump(calm.sql))
      await store.sql.end()
      await calm.sql.end()
    },
    120_000,
  )

  test.each(['none', 'forged', 0.6] as const)(
    'a tail signed by %s is not followed, though the only node tells it',
    async (signers) => {
      const chain = createGeneratedChain({
        ...OPTIONS,
        generation,
        forks: [{ from: 43, seed: 9 }],
        signers: (height) => (height >= 46 ? signers : 'all'),
      })
      const node = await useGeneratedNode({ chain, tip: 45 })
      const store = await useStore()
      const run = startCrawl(node.rpcUrl, store.writerUrl)
      await expect.poll(store.height, { timeout: 30_000 }).toBe(45)
      const before = await dump(store.sql)
      node.switchFork(1)
      node.setTip(48)
      await expect
        .poll(() => run.lines.filter(({ event }) => event === 'another chain not followed').length, {
          timeout: 30_000,
        })
        .toBeGreaterThan(1)
      await run.stop()
      expect(await dump(store.sql)).toBe(before)
      await store.sql.end()
    },
    60_000,
  )

  test('a node with another tail is accused while one has ours', async () => {
    const chain = createGeneratedChain({ ...OPTIONS, generation, forks: [{ from: 43, seed: 9 }] })
    const honest = await useGeneratedNode({ chain, tip: 45 })
    const forked = await useGeneratedNode({ chain, tip: 60, fork: 1 })
    const store = await useStore()
    const first = startCrawl(honest.rpcUrl, store.writerUrl, { stopAt: 45 })
    await first.done
    honest.setTip(60)
    // So that the other is asked more often.
    honest.setDelay(20)
    const run = startCrawl(
      [forked.rpcUrl, honest.rpcUrl],
      store.writerUrl,
      { stopAt: 60 },
      { quarantineMs: 60_000 },
    )
    await run.done
    expect(run.lines.map(({ event }) => event)).toContain('node quarantined')
    expect(run.lines.map(({ event }) => event)).not.toContain('rolled back')
    const hash = (await readRows<{ hash: Buffer }>(store.sql, 'SELECT hash FROM blocks WHERE height = 60'))[0]
      ?.hash
    expect(hash?.toString('hex')).toBe(chain.header(60).hash)
    await store.sql.end()
  }, 60_000)
})
