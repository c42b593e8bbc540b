import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSqlGateway } from '../../crawler/sql-gateway/gateway.ts'
import { LOADTEST_HEADER } from '../../src/middleware/rate-limit.ts'
import { buildChain } from '../contract/store-chain.ts'
import { toChange } from '../contract/store-changes.ts'
import { useStore } from '../contract/store-suite.ts'
import { LOADTEST_TOKEN, type RunningEdge, startDeno } from './edge-runtimes.ts'

/* What the edge under Deno leaves on the disk of somebody who asks ever new questions. */

const USER = 'edge'
const PASSWORD = 'a.long~enough_test-password'
const MB = 1_048_576
const folder = mkdtempSync(join(tmpdir(), 'edge-disk-'))
const store = await useStore()
let gateway: ReturnType<typeof createSqlGateway>

beforeAll(async () => {
  await store.writer.commit(toChange(buildChain({ heights: 60, blocksPerEra: 10 })))
  gateway = createSqlGateway({ databaseUrl: store.readerUrl, user: USER, password: PASSWORD, log: () => {} })
  await gateway.listen(0)
})
afterAll(async () => {
  await gateway?.close()
  rmSync(folder, { recursive: true, force: true })
})

function sizeOf(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}

/** Distinct questions, each with an answer of its own to keep. */
async function flood(edge: RunningEdge, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 20) {
    const asking = Array.from({ length: 20 }, async (_, index) => {
      const response = await fetch(
        `${edge.url}/block?filter={"where":{"blockHeight":{"gt":-${n + index}}}}`,
        {
          headers: { [LOADTEST_HEADER]: LOADTEST_TOKEN },
        },
      )
      expect(response.status).toBe(200)
      await response.arrayBuffer()
    })
    await Promise.all(asking)
  }
}

test('distinct questions fill a bounded room on the disk, which a restart does not forget', async () => {
  const settings = {
    DATA_DIR: join(folder, 'data'),
    DENO_DIR: join(folder, 'deno'),
    DISK_MB: '2',
    CACHE_MB: '1',
  }
  const edge = await startDeno(gateway.url.replace('//', `//${USER}:${PASSWORD}@`), settings)
  const sizes: number[] = []
  const measure = () =>
    sizes.push((sizeOf(settings.DATA_DIR) + sizeOf(join(folder, 'deno', 'location_data'))) / MB)
  await flood(edge, 1, 601)
  measure()
  const next = await edge.restart()
  try {
    await flood(next, 601, 1_201)
    measure()
    const answer = await fetch(`${next.url}/block?filter={"where":{"blockHeight":{"gt":-1200}}}`)
    expect(answer.status).toBe(200)
  } finally {
    await next.stop()
  }
  expect(Math.max(...sizes)).toBeLessThan(9)
}, 120_000)
