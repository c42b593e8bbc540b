import { beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../src/store/migrate.ts'
import { startCrawl, useNode } from '../support/chain.ts'
import { startCrawler } from '../support/crawler.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, dump, readRows } from '../support/stored.ts'

const LAST = 400

async function useStore() {
  const database = await useMariaDb()
  await migrate(database.writerUrl)
  const sql = await connectTo(database.readerUrl)
  const one = async <T>(query: string) => (await readRows<T>(sql, query))[0]
  return {
    ...database,
    sql,
    height: async () => (await one<{ height: number }>('SELECT height FROM checkpoint'))?.height ?? -1,
    lease: () => one<{ holder: string; term: number; until_ms: string }>('SELECT * FROM lease'),
  }
}

describe('two crawlers on one store', async () => {
  const node = await useNode('casper-upgrade', { start: LAST })
  let expected = ''

  beforeAll(async () => {
    const calm = await useStore()
    await startCrawl(node.rpcUrl, calm.writerUrl, { stopAt: LAST }).done
    expected = await dump(calm.sql)
    await calm.sql.end()
  })

  test('the second waits; when the first is killed it goes on, and the tables are those of an undisturbed crawl', async () => {
    const store = await useStore()
    // The chain is held back until both are there.
    const chain = await useNode('casper-upgrade', { start: 150 })
    const first = startCrawler(chain.rpcUrl, store.writerUrl)
    await expect.poll(store.height, { timeout: 60_000 }).toBe(150)
    const second = startCrawler(chain.rpcUrl, store.writerUrl)
    await second.said('standing by')
    const grow = (to: number) => {
      while (chain.tip() < to) chain.advance()
    }
    grow(200)
    await expect.poll(store.height, { timeout: 60_000 }).toBe(200)
    grow(LAST)
    first.kill('SIGKILL')
    await first.exited
    expect(second.lines.map(({ event }) => event)).not.toContain('committed')
    await expect.poll(store.height, { timeout: 60_000 }).toBe(LAST)
    await second.said('crawling')
    expect(second.lines.find(({ event }) => event === 'holding the lease')).toMatchObject({ term: 2 })
    second.kill('SIGTERM')
    expect(await second.exited).toBe(0)
    expect(await dump(store.sql)).toBe(expected)
    await store.sql.end()
  })

  test('SIGTERM hands over at once, however long the lease has still to run', async () => {
    const store = await useStore()
    const long = { LEASE_TTL_MS: '600000', COMMIT_BLOCKS: '5', FETCH_AHEAD: '2' }
    const first = startCrawler(node.rpcUrl, store.writerUrl, long)
    await first.said('committed', 3)
    const second = startCrawler(node.rpcUrl, store.writerUrl, long)
    await second.said('standing by')
    first.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    await second.said('crawling')
    second.kill('SIGTERM')
    expect(await second.exited).toBe(0)
    expect(await store.lease()).toMatchObject({ holder: '', term: 2, until_ms: '0' })
    await store.sql.end()
  })

  test('one that slept past its lease in the middle of a commit writes nothing when it wakes, says why and ends', async () => {
    const store = await useStore()
    const chain = await useNode('casper-upgrade', { start: 50 })
    const sleeper = startCrawler(chain.rpcUrl, store.writerUrl)
    await expect.poll(store.height, { timeout: 60_000 }).toBe(50)
    // Held at its second lock, it has the first one: that of the lease.
    const blocker = await connectTo(store.writerUrl)
    await blocker.query('START TRANSACTION')
    await blocker.query('SELECT * FROM checkpoint FOR UPDATE')
    chain.advance(LAST - 50)
    const admin = await connectTo(store.adminUrl)
    const waiting = () =>
      readRows(admin, 'SELECT * FROM information_schema.processlist WHERE db = ? AND info LIKE ?', [
        store.name,
        '%FROM checkpoint WHERE id = 1 FOR UPDATE%',
      ])
    await expect.poll(async () => (await waiting()).length, { timeout: 30_000 }).toBeGreaterThan(0)
    sleeper.kill('SIGSTOP')
    await blocker.query('ROLLBACK')
    const second = startCrawler(chain.rpcUrl, store.writerUrl)
    await expect.poll(store.height, { timeout: 60_000 }).toBe(LAST)
    const holder = (await store.lease())?.holder
    sleeper.kill('SIGCONT')
    expect(await sleeper.exited).toBe(1)
    expect(sleeper.words()).toMatch(/^The lease of term 1 ran out and is held by .* now \(term 2\).*\n$/)
    expect((await store.lease())?.holder).toBe(holder)
    second.kill('SIGTERM')
    expect(await second.exited).toBe(0)
    expect(await dump(store.sql)).toBe(expected)
    await Promise.all([store.sql.end(), blocker.end(), admin.end()])
  })

  test('one that waits for the lease stops at SIGTERM, and leaves it to its holder', async () => {
    const store = await useStore()
    const first = startCrawler(node.rpcUrl, store.writerUrl)
    await first.said('committed')
    const second = startCrawler(node.rpcUrl, store.writerUrl)
    await second.said('standing by')
    second.kill('SIGTERM')
    expect(await second.exited).toBe(0)
    expect((await store.lease())?.term).toBe(1)
    first.kill('SIGTERM')
    expect(await first.exited).toBe(0)
    await store.sql.end()
  })
})

test('a store before its migrations is refused in one sentence', async () => {
  const { writerUrl } = await useMariaDb()
  const crawler = startCrawler('http://127.0.0.1:1/rpc', writerUrl)
  expect(await crawler.exited).toBe(1)
  expect(crawler.words()).toBe('The store is older than this crawler: run "npm run migrate" first.\n')
})

test('a second SIGTERM ends the process at once, while the first one waits for a commit', async () => {
  const store = await useStore()
  const node = await useNode('casper-upgrade', { start: 100 })
  const crawler = startCrawler(node.rpcUrl, store.writerUrl, { COMMIT_BLOCKS: '5', FETCH_AHEAD: '2' })
  await crawler.said('committed', 2)
  const blocker = await connectTo(store.writerUrl)
  await blocker.query('START TRANSACTION')
  await blocker.query('SELECT * FROM checkpoint FOR UPDATE')
  const { length } = crawler.lines
  await new Promise((resolve) => setTimeout(resolve, 500))
  crawler.kill('SIGTERM')
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  expect(crawler.lines.slice(length).map(({ event }) => event)).not.toContain('stopped')
  crawler.kill('SIGTERM')
  expect(await crawler.exited).toBe(143)
  await blocker.query('ROLLBACK')
  await Promise.all([blocker.end(), store.sql.end()])
})
