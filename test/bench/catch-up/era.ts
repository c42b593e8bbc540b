import { followEvents } from '../../../crawler/node/events.ts'
import { createRpc } from '../../../crawler/node/rpc.ts'
import type { Store } from '../store.ts'
import { printTable, toFigure } from '../table.ts'
import { watchCommitSeconds } from './commit-seconds.ts'
import { type Node, readUses, startCrawler, startNode, type Uses } from './rig.ts'

const VALIDATORS = 100
const DELEGATORS = 150
const ERA = 10
/** The first inserts 15,000 parties too; what follows is what a crawler at the tip sees. */
const ERAS = 5

interface Close {
  readonly height: number
  /** Seconds from the node's BlockAdded to the end of the commit, and of the commit alone. */
  readonly whole: number
  readonly seconds: number
  /** Seconds of processor time meanwhile. */
  readonly crawler: number
  readonly mariadb: number
  /** The crawler's memory at most so far, in MB. */
  readonly peak: number
}

/**
 * Closes of eras with 15,000 rewards at the tip, where each block is a commit of its own: from the moment when the node
 * has the switch block until all of its rows are stored, the auction's state included.
 */
export async function runEra(store: Store): Promise<void> {
  const options = { validators: VALIDATORS, delegators: DELEGATORS, era: ERA, transfers: 5 }
  const node = await startNode({ ...options, blocks: 2, pace: 0.5, delay: 20 })
  const { writerUrl } = await store.create()
  try {
    const closes = await followCloses(node, writerUrl, store)
    const asked = await askAlone(node, closes.at(-1)?.height ?? ERA)
    console.log(`closes of eras with ${VALIDATORS * DELEGATORS} delegators' rewards, at the tip`)
    printTable([
      [
        'era',
        'seconds until stored',
        'of them commit',
        'node alone',
        'crawler CPU s',
        'mariadbd CPU s',
        'MB',
      ],
      ...closes.map(({ whole, seconds, crawler, mariadb, peak }, i) => [
        `${i + 1}`,
        ...[whole, seconds, asked, crawler, mariadb].map(toFigure),
        peak.toFixed(0),
      ]),
    ])
  } finally {
    await node.stop()
  }
}

async function followCloses(node: Node, databaseUrl: string, store: Store): Promise<readonly Close[]> {
  const metrics = await watchCommitSeconds()
  const env = { ...metrics.env, CASPER_EVENTS: node.eventsUrl }
  const crawler = startCrawler(node, databaseUrl, env)
  const ended = new AbortController()
  const addedAt = new Map<number, number>()
  const processes = { crawler, node, mariadb: store.server }
  const usesAt = new Map<number, Uses>()
  const events = followEvents(
    node.eventsUrl,
    (block) => {
      if (block === null) return
      addedAt.set(block.height, Date.now())
      if (isSwitch(block.height)) usesAt.set(block.height, readUses(processes))
    },
    ended.signal,
  )
  try {
    const commits = await metrics.follow(processes, ({ height }) => height >= ERA * ERAS)
    return commits.flatMap(({ height, time, seconds, uses }) => {
      const added = addedAt.get(height)
      if (!isSwitch(height) || added === undefined) return []
      const before = usesAt.get(height) ?? uses
      const cpu = (of: keyof Uses) => uses[of].cpu - before[of].cpu
      const { peak } = uses.crawler
      return {
        height,
        whole: (time - added) / 1000,
        seconds,
        crawler: cpu('crawler'),
        mariadb: cpu('mariadb'),
        peak,
      }
    })
  } finally {
    ended.abort()
    await Promise.all([events, crawler.stop()])
  }
}

const isSwitch = (height: number) => height > 0 && height % ERA === 0

/** Seconds in which the node gives the large answers of an era's end to someone who does nothing with them. */
async function askAlone(node: Node, height: number): Promise<number> {
  const rpc = createRpc({
    url: node.rpcUrl,
    connections: 4,
    pipeline: 1,
    timeoutMs: 20_000,
    maxBytes: 64 * 1024 * 1024,
  })
  const block_identifier = { Height: height }
  try {
    const began = performance.now()
    await rpc.call('chain_get_block', { block_identifier })
    await Promise.all([
      rpc.call('chain_get_era_summary', { block_identifier }),
      rpc.call('state_get_auction_info_v2', { block_identifier }),
    ])
    return (performance.now() - began) / 1000
  } finally {
    rpc.close()
  }
}
