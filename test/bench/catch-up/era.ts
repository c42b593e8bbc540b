import { followEvents } from '../../../crawler/node/events.ts'
import { createRpc } from '../../../crawler/node/rpc.ts'
import { printTable, toFigure } from '../table.ts'
import { watchCommitSeconds } from './commit-seconds.ts'
import { followCommits, type Node, readUses, startCrawler, startNode, type Uses } from './rig.ts'
import type { Store } from './store.ts'

const VALIDATORS = 100
const DELEGATORS = 150
const ERA = 10
/** The first inserts 15,000 parties too; what follows is what a crawler at the tip sees. */
const ERAS = 5

interface Close {
  readonly height: number
  /** Milliseconds from the node's BlockAdded to the end of the commit, and of the commit alone. */
  readonly whole: number
  readonly commit: number
  readonly uses: Uses
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
      ...closes.map(({ whole, commit, uses }, i) => [
        `${i + 1}`,
        toFigure(whole / 1000),
        toFigure(commit / 1000),
        toFigure(asked / 1000),
        toFigure(uses.crawler.cpu),
        toFigure(uses.mariadb.cpu),
        uses.crawler.peak.toFixed(0),
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
  let before = readUses(processes)
  const events = followEvents(
    node.eventsUrl,
    (block) => {
      if (block === null) return
      addedAt.set(block.height, Date.now())
      if (isSwitch(block.height)) before = readUses(processes)
    },
    ended.signal,
  )
  const closes: Close[] = []
  let seconds = Promise.resolve(0)
  try {
    await followCommits(processes, ({ height, time, uses }) => {
      const sum = metrics.read()
      const last = seconds
      seconds = sum
      const added = addedAt.get(height)
      if (!isSwitch(height) || added === undefined) return false
      const cpu = {
        crawler: { ...uses.crawler, cpu: uses.crawler.cpu - before.crawler.cpu },
        mariadb: { ...uses.mariadb, cpu: uses.mariadb.cpu - before.mariadb.cpu },
        node: uses.node,
      }
      Promise.all([last, sum]).then(([from, to]) =>
        closes.push({ height, whole: time - added, commit: (to - from) * 1000, uses: cpu }),
      )
      return height >= ERA * ERAS
    })
    await seconds
    return closes
  } finally {
    ended.abort()
    await Promise.all([events, crawler.stop()])
  }
}

const isSwitch = (height: number) => height > 0 && height % ERA === 0

/** Milliseconds in which the node gives the large answers of an era's end to someone who does nothing with them. */
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
    return performance.now() - began
  } finally {
    rpc.close()
  }
}
