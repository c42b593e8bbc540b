import { constants } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, inject, test } from 'vitest'
import { createGeneratedChain } from '../../crawler/devnet/generated/chain.ts'
import { startMariaDb } from '../../scripts/mariadb.ts'
import { startCrawler } from '../support/crawler.ts'
import { useGeneratedNode } from '../support/generated.ts'
import { mountSmallDisk } from '../support/small-disk.ts'
import { dumpCalm, toDifference, useStore } from '../support/store.ts'

const LAST = 200
/** An empty server takes 100, the chain's rows some 30. */
const MEGABYTES = 200

const disk = await mountSmallDisk(MEGABYTES)

test.skipIf(typeof disk === 'string')(
  `a store whose disk is full is told in one line, loses nothing, and the crawl goes on once there is room${
    typeof disk === 'string' ? ` (${disk})` : ''
  }`,
  async () => {
    if (typeof disk === 'string') return
    const dataDir = join(disk.directory, 'data')
    await cp(inject('mariadb').templateDir, dataDir, { recursive: true, mode: constants.COPYFILE_FICLONE })
    const options = { dataDir, durable: false, bufferPool: 64 }
    let server = await startMariaDb(options)
    afterAll(() => server.stop())
    const chain = createGeneratedChain({ transfersPerBlock: 60, accounts: 2_000 })
    const node = await useGeneratedNode({ chain, tip: LAST })
    const expected = await dumpCalm(node.rpcUrl, LAST)
    const store = await useStore({ ...(await server.createDatabase('full')), adminUrl: server.adminUrl })
    store.sql.on('error', () => {})

    const crawler = startCrawler(node.rpcUrl, store.writerUrl, { COMMIT_BLOCKS: '10' })
    await expect.poll(store.height, { timeout: 60_000, interval: 5 }).toBeGreaterThan(LAST / 2)
    await disk.fill()
    await crawler.said('trying again')
    const told = () =>
      crawler.lines.filter(({ level, event }) => level !== 'info' && event !== 'chain believed on first use')

    const reasons = () => told().map(({ reason }) => `${reason}`)
    const isDown = await Promise.race([server.exited.then(() => true), sleep(2_000, false)])
    if (!isDown) expect(reasons()).toEqual([expect.stringMatching(/cannot write, its disk may be full: /)])

    await disk.free()
    // Where InnoDB finds no room to undo a statement it ends itself ("Out of disk space in rollback"): some runs of this test
    // meet that. Who keeps the server starts it anew; the crawler goes on by itself in either case.
    if (isDown) server = await startMariaDb({ ...options, port: server.port })
    const again = await useStore({ ...store, adminUrl: server.adminUrl })
    await expect.poll(again.height, { timeout: 90_000 }).toBe(LAST)
    await crawler.said('going on')
    crawler.kill('SIGTERM')
    expect(await crawler.exited, crawler.words()).toBe(0)
    expect(toDifference(await again.dump(), expected)).toEqual([])
    expect(reasons().length, reasons().join('\n')).toBeLessThan(8)
    store.sql.destroy()
    await again.close()
  },
)
