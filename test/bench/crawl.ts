import { CRAWLER_HEAP } from '../../scripts/parts.ts'
import { readUse, startProgram } from './programs.ts'
import { openStore } from './store.ts'

/*
 * First crawl of a recorded chain: recorded node, crawler and MariaDB as separate processes on this machine. Counts from
 * the first commit's fetch to the last commit, start-up of the programs left out.
 */

const CHAINS = [
  'crawler/devnet/chains/casper-upgrade',
  'test/fixtures/recordings/casper-1x',
  'test/fixtures/recordings/casper-2x',
]

/** @returns blocks a second, and the crawler's peak memory in MB */
async function benchCrawl(
  chain: string,
  databaseUrl: string,
): Promise<{ blocks: number; perSecond: number; memory: number }> {
  const node = startProgram('crawler/devnet/main.ts', { args: ['--chain', chain] })
  const { rpcUrl = '' } = await node.said(({ rpcUrl }) => rpcUrl !== undefined)
  const crawler = startProgram('crawler/main.ts', {
    flags: CRAWLER_HEAP,
    // As `npm start` sets them.
    env: { CASPER_NODES: rpcUrl, DATABASE_URL: databaseUrl, NODE_CONNECTIONS: '2', NODE_PIPELINE: '32' },
  })
  try {
    const { time: began = '' } = await crawler.said(({ event }) => event === 'crawling')
    const { time: ended = '', height = 0 } = await crawler.said(
      ({ event, height, tip }) => event === 'committed' && height === tip,
    )
    const seconds = (Date.parse(ended) - Date.parse(began)) / 1000
    const memory = Math.round(readUse(crawler.pid).peak)
    return { blocks: height + 1, perSecond: Math.round((height + 1) / seconds), memory }
  } finally {
    await crawler.stop()
    await node.stop()
  }
}

const store = await openStore()
try {
  for (const chain of CHAINS) {
    const { writerUrl } = await store.create()
    const { blocks, perSecond, memory } = await benchCrawl(chain, writerUrl)
    console.log(`${chain}: ${blocks} blocks at ${perSecond} a second, crawler's peak memory ${memory} MB`)
  }
} finally {
  await store.remove()
}
