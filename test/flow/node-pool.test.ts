import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, expect, test } from 'vitest'
import { createLog } from '../../crawler/log.ts'
import { systemClock } from '../../crawler/node/pool/clock.ts'
import { createNodePool } from '../../crawler/node/pool/pool.ts'
import { createRpc } from '../../crawler/node/rpc.ts'
import { verifyBlock, verifyParent } from '../../crawler/verify/verify.ts'

const MAIN = join(import.meta.dirname, '../../crawler/devnet/main.ts')
const children: ChildProcess[] = []
afterAll(() => children.forEach((child) => child.kill('SIGKILL')))

/** A node as a process of its own. */
async function spawnNode(port = 0): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [MAIN, '--start', '300', '--port', `${port}`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
    return { child, url: (JSON.parse(line) as { rpcUrl: string }).rpcUrl }
  }
  throw new Error('the node said nothing')
}

test('nodes are killed and started while a chain is read: every height comes, each on the one before', async () => {
  const nodes = await Promise.all([spawnNode(), spawnNode(), spawnNode()])
  const lines: { event: string; node: string }[] = []
  const pool = createNodePool(
    { urls: nodes.map(({ url }) => url), connections: 4, lookTimeoutMs: 1_000, patienceMs: 30_000 },
    {
      connect: (url) =>
        createRpc({ url, connections: 4, pipeline: 1, timeoutMs: 2_000, maxBytes: 8_000_000 }),
      clock: systemClock,
      random: Math.random,
      log: createLog((line) => lines.push(JSON.parse(line))),
    },
  )
  const { signal } = new AbortController()
  const read = (height: number) =>
    pool.use(
      { heights: height },
      async (node, inner) => {
        const block = await node.readBlock(height, inner)
        if (block === null) throw new Error(`no block ${height}`)
        verifyBlock(block, height)
        return block
      },
      signal,
    )
  let parent: string | null = null
  for (let from = 0; from <= 300; from += 10) {
    const heights = Array.from({ length: Math.min(10, 301 - from) }, (_, index) => from + index)
    const blocks = Promise.all(heights.map(read))
    // Killed with questions under way: one node, then another, then the last one as well, and one comes back.
    if (from === 50) nodes[0]?.child.kill('SIGKILL')
    if (from === 100) nodes[1]?.child.kill('SIGKILL')
    if (from === 150) {
      nodes[2]?.child.kill('SIGKILL')
      await spawnNode(Number(new URL(nodes[0]?.url as string).port))
    }
    for (const block of await blocks) {
      if (parent !== null) verifyParent(block, parent)
      parent = block.hash
    }
  }
  expect(pool.states().map(({ isHealthy }) => isHealthy)).toEqual([true, false, false])
  expect(pool.tip()?.height).toBe(300)
  await pool.close()
})
