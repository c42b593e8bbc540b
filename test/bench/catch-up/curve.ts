import mysql, { type RowDataPacket } from 'mysql2/promise'
import { startProgram } from '../programs.ts'
import type { Store } from '../store.ts'
import { printTable, toFigure, toPercent } from '../table.ts'
import { type TimedCommit, watchCommitSeconds } from './commit-seconds.ts'
import { ERA } from './curve-chain.ts'
import { fill } from './fill.ts'
import { type Node, startCrawler } from './rig.ts'

/**
 * The rate of a crawl of two eras, 5,000 blocks with five transfers each and two closes of 15,000 rewards, as the store
 * grows. Between the sizes it is filled by SQL with copies of a crawled era.
 * @param sizes in blocks, ascending
 */
export async function runCurve(store: Store, sizes: readonly number[]): Promise<void> {
  const { name, writerUrl } = await store.create()
  const measured: Measured[] = []
  for (const size of [0, ...sizes.filter((size) => size > 0)]) {
    const height = Math.ceil(size / ERA) * ERA
    const began = performance.now()
    const node = await startCurveNode(height)
    try {
      if (height > 0) await fill(store, name, node, height)
      const filled = performance.now()
      const figures = await crawl(node, writerUrl, store, height)
      measured.push({ ...figures, ...(await readSize(store, name)) })
      const took = [(filled - began) / 1000, (performance.now() - filled) / 1000].map(toFigure)
      console.error(`${height} blocks: filled in ${took[0]} s, crawled in ${took[1]} s`)
    } finally {
      await node.stop()
    }
  }
  print(measured)
}

interface Crawled {
  readonly perSecond: number
  /** Milliseconds of commits for a block. */
  readonly commit: number
  /** Seconds of the slower commit of an era's end. */
  readonly close: number
  /** Microseconds of processor time for a block. */
  readonly crawler: number
  readonly mariadb: number
  /** Share of the time in which the crawler had no core. */
  readonly waited: number
}

interface Measured extends Crawled {
  readonly blocks: number
  readonly rewards: number
  /** Of tables and indexes. */
  readonly gigabytes: number
}

async function startCurveNode(height: number): Promise<Node> {
  const program = startProgram('test/bench/catch-up/curve-node.ts', { args: [`${height}`] })
  const { rpcUrl = '', eventsUrl = '', tip = 0 } = await program.said(({ rpcUrl }) => rpcUrl !== undefined)
  return { ...program, rpcUrl, eventsUrl, tip }
}

async function crawl(node: Node, databaseUrl: string, store: Store, height: number): Promise<Crawled> {
  const metrics = await watchCommitSeconds()
  const crawler = startCrawler(node, databaseUrl, { ...metrics.env, AUCTION_STATE: 'off' })
  try {
    const processes = { crawler, node, mariadb: store.server }
    const commits = await metrics.follow(processes, (mark) => mark.height === node.tip)
    const first = commits.findIndex((commit) => commit.height >= height + ERA)
    const from = commits[first] as TimedCommit
    const to = commits.at(-1) as TimedCommit
    const counted = commits.slice(first + 1)
    const blocks = to.height - from.height
    const cost = (of: 'crawler' | 'mariadb') => ((to.uses[of].cpu - from.uses[of].cpu) * 1e6) / blocks
    const closes = counted.filter((commit) => commit.height % ERA === 0)
    return {
      perSecond: (blocks * 1000) / (to.time - from.time),
      commit: (counted.reduce((sum, { seconds }) => sum + seconds, 0) * 1000) / blocks,
      close: Math.max(...closes.map(({ seconds }) => seconds)),
      crawler: cost('crawler'),
      mariadb: cost('mariadb'),
      waited: ((to.uses.crawler.waited - from.uses.crawler.waited) * 1000) / (to.time - from.time),
    }
  } finally {
    await crawler.stop()
  }
}

async function readSize(store: Store, database: string) {
  const connection = await mysql.createConnection({ uri: store.server.adminUrl, database })
  try {
    const [[row]] = await connection.query<RowDataPacket[]>(
      `SELECT (SELECT COUNT(*) FROM blocks) AS blocks, (SELECT COUNT(*) FROM rewards) AS rewards,
        (SELECT SUM(data_length + index_length) FROM information_schema.tables
          WHERE table_schema = DATABASE() AND table_name NOT LIKE 'template%') AS bytes`,
    )
    return {
      blocks: Number(row?.blocks),
      rewards: Number(row?.rewards),
      gigabytes: Number(row?.bytes) / 1e9,
    }
  } finally {
    await connection.end()
  }
}

function print(measured: readonly Measured[]): void {
  const empty = measured[0] as Measured
  console.log('two eras of 2,500 blocks with five transfers each and 15,000 rewards, as the store grows')
  printTable([
    [
      'blocks',
      'rewards',
      'GB',
      'blocks/s',
      'of empty',
      'had it a core',
      'commit ms/block',
      'era close s',
      'crawler µs',
      'mariadbd µs',
      'no core',
    ],
    ...measured.map((one) => [
      ...[one.blocks, one.rewards].map((count) => count.toLocaleString('en')),
      one.gigabytes.toFixed(2),
      toFigure(one.perSecond),
      (one.perSecond / empty.perSecond).toFixed(2),
      toFigure(one.perSecond / (1 - one.waited)),
      ...[one.commit, one.close, one.crawler, one.mariadb].map(toFigure),
      toPercent(one.waited),
    ]),
  ])
}
