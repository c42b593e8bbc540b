import { spawn } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { findFreePorts } from '../../scripts/ports.ts'
import { migrate } from '../../src/store/migrate.ts'
import { useNode } from '../support/chain.ts'
import { startCrawler } from '../support/crawler.ts'
import { useEdge } from '../support/edge.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { connectTo } from '../support/stored.ts'

const LAST = 120
const TOKEN = 'secret-of-16-chars'

/** `status` as an operator calls it: needs the store alone. */
async function status(databaseUrl: string, ...args: string[]) {
  const child = spawn(process.execPath, ['crawler/main.ts', 'status', ...args], {
    env: { PATH: process.env.PATH, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let out = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (out += chunk))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, out }
}

describe('an operator', async () => {
  const node = await useNode('casper-upgrade', { start: LAST })
  const edge = await useEdge()
  const store = await useMariaDb()
  await migrate(store.writerUrl)
  const [port = 0] = await findFreePorts(1)

  test('sees an empty store as degraded, and a missing one as a failure', async () => {
    const { code, out } = await status(store.readerUrl)
    expect(code).toBe(2)
    expect(out).toMatch(/^DEGRADED +no crawler holds the lease$/m)
    expect(out).toMatch(/^DEGRADED +nothing is stored yet$/m)
    expect(await status('mysql://a:very-secret@127.0.0.1:1/x')).toMatchObject({ code: 1 })
    expect((await status('mysql://a:very-secret@127.0.0.1:1/x')).out).not.toContain('very-secret')
    const bare = await useMariaDb()
    expect((await status(bare.readerUrl)).out).toBe(
      'The store is older than this crawler: run "npm run migrate" first.\n',
    )
  })

  test('sees a crawl in the probes, in the metrics and in the status, and its announcements at the edge', async () => {
    const crawler = startCrawler(node.rpcUrl, store.writerUrl, {
      METRICS_PORT: `${port}`,
      LEASE_TTL_MS: '5000',
      EDGE_URLS: edge.url,
      PURGE_TOKEN: TOKEN,
    })
    const ask = async (path: string) => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`)
      return { status: response.status, text: await response.text() }
    }
    await crawler.said('committed')
    expect(await ask('/readyz')).toEqual({ status: 200, text: 'crawling\n' })
    expect((await ask('/healthz')).status).toBe(200)
    const value = async (line: string) =>
      Number(
        (await ask('/metrics')).text
          .split('\n')
          .find((text) => text.startsWith(`${line} `))
          ?.split(' ')
          .at(-1),
      )
    await expect.poll(() => value('casper_crawler_height'), { timeout: 60_000 }).toBe(LAST)
    expect(await value('casper_crawler_blocks_committed_total')).toBe(LAST + 1)
    await expect.poll(() => value('casper_crawler_network_height')).toBe(LAST)
    expect(await value('casper_crawler_lease_held')).toBe(1)
    const host = new URL(node.rpcUrl).host
    expect(await value(`casper_crawler_rpc_calls_total{node="${host}",outcome="ok"}`)).toBeGreaterThan(LAST)
    await expect.poll(() => value(`casper_crawler_announcements_pending{edge="${edge.host}"}`)).toBe(0)
    expect(edge.deliveries.at(0)).toMatchObject({ authorization: `Bearer ${TOKEN}` })
    expect(new Set(edge.deliveries.flatMap(({ groups }) => groups))).toEqual(new Set(['block', 'era']))

    await expect.poll(async () => (await status(store.readerUrl)).code, { timeout: 30_000 }).toBe(0)
    const told = JSON.parse((await status(store.readerUrl, '--json')).out)
    expect(told).toMatchObject({
      network: 'casper-recorded',
      checkpoint: { height: LAST },
      networkHeight: LAST,
      lag: { blocks: 0, seconds: 0 },
      mode: 'following',
      lease: { term: 1 },
      announcements: [],
      degraded: [],
    })
    expect(told.lease.holder).toContain(`:${crawler.pid}:`)
    expect(told.lease.runsOutIn).toBeGreaterThan(0)

    // A second one, which stands by, is ready too.
    const [other = 0] = await findFreePorts(1)
    const standby = startCrawler(node.rpcUrl, store.writerUrl, { METRICS_PORT: `${other}` })
    await standby.said('standing by')
    const ready = await fetch(`http://127.0.0.1:${other}/readyz`)
    expect([ready.status, await ready.text()]).toEqual([200, 'standby\n'])
    expect(await (await fetch(`http://127.0.0.1:${other}/metrics`)).text()).toContain(
      'casper_crawler_lease_held 0\n',
    )
    standby.kill('SIGTERM')
    expect(await standby.exited).toBe(0)

    crawler.kill('SIGKILL')
    await crawler.exited
  })

  test('sees in the status what a crawler that died left behind', async () => {
    const sql = await connectTo(store.writerUrl)
    await sql.query("INSERT INTO absences VALUES (8, 'era summary', 'pruned'), (16, 'era summary', 'pruned')")
    await sql.query("INSERT INTO incidents VALUES (1700000000000, 'fork', 77, 'two hashes')")
    await sql.query("INSERT INTO announcements VALUES ('era', 112, 1700000000000)")
    await expect
      .poll(async () => (await status(store.readerUrl)).out, { timeout: 30_000 })
      .toMatch(/^DEGRADED +the lease of .* ran out \d+ s ago$/m)
    const { code, out } = await status(store.readerUrl)
    expect(code).toBe(2)
    expect(out).toMatch(/^absent figures +era summary: 2 \(blocks 8 to 16\)$/m)
    expect(out).toMatch(/^incidents +1\n +2023-11-14T22:13:20\.000Z fork, block 77: two hashes$/m)
    expect(out).toMatch(/^DEGRADED +era not confirmed by every edge for \d+ s$/m)
    await sql.end()
  })

  test('gets what was left to announce told by the next crawler, before it commits anything', async () => {
    edge.deliveries.length = 0
    const crawler = startCrawler(node.rpcUrl, store.writerUrl, { EDGE_URLS: edge.url, PURGE_TOKEN: TOKEN })
    await expect
      .poll(() => edge.deliveries.map(({ groups }) => groups), { timeout: 30_000 })
      .toEqual([['era']])
    expect(crawler.lines.map(({ event }) => event)).not.toContain('committed')
    crawler.kill('SIGTERM')
    expect(await crawler.exited).toBe(0)
  })

  test('is told in one sentence which port is taken', async () => {
    const taken = new URL(edge.url).port
    const crawler = startCrawler(node.rpcUrl, store.writerUrl, { METRICS_PORT: taken })
    expect(await crawler.exited).toBe(1)
    expect(crawler.words()).toBe(`METRICS_PORT: 127.0.0.1:${taken} cannot be had (EADDRINUSE)\n`)
  })
})
