import { beforeAll, describe, expect, test } from 'vitest'
import { startCrawl, useNode } from '../support/chain.ts'
import { dumpCalm, useStore } from '../support/store.ts'
import { connectTo, readRows } from '../support/stored.ts'

const LAST = 400
describe('a crawl that is disturbed', async () => {
  const node = await useNode('casper-upgrade', { start: LAST })
  let expected = ''

  beforeAll(async () => {
    expected = await dumpCalm(node.rpcUrl, LAST)
  })

  test('in other pieces leaves the very tables of a calm one', async () => {
    const store = await useStore()
    for (const stopAt of [0, 1, 8, 9, 100, 248, 249, 250, LAST]) {
      await startCrawl(node.rpcUrl, store.writerUrl, { stopAt, maxBlocks: 1 + (stopAt % 13) }).done
    }
    expect(await store.dump()).toBe(expected)
    await store.close()
  })

  test('by connections to the store that are cut leaves the very tables of a calm one', async () => {
    const store = await useStore()
    const admin = await connectTo(store.adminUrl)
    const run = startCrawl(node.rpcUrl, store.writerUrl, { stopAt: LAST, maxBlocks: 3 })
    let isDone = false
    const done = run.done.finally(() => (isDone = true))
    let cut = 0
    while (!isDone) {
      const rows = await readRows<{ id: number }>(
        admin,
        'SELECT id FROM information_schema.processlist WHERE user = ? AND command <> "Killed"',
        [new URL(store.writerUrl).username],
      )
      for (const { id } of rows) {
        await admin.query(`KILL ${Number(id)}`).then(
          () => cut++,
          () => {},
        )
      }
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
    await done
    expect(cut).toBeGreaterThan(0)
    expect(await store.dump()).toBe(expected)
    await Promise.all([store.close(), admin.end()])
  })
})
