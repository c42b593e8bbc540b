import type { Store } from '../store.ts'
import { printTable, toFigure, toPercent } from '../table.ts'
import { insertAlone } from './inserts-alone.ts'
import { askNodeAlone } from './node-alone.ts'
import { followCommits, type Mark, startCrawler, startNode, type Uses } from './rig.ts'

/** Until the engine has compiled what is hot, and the connections are there. */
const WARM_UP = 2

export interface Flood {
  readonly name: string
  readonly transfers: number
  /** Blocks a second that are wanted. */
  readonly wanted: number
}

/**
 * A first crawl of a long generated chain whose every answer is 20 ms late, and in the same run its two bounds: the node
 * alone and the inserts alone.
 * @param seconds how long the crawl is counted, after its first two seconds
 */
export async function runFlood({ name, transfers, wanted }: Flood, store: Store, seconds: number) {
  const blocks = Math.round((seconds + WARM_UP + 2) * wanted * 1.5)
  const node = await startNode({ blocks, transfers, delay: 20, era: 600 })
  const { writerUrl } = await store.create()
  const { writerUrl: bareUrl } = await store.create()
  try {
    const alone = await askNodeAlone(node, seconds / 2, WARM_UP)
    const crawled = await crawl(node, writerUrl, store, seconds)
    const inserted = await insertAlone(writerUrl, bareUrl, Math.min(crawled.reached, 20_000), store.server)
    const { perSecond, cpu, waited, peak } = crawled
    const ratio = (against: number) => (perSecond / against).toFixed(2)
    const part = (value: number) => value.toFixed(0)
    console.log(
      `${name}: ${crawled.counted} blocks counted; for ${toPercent(waited)} of the time the crawler had no core`,
    )
    printTable([
      ['what', 'blocks/s', 'ratio', 'crawler µs', 'mariadbd µs', 'node µs', 'crawler at most, MB'],
      ['wanted', `${wanted}`, ratio(wanted), '', '', '', '300'],
      ['crawl', toFigure(perSecond), '1', part(cpu.crawler), part(cpu.mariadb), part(cpu.node), part(peak)],
      ['node alone', toFigure(alone.perSecond), ratio(alone.perSecond), '', '', part(alone.nodeCpu), ''],
      [
        'inserts alone',
        toFigure(inserted.perSecond),
        ratio(inserted.perSecond),
        '',
        part(inserted.cpu),
        '',
        '',
      ],
    ])
    return crawled
  } finally {
    await node.stop()
  }
}

interface Crawled {
  readonly perSecond: number
  /** Blocks in the time that counts. */
  readonly counted: number
  /** Blocks in the store at last. */
  readonly reached: number
  /** Microseconds of processor time for a block. */
  readonly cpu: Readonly<Record<keyof Uses, number>>
  /** Share of the time in which the crawler was ready and had no core. */
  readonly waited: number
  /** The crawler's memory at most, in MB. */
  readonly peak: number
}

async function crawl(
  node: Awaited<ReturnType<typeof startNode>>,
  databaseUrl: string,
  store: Store,
  seconds: number,
): Promise<Crawled> {
  const crawler = startCrawler(node, databaseUrl)
  try {
    const { time } = await crawler.said(({ event }) => event === 'crawling')
    const began = Date.parse(time ?? '') + WARM_UP * 1000
    const isCounted = (mark: Mark) => mark.time >= began
    const marks = await followCommits(
      { crawler, node, mariadb: store.server },
      ({ height, time }) => height === node.tip || time >= began + seconds * 1000,
    )
    const from = marks.find(isCounted)
    const to = marks.at(-1)
    if (from === undefined || to === undefined || from === to) throw new Error('the chain was too short')
    const counted = to.height - from.height
    const cost = (of: keyof Uses) => ((to.uses[of].cpu - from.uses[of].cpu) * 1e6) / counted
    const milliseconds = to.time - from.time
    return {
      perSecond: (counted * 1000) / milliseconds,
      counted,
      reached: to.height + 1,
      cpu: { crawler: cost('crawler'), mariadb: cost('mariadb'), node: cost('node') },
      waited: ((to.uses.crawler.waited - from.uses.crawler.waited) * 1000) / milliseconds,
      peak: to.uses.crawler.peak,
    }
  } finally {
    await crawler.stop()
  }
}
