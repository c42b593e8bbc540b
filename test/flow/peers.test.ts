import { describe, expect, test } from 'vitest'
import { findFreePorts } from '../../scripts/ports.ts'
import { migrate } from '../../src/store/migrate.ts'
import { useNode } from '../support/chain.ts'
import { callCrawler, startCrawler } from '../support/crawler.ts'
import { useEdge } from '../support/edge.ts'
import { useMariaDb } from '../support/mariadb.ts'
import { toBits, writeMmdb } from '../support/mmdb.ts'
import { keyOf, statusOf, usePeers } from '../support/peers.ts'
import { connectTo, readRows } from '../support/stored.ts'

const TOKEN = 'secret-of-16-chars'

/** The recorded node tells of peers at 127.0.0.1; the REST endpoint there tells of two more. */
describe('an operator', async () => {
  const node = await useNode('casper-upgrade', { start: 60 })
  const peers = await usePeers()
  const edge = await useEdge()
  const store = await useMariaDb()
  await migrate(store.writerUrl)
  await peers.set(
    '127.0.0.1',
    statusOf(['127.0.0.2:35000', '127.0.0.3:35000', '10.0.0.1\u001b[2J:35000'], {
      our_public_signing_key: keyOf(1),
    }),
  )
  await peers.set('127.0.0.2', statusOf([], { build_version: '2.1.0', our_public_signing_key: keyOf(2) }))
  await peers.set('127.0.0.3', statusOf([], { build_version: 'odd\u001b[31m' }))
  const places = writeMmdb(4, [[toBits('127.0.0.2'), { country_code: 'FI', city: 'Helsinki' }]])

  const env = {
    CASPER_NODES: node.rpcUrl,
    DATABASE_URL: store.writerUrl,
    PEERS_STATUS_PORT: `${peers.port}`,
    PEERS_ALLOW_PRIVATE: 'true',
    PEERS_LOCATIONS: places,
  }
  const call = (args: string[] = [], changed: Record<string, string> = {}) =>
    callCrawler(['peers', ...args], { ...env, ...changed })
  const stored = async () => {
    const connection = await connectTo(store.readerUrl)
    const rows = await readRows<{ address: string }>(connection, 'SELECT address FROM peers ORDER BY address')
    await connection.end()
    return rows.map(({ address }) => address)
  }

  test('sees nobody where only private addresses are told of, and is told so', async () => {
    const { code, out, words } = await call([], { PEERS_ALLOW_PRIVATE: '' })
    expect([code, out]).toEqual([2, 'validator  version  country  city  seen\n'])
    expect(JSON.parse(words)).toMatchObject({ event: 'peers', seen: 0, visited: 0, refused: 3 })
    expect([peers.asked, await stored()]).toEqual([[], []])
  })

  test('sees who answered and where they are, as a table, without an address or a raw word', async () => {
    const { code, out, words } = await call()
    expect(code).toBe(0)
    expect(out.split('\n').map((line) => line.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z$/, 'TIME'))).toEqual([
      `${'validator'.padEnd(66)}  ${'version'.padEnd(27)}  country  city      seen`,
      `${keyOf(1)}  2.0.3-abcdef-casper-mainnet  -        -         TIME`,
      `${keyOf(2)}  ${'2.1.0'.padEnd(27)}  FI       Helsinki  TIME`,
      '',
    ])
    expect(JSON.parse(words)).toMatchObject({ seen: 2, answered: 2, visited: 3, refused: 1, shape: 1 })
    expect(await stored()).toEqual(['127.0.0.1', '127.0.0.2'])
    const { out: json, words: log } = await call(['--json'])
    expect(JSON.parse(json)).toMatchObject([
      { validator: keyOf(1), version: '2.0.3-abcdef-casper-mainnet', apiVersion: '2.0.0' },
      { validator: keyOf(2), place: { country: 'FI', city: 'Helsinki' } },
    ])
    for (const text of [out, words, json, log])
      expect(text).not.toMatch(/127\.0\.0|10\.0\.0|tls:|\\u001b|\u001b/)
  })

  test('finds a key that two peers claim with the nearer one', async () => {
    await peers.set('127.0.0.2', statusOf([], { our_public_signing_key: keyOf(1) }))
    const { out } = await call(['--json'])
    expect(
      JSON.parse(out).map(({ validator, place }: never) => [validator, (place as { city: string }).city]),
    ).toEqual([
      [null, 'Helsinki'],
      [keyOf(1), null],
    ])
  })

  test('keeps what is stored when no node answers, and hears it in a sentence', async () => {
    const { code, words } = await call([], { CASPER_NODES: 'http://127.0.0.1:1/rpc' })
    expect([code, words]).toEqual([1, expect.stringContaining('No node can answer')])
    expect(await stored()).toEqual(['127.0.0.1', '127.0.0.2'])
  })

  test('hears of a wrong setting and of a store before its migrations', async () => {
    expect(await call([], { PEERS_STATUS_PORT: 'http' })).toMatchObject({
      code: 1,
      words: 'PEERS_STATUS_PORT: must be a port, not "http"\n',
    })
    expect((await call([], { PEERS_LOCATIONS: '/nosuch.mmdb' })).words).toBe(
      'PEERS_LOCATIONS: /nosuch.mmdb cannot be read (ENOENT)\n',
    )
    const bare = await useMariaDb()
    expect((await call([], { DATABASE_URL: bare.writerUrl })).words).toContain('run "npm run migrate" first')
  })

  test('sees them in the metrics of a running crawler, and a change at the edge', async () => {
    const [port = 0] = await findFreePorts(1)
    const crawler = startCrawler(node.rpcUrl, store.writerUrl, {
      ...env,
      PEERS_EVERY_SECONDS: '1',
      METRICS_PORT: `${port}`,
      EDGE_URLS: edge.url,
      PURGE_TOKEN: TOKEN,
    })
    const told = () => edge.deliveries.filter(({ groups }) => groups.includes('peers')).length
    await crawler.said('peers', 2)
    // Nothing has changed since the last command.
    expect(told()).toBe(0)
    await peers.set('127.0.0.2', statusOf([], { build_version: '2.2.0', our_public_signing_key: keyOf(2) }))
    await expect.poll(told, { timeout: 60_000 }).toBe(1)
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    expect(metrics).toMatch(/^casper_crawler_peers_seen 2$/m)
    expect(metrics).toMatch(/^casper_crawler_peers_answered 2$/m)
    expect(metrics).toMatch(/^casper_crawler_peers_failed_total\{reason="shape"\} \d+$/m)
    expect(metrics).toMatch(/^casper_crawler_peers_refused_total \d+$/m)
    const [, at] = /^casper_crawler_peers_last_success_timestamp_seconds (\S+)$/m.exec(metrics) ?? []
    expect(Number(at) * 1_000).toBeGreaterThan(Date.now() - 60_000)
    crawler.kill('SIGTERM')
    expect(await crawler.exited).toBe(0)
  })
})
