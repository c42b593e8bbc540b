import { setTimeout as sleep } from 'node:timers/promises'
import type { Connection } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type MariaDb, startMariaDb } from '../../scripts/mariadb.ts'
import { useNode } from '../support/chain.ts'
import { type CrawlerProcess, startCrawler } from '../support/crawler.ts'
import { startOwnMariaDb } from '../support/mariadb.ts'
import { dumpCalm, type TestStore, toDifference, useStore } from '../support/store.ts'
import { connectTo, readRows } from '../support/stored.ts'

const LAST = 400
/** Here the trouble begins; the rest of the chain comes while it lasts. */
const MIDDLE = 120

interface Struck {
  readonly store: TestStore
  readonly admin: Connection
  readonly crawler: CrawlerProcess
}

describe('a store', async () => {
  const chain = await useNode('casper-upgrade', { start: LAST })
  let server: MariaDb
  let expected = ''

  beforeAll(async () => {
    expected = await dumpCalm(chain.rpcUrl, LAST)
    server = await startOwnMariaDb()
  })
  afterAll(() => server.stop())

  async function restart(how: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { dataDir, port, pid, exited } = server
    process.kill(pid, how)
    await exited
    server = await startMariaDb({ dataDir, port, durable: false, bufferPool: 64 })
  }

  /**
   * One crawler, never started again, meets trouble in the middle of its commits, while blocks keep coming; when it is over it
   * goes on by itself.
   */
  async function survive(strike: (struck: Struck) => Promise<void>): Promise<CrawlerProcess> {
    const store = await useStore({ ...(await server.createDatabase(nextName())), adminUrl: server.adminUrl })
    const admin = await connectTo(server.adminUrl)
    for (const eye of [store.sql, admin]) eye.on('error', () => {})
    // Sessions that are opened from here on wait a second for a lock, not 50.
    await admin.query('SET GLOBAL innodb_lock_wait_timeout = 1')
    // What is lost with a kill is blocks, not the lease: without it the crawler would end, for who keeps it to start it anew.
    await admin.query('SET GLOBAL innodb_flush_log_at_trx_commit = 1')
    const node = await useNode('casper-upgrade', { start: MIDDLE })
    const crawler = startCrawler(node.rpcUrl, store.writerUrl, { COMMIT_BLOCKS: '5', FETCH_AHEAD: '8' })
    await crawler.said('committed')
    await admin.query('SET GLOBAL innodb_flush_log_at_trx_commit = 0')
    await expect.poll(store.height, { timeout: 60_000 }).toBeGreaterThan(MIDDLE / 2)
    node.advance(LAST - MIDDLE)
    await strike({ store, admin, crawler })
    admin.destroy()
    store.sql.destroy()
    const again = await useStore({ ...store, adminUrl: server.adminUrl })
    const height = () => (crawler.isRunning() ? again.height() : crawler.words())
    await expect.poll(height, { timeout: 90_000 }).toBe(LAST)
    crawler.kill('SIGTERM')
    expect(await crawler.exited, crawler.words()).toBe(0)
    expect(toDifference(await again.dump(), expected)).toEqual([])
    await again.close()
    return crawler
  }

  test('that is stopped and started again', async () => {
    const crawler = await survive(async () => {
      await restart('SIGTERM')
    })
    expectFewWords(crawler, /cannot be reached|leaving|shutdown/i)
  })

  test('that is killed in the middle of commits, and has lost the last ones', async () => {
    const crawler = await survive(async () => {
      for (let kills = 0; kills < 3; kills++) {
        await sleep(300)
        await restart('SIGKILL')
      }
    })
    expectFewWords(crawler, /cannot be reached|The store (ends at|is empty)/)
  })

  test('that chooses our commits for its deadlocks', async () => {
    const crawler = await survive(async ({ store }) => {
      const rival = await connectTo(store.writerUrl)
      await rival.query('CREATE TABLE __ballast (id INT PRIMARY KEY)')
      let won = 0
      for (let tries = 0; won < 3 && tries < 100; tries++) {
        await rival.query('START TRANSACTION')
        // Who has written less is chosen.
        await rival.query(
          `INSERT INTO __ballast VALUES ${Array.from({ length: 5_000 }, (_, id) => `(${id})`)}`,
        )
        await rival.query('SELECT id FROM parties FOR UPDATE')
        await rival.query('SELECT term FROM lease FOR UPDATE').catch(() => {})
        await rival.query('ROLLBACK')
        won = Number(
          (await readRows<{ Value: string }>(rival, "SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'"))[0]
            ?.Value ?? 0,
        )
      }
      expect(won).toBeGreaterThanOrEqual(3)
      await rival.query('DROP TABLE __ballast')
      await rival.end()
    })
    expectFewWords(crawler, null)
  })

  test('whose checkpoint another session keeps locked', async () => {
    const crawler = await survive(async ({ store, admin }) => {
      const rival = await connectTo(store.writerUrl)
      await rival.query('START TRANSACTION')
      await rival.query('SELECT * FROM checkpoint FOR UPDATE')
      const waits = async () =>
        Number(
          (await readRows<{ Value: string }>(admin, "SHOW GLOBAL STATUS LIKE 'Innodb_row_lock_waits'"))[0]
            ?.Value,
        )
      const before = await waits()
      await expect.poll(waits, { timeout: 30_000 }).toBeGreaterThan(before + 1)
      await rival.query('ROLLBACK')
      await rival.end()
    })
    expectFewWords(crawler, null)
  })

  test('that has no connection left for us', async () => {
    const crawler = await survive(async ({ store, admin, crawler }) => {
      await admin.query('SET GLOBAL max_connections = 10')
      const others: Connection[] = []
      const ours = () =>
        readRows<{ id: number }>(
          admin,
          "SELECT id FROM information_schema.processlist WHERE user LIKE '%writer'",
        )
      // Whoever is faster gets a place: ours are ended until all are taken.
      for (let isFull = false; !isFull; ) {
        for (const { id } of await ours()) await admin.query(`KILL ${Number(id)}`).catch(() => {})
        isFull = await connectTo(store.readerUrl).then(
          (other) => others.push(other) < 0,
          () => true,
        )
        isFull = isFull && (await ours()).length === 0
      }
      await crawler.said('trying again')
      for (const other of others) other.destroy()
      await admin.query('SET GLOBAL max_connections = 200')
    })
    expectFewWords(crawler, /Too many connections/)
  })

  test('that is read-only for a while', async () => {
    const crawler = await survive(async ({ admin, crawler }) => {
      await admin.query('SET GLOBAL read_only = 1')
      await crawler.said('trying again')
      await admin.query('SET GLOBAL read_only = 0')
    })
    expectFewWords(crawler, /read-only/)
  })
})

let names = 0
const nextName = () => `trouble${++names}`

/** One line a cause, not one a try; none for what the next try heals. */
function expectFewWords(crawler: CrawlerProcess, cause: RegExp | null): void {
  const said = crawler.lines.filter(
    ({ level, event }) => level !== 'info' && event !== 'chain believed on first use',
  )
  expect(said.length, JSON.stringify(said)).toBeLessThan(10)
  for (const { reason } of said) expect(reason).toMatch(cause ?? /lock|lost/i)
}
