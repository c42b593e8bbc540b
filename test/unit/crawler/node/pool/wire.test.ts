import { afterAll, expect, test } from 'vitest'
import { createRecordedNode } from '../../../../../crawler/devnet/node.ts'
import { createLog } from '../../../../../crawler/log.ts'
import { systemClock } from '../../../../../crawler/node/pool/clock.ts'
import type { PoolOptions } from '../../../../../crawler/node/pool/contract.ts'
import { createNodePool } from '../../../../../crawler/node/pool/pool.ts'
import { createRpc } from '../../../../../crawler/node/rpc.ts'
import { VerifyFault, verifyBlock } from '../../../../../crawler/verify/verify.ts'
import { createFaultyProxy, toAnswer, toBomb, type WireFault } from '../../../../support/faulty-proxy.ts'
import { never } from '../../../../support/node-pool.ts'
import { recorded } from '../../../devnet/call.ts'

const closing: (() => unknown)[] = []
afterAll(() => Promise.all(closing.map((close) => close())))

async function startNode(options: Partial<Parameters<typeof createRecordedNode>[0]> = {}) {
  const node = createRecordedNode({ recording: recorded('casper-upgrade'), start: 200, ...options })
  await node.listen()
  closing.push(() => node.close())
  return node
}

/** A pool as the crawler has it: real sockets, verified blocks. */
function startPool(urls: readonly string[], options: Partial<PoolOptions> = {}) {
  const lines: Record<string, unknown>[] = []
  const pool = createNodePool(
    { urls, connections: 8, lookTimeoutMs: 400, ...options },
    {
      connect: (url) =>
        createRpc({ url, connections: 8, pipeline: 1, timeoutMs: 400, maxBytes: 4 * 1024 * 1024 }),
      clock: systemClock,
      random: Math.random,
      log: createLog((line) => lines.push(JSON.parse(line))),
      toAccusation: (error) => (error instanceof VerifyFault ? error.code : null),
    },
  )
  closing.push(() => pool.close())
  const readBlock = (height: number) =>
    pool.use(
      { heights: height },
      async (node, signal) => {
        const block = await node.readBlock(height, signal)
        if (block === null) throw new Error(`no block ${height}`)
        verifyBlock(block, height)
        return block
      },
      never,
    )
  /** Heights in order, so many under way at once. */
  const readAll = async (from: number, to: number, ahead = 16) => {
    const heights: number[] = []
    let next = from
    const work = async () => {
      while (next <= to) heights.push((await readBlock(next++)).height)
    }
    await Promise.all(Array.from({ length: ahead }, work))
    return heights.sort((a, b) => a - b)
  }
  return { pool, lines, readBlock, readAll }
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const HTML = '<html><body>captive portal</body></html>'

test.each<[string, WireFault]>([
  ['is half-open', 'half-open'],
  ['is reset in the middle of bodies', { resetAfter: 300 }],
  ['ends in the middle of bodies', { endAfter: 300 }],
  ['drips', { drip: 100 }],
  ['gives another content type', { answer: toAnswer(HTML, 'text/html') }],
  ['gives a gzip bomb', { answer: toBomb() }],
  ['gives no HTTP', { answer: 'SSH-2.0-OpenSSH_9.6\r\n' }],
  ['gives an endless head', { answer: `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(100_000)}` }],
])('a wire that %s: the other node answers all; mended, this one is used again', async (_name, fault) => {
  const bad = await startNode()
  const good = await startNode()
  const proxy = await createFaultyProxy(bad.rpcUrl)
  closing.push(() => proxy.stop())
  const { pool, readAll } = startPool([proxy.url, good.rpcUrl])
  await pool.look(never)
  proxy.fault = fault
  // Open connections stay as they were: the fault is of new ones.
  await proxy.stop()
  await proxy.start()
  expect(await readAll(0, 120)).toEqual(range(0, 120))
  expect(pool.states()[0]?.failed).toBeGreaterThan(0)
  expect(proxy.connections).toBeLessThan(60)

  proxy.fault = 'none'
  await proxy.stop()
  await proxy.start()
  const before = bad.calls().chain_get_block ?? 0
  await expect
    .poll(async () => (await readAll(0, 20), (bad.calls().chain_get_block ?? 0) - before), {
      timeout: 15_000,
    })
    .toBeGreaterThan(20)
})

test('a node that is killed in the middle, then all, then all come back: every height comes', async () => {
  const nodes = [await startNode(), await startNode(), await startNode()]
  const proxies = await Promise.all(nodes.map(({ rpcUrl }) => createFaultyProxy(rpcUrl)))
  closing.push(() => Promise.all(proxies.map((proxy) => proxy.stop())))
  const { readAll, readBlock } = startPool(
    proxies.map(({ url }) => url),
    { patienceMs: 15_000 },
  )
  await readBlock(0)
  const all = readAll(0, 200, 8)
  await proxies[0]?.stop()
  await readBlock(3)
  await Promise.all([proxies[1]?.stop(), proxies[2]?.stop()])
  setTimeout(() => void Promise.all(proxies.map((proxy) => proxy.start())), 600)
  expect(await all).toEqual(range(0, 200))
})

test('a liar is quarantined at its first lie and asked nothing more; all blocks are true', async () => {
  const [liar, honest] = [await startNode(), await startNode()]
  liar.faults.add({ kind: 'tamper', part: 'header' })
  const { pool, readAll, lines } = startPool([liar.rpcUrl, honest.rpcUrl])
  await pool.look(never)
  expect(await readAll(0, 100)).toEqual(range(0, 100))
  const asked = JSON.stringify(liar.calls())
  expect(liar.calls().chain_get_block).toBeLessThan(17)
  await readAll(0, 50)
  await pool.look(never)
  expect(JSON.stringify(liar.calls())).toBe(asked)
  expect(lines.filter(({ event }) => event === 'node quarantined')).toHaveLength(1)
})

test('a sidecar with its rate limit beside a free node: all comes, and the limit is kept to', async () => {
  const limited = await startNode({ rateLimit: { burst: 10, perSecond: 1 } })
  const free = await startNode()
  const { readAll, pool } = startPool([limited.rpcUrl, free.rpcUrl])
  expect(await readAll(0, 200)).toEqual(range(0, 200))
  expect(pool.states()[0]).toMatchObject({ limit: 1 })
  expect(pool.states()[0]?.failed).toBeLessThan(20)
})

test('1.x nodes and sidecars are mixed: blocks of both are the same', async () => {
  const old = createRecordedNode({ recording: recorded('casper-upgrade', 'node-1x'), start: 200 })
  await old.listen()
  closing.push(() => old.close())
  const sidecar = await startNode()
  const { readAll, pool } = startPool([old.rpcUrl, sidecar.rpcUrl])
  expect(await readAll(0, 150)).toEqual(range(0, 150))
  expect(pool.states().map(({ shape }) => shape)).toEqual(['1.x', 'sidecar'])
  expect(old.calls().chain_get_block).toBeGreaterThan(20)
  expect(sidecar.calls().chain_get_block).toBeGreaterThan(20)
})

test('the states name no credentials', async () => {
  const node = await startNode()
  const { pool } = startPool([node.rpcUrl.replace('http://', 'http://user:secret@')])
  await pool.look(never).catch(() => {})
  expect(JSON.stringify(pool.states())).not.toMatch(/secret|user/)
})
