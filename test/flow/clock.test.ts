import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { findFreePorts } from '../../scripts/ports.ts'
import { useNode } from '../support/chain.ts'
import { startCrawler } from '../support/crawler.ts'
import { dumpCalm, toDifference, useStore } from '../support/store.ts'
import { readRows } from '../support/stored.ts'

const LAST = 400
const JUMPING = pathToFileURL(join(import.meta.dirname, '../support/jumping-clock.ts'))
const HOUR = 3_600_000

test('a clock that jumps by hours each second changes no row, holds nothing up and raises no alarm', async () => {
  const chain = await useNode('casper-upgrade', { start: LAST })
  const expected = await dumpCalm(chain.rpcUrl, LAST)
  const store = await useStore()
  const node = await useNode('casper-upgrade', { start: 40 })
  const [port = 0] = await findFreePorts(1)
  const crawler = startCrawler(node.rpcUrl, store.writerUrl, {
    NODE_OPTIONS: `--import ${JUMPING}`,
    METRICS_PORT: `${port}`,
    LEASE_TTL_MS: '5000',
  })
  const alarms: string[] = []
  const look = async () => {
    const health = await fetch(`http://127.0.0.1:${port}/healthz`)
    if (health.status !== 200) alarms.push(await health.text())
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()
    if (!/^casper_crawler_lease_held 1$/m.test(metrics)) alarms.push('lease not held')
  }
  const told = async () =>
    (await readRows<{ height: number }>(store.sql, 'SELECT network_height AS height FROM heartbeat'))[0]
      ?.height
  await crawler.said('committed')
  // A day's worth of jumps: block after block is stored, and what readers are told of the network keeps up with it.
  while (node.tip() < LAST) {
    node.advance(60)
    await expect.poll(store.height, { timeout: 20_000 }).toBe(node.tip())
    await expect.poll(told, { timeout: 20_000 }).toBe(node.tip())
    await look()
  }
  const hours = new Set(
    crawler.lines.map(({ time }) => Math.round((Date.parse(`${time}`) - Date.now()) / HOUR)),
  )
  expect(hours.size).toBeGreaterThan(4)
  expect(alarms).toEqual([])
  expect(crawler.lines.filter(({ level }) => level !== 'info')).toEqual([
    expect.objectContaining({ event: 'chain believed on first use' }),
  ])
  crawler.kill('SIGTERM')
  expect(await crawler.exited, crawler.words()).toBe(0)
  expect(toDifference(await store.dump(), expected)).toEqual([])
  await store.close()
})
