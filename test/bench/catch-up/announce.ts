import type { Store } from '../store.ts'
import { printTable, toFigure, toPercent } from '../table.ts'
import { startEdges } from './edges.ts'
import { readUses, startCrawler, startNode } from './rig.ts'
import { type Sight, watch } from './sight.ts'

const ERA = 10
/** Blocks that are not counted: connections made, code compiled. */
const WARM_UP = 10

interface Commit {
  readonly height: number
  /** When the crawler said so, in milliseconds since 1970. */
  readonly time: number
}

/**
 * From the crawler's `committed` line to the first answer of an edge that shows the block: both runtimes as they are
 * run, over the real gateway and store, each asked every 20 ms.
 * @param paces seconds from one block to the next
 * @param count blocks of each pace
 */
export async function runAnnounce(store: Store, paces: readonly number[], count: number): Promise<void> {
  const rows: string[][] = []
  for (const pace of paces) rows.push(...(await follow(store, pace, count)))
  console.log('milliseconds from a commit to the first answer that shows it')
  printTable([['a block each', 'edge', 'answer', 'blocks', 'p50', 'p99', 'most', 'no core'], ...rows])
}

async function follow(store: Store, pace: number, count: number): Promise<string[][]> {
  const node = await startNode({
    validators: 20,
    delegators: 10,
    era: ERA,
    transfers: 5,
    blocks: 20,
    pace,
    delay: 20,
  })
  const database = await store.create()
  const edges = await startEdges(database, node.rpcUrl)
  const crawler = startCrawler(node, database.writerUrl, {
    CASPER_EVENTS: node.eventsUrl,
    EDGE_URLS: edges.edges.map(({ url }) => url).join(),
    PURGE_TOKEN: edges.purgeToken,
  })
  const over = new AbortController()
  const sights: Sight[] = []
  try {
    const first = await crawler.said(({ event, height, tip }) => event === 'committed' && height === tip)
    for (const edge of edges.edges) sights.push(...watch(edge, edges.loadtestToken, over.signal))
    const from = (first.height ?? 0) + WARM_UP
    const processes = { crawler, node, mariadb: store.server }
    const before = readUses(processes).crawler
    const began = performance.now()
    const commits: Commit[] = []
    await crawler.said(({ event, height = 0, time = '' }) => {
      if (event === 'committed' && height > from) commits.push({ height, time: Date.parse(time) })
      return commits.length >= count
    })
    // The last one must be seen too.
    await Promise.all(sights.map((sight) => sight.shows(toCounted(sight, commits).at(-1)?.height ?? 0)))
    const share = ((readUses(processes).crawler.waited - before.waited) * 1000) / (performance.now() - began)
    const waited = toPercent(share)
    return sights.map((sight) => [...toRow(pace, sight, toCounted(sight, commits)), waited])
  } finally {
    over.abort()
    await Promise.allSettled(sights.map(({ done }) => done))
    await crawler.stop()
    await edges.stop()
    await node.stop()
  }
}

/** An era's end shows at its last block alone. */
function toCounted({ path }: Sight, commits: readonly Commit[]): readonly Commit[] {
  return path === '/era' ? commits.filter(({ height }) => height % ERA === 0) : commits
}

function toRow(pace: number, { edge, path, seenAt }: Sight, counted: readonly Commit[]): string[] {
  // An edge that asks the store at the right moment may show a block before the crawler's line of it is written.
  const waits = counted.map(({ height, time }) => Math.max(0, (seenAt(height) ?? Number.NaN) - time))
  const sorted = waits.sort((a, b) => a - b)
  const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
  return [`${pace} s`, edge, path, `${sorted.length}`, ...[at(0.5), at(0.99), at(1)].map(toFigure)]
}
