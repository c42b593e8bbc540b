import { setTimeout as sleep } from 'node:timers/promises'
import type { Store } from '../store.ts'
import { printTable, toFigure, toPercent } from '../table.ts'
import { readUses, startCrawler, startNode } from './rig.ts'

/** Seconds from one block of the network to the next. */
const BLOCK_TIME = 8

/** Connections made, code compiled. */
const WARM_UP = 15

/**
 * What following the tip costs, with events: at the network's pace, and eight times as fast, which tells a block's cost
 * from that of being there.
 * @param seconds of each
 */
export async function runTip(store: Store, seconds: number): Promise<void> {
  const rows: string[][] = []
  for (const pace of [BLOCK_TIME, 1]) rows.push(await follow(store, pace, seconds))
  console.log('following the tip, five transfers a block')
  printTable([
    ['a block each', 'blocks', 'crawler, of a core', 'mariadbd, of a core', 'crawler, ms a block', 'MB'],
    ...rows,
  ])
}

async function follow(store: Store, pace: number, seconds: number): Promise<string[]> {
  const options = { validators: 100, delegators: 20, era: 900, transfers: 5 }
  const node = await startNode({ ...options, blocks: 20, pace, delay: 20 })
  const { writerUrl } = await store.create()
  const crawler = startCrawler(node, writerUrl, { CASPER_EVENTS: node.eventsUrl })
  const processes = { crawler, node, mariadb: store.server }
  let blocks = 0
  crawler.onLine(({ event, blocks: committed = 0 }) => {
    if (event === 'committed') blocks += committed
  })
  try {
    await crawler.said(({ event, height, tip }) => event === 'committed' && height === tip)
    await sleep(WARM_UP * 1000)
    const before = readUses(processes)
    const blocksBefore = blocks
    const began = performance.now()
    await sleep(seconds * 1000)
    const after = readUses(processes)
    const count = blocks - blocksBefore
    const elapsed = (performance.now() - began) / 1000
    const cpu = after.crawler.cpu - before.crawler.cpu
    return [
      `${pace} s`,
      `${count}`,
      toPercent(cpu / elapsed),
      toPercent((after.mariadb.cpu - before.mariadb.cpu) / elapsed),
      toFigure((cpu * 1000) / count),
      after.crawler.peak.toFixed(0),
    ]
  } finally {
    await crawler.stop()
    await node.stop()
  }
}
