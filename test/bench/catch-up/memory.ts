import { setTimeout as sleep } from 'node:timers/promises'
import { readUse } from '../programs.ts'
import type { Store } from '../store.ts'
import { printTable } from '../table.ts'
import { startCrawler, startNode } from './rig.ts'

/** More than the crawler gets through, so that it never rests: the node computes their hashes first, some 40 µs each. */
const MOST_PER_SECOND = 1_000
const SAMPLE_SECONDS = 5
/** Rows of the table. */
const PARTS = 10

/**
 * The crawler's memory while it catches up without a rest, with transfers and eras of 15,000 rewards.
 * @param seconds how long
 */
export async function runMemory(store: Store, seconds: number): Promise<void> {
  const blocks = Math.ceil((seconds + 10) * MOST_PER_SECOND)
  const rewards = { validators: 100, delegators: 150, era: 2_000, accounts: 50_000 }
  const node = await startNode({ ...rewards, blocks, transfers: 5, delay: 20 })
  const { writerUrl } = await store.create()
  const crawler = startCrawler(node, writerUrl)
  let height = 0
  crawler.onLine((line) => {
    if (line.event === 'committed') height = line.height ?? height
  })
  try {
    await crawler.said(({ event }) => event === 'crawling')
    const samples: { readonly memory: number; readonly height: number }[] = []
    for (let passed = 0; passed < seconds; passed += SAMPLE_SECONDS) {
      await sleep(SAMPLE_SECONDS * 1000)
      samples.push({ memory: readUse(crawler.pid).memory, height })
    }
    print(samples, readUse(crawler.pid).peak)
  } finally {
    await crawler.stop()
    await node.stop()
  }
}

function print(samples: readonly { readonly memory: number; readonly height: number }[], peak: number): void {
  const length = Math.max(1, Math.ceil(samples.length / PARTS))
  const rows: string[][] = []
  for (let from = 0; from < samples.length; from += length) {
    const part = samples.slice(from, from + length)
    const sorted = part.map(({ memory }) => memory).sort((a, b) => a - b)
    const figures = [sorted[0], sorted[sorted.length >> 1], sorted.at(-1)]
    const until = (from + part.length) * SAMPLE_SECONDS
    rows.push([`${until}`, `${part.at(-1)?.height}`, ...figures.map((figure = 0) => figure.toFixed(0))])
  }
  console.log(`the crawler's memory while it catches up; at most ${peak.toFixed(0)} MB of the wanted 300`)
  printTable([['seconds', 'height', 'least, MB', 'median', 'most'], ...rows])
}
