import { afterEach, describe, expect, test } from 'vitest'
import { type Announcer, type AnnouncerOptions, createAnnouncer } from '../../crawler/announce/announcer.ts'
import { createLog } from '../../crawler/log.ts'
import { systemClock } from '../../crawler/node/pool/clock.ts'
import { openAnnouncementQueue } from '../../src/store/announcements.ts'
import { migrate } from '../../src/store/migrate.ts'
import { useNode } from '../support/chain.ts'
import { startCrawler } from '../support/crawler.ts'
import { type FakeEdge, useEdge } from '../support/edge.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo, readRows } from '../support/stored.ts'

const TOKEN = 'secret-of-16-chars'

const running: Announcer[] = []
afterEach(async () => {
  for (const announcer of running.splice(0)) await announcer.close(0)
})

/** A queue in a real store, and announcers that read it, as a crawler's before and after a restart do. */
async function useQueue() {
  const { writerUrl } = await useMariaDb()
  await migrate(writerUrl)
  const queue = openAnnouncementQueue(writerUrl)
  const lines: Record<string, unknown>[] = []
  const start = (edges: readonly FakeEdge[], options: Partial<AnnouncerOptions> = {}) => {
    const announcer = createAnnouncer(
      { urls: edges.map(({ url }) => url), token: TOKEN, everyMs: 50, pauseMs: 30, ...options },
      queue,
      {
        log: createLog((line) => lines.push(JSON.parse(line))),
        clock: systemClock,
        random: () => 0.5,
        onAnswer: () => {},
      },
    )
    running.push(announcer)
    return announcer
  }
  let height = 0
  const commit = async (announcer: Announcer | null, groups: readonly ('block' | 'era')[] = ['block']) => {
    await queue.raise(groups, ++height)
    announcer?.wake()
  }
  const isEmpty = async () => (await queue.read()).length === 0
  return { queue, lines, start, commit, isEmpty }
}

const groupsOf = (edge: FakeEdge) => edge.deliveries.map(({ groups }) => groups.join('+'))

describe('announcements', async () => {
  test('reach every edge by its purge door with the bearer, and leave the queue', async () => {
    const store = await useQueue()
    const edges = [await useEdge(), await useEdge()]
    const announcer = store.start(edges)
    await store.commit(announcer, ['block', 'era'])
    for (const { deliveries } of edges) {
      await expect.poll(() => deliveries.length).toBe(1)
      expect(deliveries[0]).toMatchObject({
        method: 'POST',
        path: '/internal/purge',
        authorization: `Bearer ${TOKEN}`,
        groups: ['block', 'era'],
      })
    }
    await expect.poll(store.isEmpty).toBe(true)
    expect(announcer.pending().map(({ groups }) => groups)).toEqual([0, 0])
  })

  test('of many commits in a row go out together, and the last is never forgotten', async () => {
    const store = await useQueue()
    const edge = await useEdge()
    const announcer = store.start([edge], { everyMs: 400 })
    await store.commit(announcer)
    await expect.poll(() => edge.deliveries.length).toBe(1)
    for (let i = 0; i < 60; i++) await store.commit(announcer, i === 20 ? ['block', 'era'] : ['block'])
    await expect.poll(store.isEmpty).toBe(true)
    expect(groupsOf(edge)).toContain('block+era')
    // 61 commits within a few periods; a slow machine may need some more.
    expect(edge.deliveries.length).toBeLessThan(14)
  })

  test('of blocks that come now and then go out at once each, not at the pace of a catch-up', async () => {
    const store = await useQueue()
    const edge = await useEdge()
    const announcer = store.start([edge], { everyMs: 30_000 })
    for (let block = 1; block <= 2; block++) {
      await store.commit(announcer)
      await expect.poll(() => edge.deliveries.length, { timeout: 10_000 }).toBe(block)
    }
  })

  test('to an edge that is down are tried until it is up, while the other one is told once each', async () => {
    const store = await useQueue()
    const [up, down] = [await useEdge(), await useEdge()]
    await down.close()
    const announcer = store.start([up, down])
    await store.commit(announcer, ['era'])
    await expect.poll(() => store.lines.filter(({ event }) => event === 'edge not told').length).toBe(1)
    await store.commit(announcer, ['block'])
    await expect.poll(() => groupsOf(up)).toEqual(['era', 'block'])
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(groupsOf(up)).toEqual(['era', 'block'])
    expect(await store.isEmpty()).toBe(false)
    expect(announcer.pending()).toEqual([
      { edge: up.host, groups: 0 },
      { edge: down.host, groups: 2 },
    ])
    await down.open()
    await expect.poll(store.isEmpty, { timeout: 40_000 }).toBe(true)
    expect(new Set(down.deliveries.flatMap(({ groups }) => groups))).toEqual(new Set(['block', 'era']))
    expect(groupsOf(up)).toEqual(['era', 'block'])
    // Said once, not at each try.
    expect(store.lines.map(({ event }) => event)).toEqual(['edge not told', 'edge confirms again'])
    expect(store.lines[0]).toMatchObject({ level: 'warn', edge: down.host })
  })

  test.each([401, 500, 503])('that an edge answers with %s are not counted as told', async (status) => {
    const store = await useQueue()
    const edge = await useEdge((n) => (n < 4 ? status : 200))
    const announcer = store.start([edge])
    await store.commit(announcer, ['era'])
    await expect.poll(() => edge.deliveries.length).toBe(4)
    await expect.poll(store.isEmpty).toBe(true)
    expect(groupsOf(edge)).toEqual(['era', 'era', 'era', 'era'])
    expect(store.lines[0]).toMatchObject({ event: 'edge not told', reason: `HTTP ${status}` })
  })

  test('to a slow edge wait for nobody, and it is asked again when its time is up', async () => {
    const store = await useQueue()
    const slow = await useEdge((n) => (n === 1 ? new Promise<number>(() => {}) : 200))
    const quick = await useEdge()
    const announcer = store.start([slow, quick], { timeoutMs: 600 })
    await store.commit(announcer)
    await expect.poll(() => slow.deliveries.length + quick.deliveries.length).toBe(2)
    for (let i = 0; i < 3; i++) {
      const { length } = quick.deliveries
      await store.commit(announcer)
      await expect.poll(() => quick.deliveries.length).toBeGreaterThan(length)
    }
    await expect.poll(store.isEmpty).toBe(true)
    expect(slow.deliveries.length).toBeGreaterThan(1)
    expect(store.lines[0]).toMatchObject({ event: 'edge not told', edge: slow.host })
  })

  test('that were not told before a stop are told first after the next start', async () => {
    const store = await useQueue()
    const edge = await useEdge()
    await edge.close()
    const before = store.start([edge])
    await store.commit(before, ['block', 'era'])
    await expect.poll(() => store.lines.length).toBe(1)
    await before.close(100)
    await edge.open()
    expect(edge.deliveries).toEqual([])
    store.start([edge])
    await expect.poll(() => groupsOf(edge)).toEqual(['block+era'])
    await expect.poll(store.isEmpty).toBe(true)
  })

  test('of the last commit are told before a stop, if the edge answers', async () => {
    const store = await useQueue()
    const edge = await useEdge()
    const announcer = store.start([edge], { everyMs: 5_000 })
    await store.commit(announcer, ['block'])
    await expect.poll(() => edge.deliveries.length).toBe(1)
    await store.commit(announcer, ['era'])
    await announcer.close(10_000)
    expect(groupsOf(edge)).toEqual(['block', 'era'])
    expect(await store.isEmpty()).toBe(true)
  })

  test('raised by another process are found without a wake-up', async () => {
    const store = await useQueue()
    const edge = await useEdge()
    store.start([edge], { pollMs: 100 })
    await new Promise((resolve) => setTimeout(resolve, 300))
    await store.commit(null, ['block'])
    await expect.poll(() => groupsOf(edge)).toEqual(['block'])
  })

  test('left over by a crawler that had edges are dropped by one that has none', async () => {
    const store = await useQueue()
    await store.commit(null, ['block'])
    store.start([])
    await expect.poll(store.isEmpty).toBe(true)
  })
})

describe('a crawler', async () => {
  const LAST = 120
  const node = await useNode('casper-upgrade', { start: LAST })
  const { writerUrl } = await useMariaDb()
  await migrate(writerUrl)

  test('crawls on past an edge that never answers and one that refuses, and tells both after it was killed', async () => {
    const silent = await useEdge(() => new Promise<number>(() => {}))
    const refusing = await useEdge(() => 503)
    const sql = await connectTo(writerUrl)
    const height = async () =>
      (await readRows<{ height: number }>(sql, 'SELECT height FROM checkpoint'))[0]?.height
    const env = { EDGE_URLS: `${silent.url},${refusing.url}`, PURGE_TOKEN: TOKEN, COMMIT_BLOCKS: '5' }
    const crawler = startCrawler(node.rpcUrl, writerUrl, env)
    await expect.poll(height, { timeout: 60_000 }).toBe(LAST)
    await expect.poll(() => refusing.deliveries.length).toBeGreaterThan(0)
    // Still the first delivery, which began long before the last commit.
    expect(silent.deliveries.length).toBe(1)
    crawler.kill('SIGKILL')
    await crawler.exited

    silent.deliveries.length = 0
    for (const edge of [silent, refusing]) edge.answer = () => 200
    const next = startCrawler(node.rpcUrl, writerUrl, env)
    await expect.poll(() => groupsOf(silent), { timeout: 60_000 }).toEqual(['block+era'])
    await expect.poll(() => readRows(sql, 'SELECT * FROM announcements'), { timeout: 30_000 }).toEqual([])
    next.kill('SIGTERM')
    expect(await next.exited).toBe(0)
    await sql.end()
  })
})
