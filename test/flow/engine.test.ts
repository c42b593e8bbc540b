import { expect, inject, test } from 'vitest'
import { startCrawl, useNode } from '../support/chain.ts'
import { useMariaDb, useRunMariaDb } from '../support/mariadb.ts'
import { toDifference, useStore } from '../support/store.ts'

/* Holds both generations of the chain, the upgrade between them, rewards, bids and transfers. */
const CHAIN = 'casper-upgrade'
const LAST = 970

const { engineUrl } = inject('mariadb')

test.skipIf(engineUrl === undefined)(
  'the engine of STORE_URL holds the recorded chain, row for row, as MariaDB does',
  async () => {
    const node = await useNode(CHAIN)
    const dumps: string[] = []
    for (const database of [await useMariaDb(), await useRunMariaDb()]) {
      const store = await useStore(database)
      await startCrawl(node.rpcUrl, store.writerUrl, { stopAt: LAST }).done
      expect(await store.height()).toBe(LAST)
      dumps.push(await store.dump())
      await store.close()
    }
    expect(toDifference(dumps[0] ?? '', dumps[1] ?? '')).toEqual([])
  },
)
