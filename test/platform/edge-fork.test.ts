import { afterAll, describe, expect, test } from 'vitest'
import { createGeneratedChain } from '../../crawler/devnet/generated/chain.ts'
import { createSqlGateway } from '../../crawler/sql-gateway/gateway.ts'
import { ASKS_TO_KEEP } from '../../src/middleware/hot.ts'
import { LOADTEST_HEADER } from '../../src/middleware/rate-limit.ts'
import { useStore } from '../contract/store-suite.ts'
import { startCrawl } from '../support/chain.ts'
import { useGeneratedNode } from '../support/generated.ts'
import { connectTo, readRows } from '../support/stored.ts'
import { LOADTEST_TOKEN, type RunningEdge, type StartEdge, startDeno, startWorkerd } from './edge-runtimes.ts'

/*
 * A tail of fifty blocks is given up for another, over pages of closed history that an edge holds in every tier. Nobody
 * tells the edge: an announcement reaches one data centre, and this is another one.
 */

const USER = 'edge'
const PASSWORD = 'a.long~enough_test-password'
/** Eras of two blocks: a page of 512 eras and one of 1,024 blocks are closed below the tip. */
const TIP = 1_060
const FORK = 1_010
const chain = createGeneratedChain({
  network: 'casper-forked',
  validators: 3,
  delegatorsPerValidator: 1,
  blocksPerEra: 2,
  transfersPerBlock: (height) => (height % 7 === 0 || height > FORK - 20 ? 2 : 0),
  effects: 'short',
  forks: [{ from: FORK, seed: 9 }],
})

/** Of the page below the cut, of the pages that it goes through, of segments, of the head, and of no page at all. */
const HEIGHTS = [7, 1_005, FORK - 1, FORK, 1_020, 1_030, 1_050]
const ERAS = [10, 500, 504, 506, 511, 520]
const QUESTIONS = [
  ...HEIGHTS.map((height) => `/block?blockHeight=${height}`),
  ...[FORK - 1, FORK, 1_050].map((height) => `/block?hash=${chain.header(height).hash}`),
  ...ERAS.flatMap((era) => [`/v1/eras/${era}`, `/transfersByEraId?eraId=${era}`, `/era/total?eraId=${era}`]),
  `/v1/blocks?fromBlock=1000&toBlock=1040&limit=100`,
  `/v1/transfers?fromBlock=1000&toBlock=1040&limit=100`,
  `/v1/blocks/1030/transactions`,
]

async function ask(edge: RunningEdge, path: string) {
  const response = await fetch(edge.url + path, { headers: { [LOADTEST_HEADER]: LOADTEST_TOKEN } })
  return { status: response.status, body: await response.text(), from: response.headers.get('cache-status') }
}

async function askAll(edge: RunningEdge): Promise<Record<string, string>> {
  const answers: Record<string, string> = {}
  for (const path of QUESTIONS) {
    const { status, body } = await ask(edge, path)
    answers[path] = `${status} ${body}`
  }
  return answers
}

describe.each<[name: string, start: StartEdge]>([
  ['deno', startDeno],
  ['workerd', startWorkerd],
])('%s', async (name, start) => {
  const store = await useStore()
  const gateway = createSqlGateway({
    databaseUrl: store.readerUrl,
    user: USER,
    password: PASSWORD,
    log: () => {},
  })
  await gateway.listen(0)
  const url = gateway.url.replace('//', `//${USER}:${PASSWORD}@`)
  const running = new Set<RunningEdge>()
  const open = async (starting: Promise<RunningEdge>) => {
    const edge = await starting
    running.add(edge)
    return edge
  }
  const restart = (edge: RunningEdge) => {
    running.delete(edge)
    return open(edge.restart())
  }
  afterAll(async () => {
    for (const edge of running) await edge.stop()
    await gateway.close()
  })

  test('answers of a tail that was given up are given by no tier', async () => {
    const node = await useGeneratedNode({ chain, tip: TIP })
    const sql = await connectTo(store.readerUrl)
    const readTip = async () =>
      (await readRows<{ height: number }>(sql, 'SELECT height FROM checkpoint'))[0]?.height
    const crawl = startCrawl(node.rpcUrl, store.writerUrl, { auction: 'off' })
    await expect.poll(readTip, { timeout: 120_000 }).toBe(TIP)

    let edge = await open(start(url))
    for (let i = 0; i < ASKS_TO_KEEP + 1; i++) await askAll(edge)
    const before = await askAll(edge)
    // So that every answer is known to lie in a tier below memory too.
    if (name === 'deno') {
      edge = await restart(edge)
      expect((await ask(edge, '/block?blockHeight=1020')).from).toContain('hit')
      expect(await askAll(edge)).toEqual(before)
    }

    node.switchFork(1)
    node.setTip(TIP + 2)
    await expect.poll(readTip, { timeout: 120_000 }).toBe(TIP + 2)
    await crawl.stop()
    await sql.end()
    const fresh = await askAll(await open(startDeno(url)))
    const changed = QUESTIONS.filter((path) => fresh[path] !== before[path])
    expect(changed).toEqual(
      expect.arrayContaining(['/block?blockHeight=1020', '/v1/eras/506', '/transfersByEraId?eraId=506']),
    )
    expect(changed).not.toContain('/block?blockHeight=7')

    await expect.poll(() => askAll(edge), { timeout: 60_000, interval: 1_000 }).toEqual(fresh)
    if (name === 'deno') {
      edge = await restart(edge)
      expect(await askAll(edge)).toEqual(fresh)
    }
    await gateway.close()
    expect(await askAll(edge)).toEqual(fresh)
  }, 300_000)
})
