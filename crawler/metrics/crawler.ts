import type { Ms } from '../../src/domain/time.ts'
import type { StoreWriter } from '../../src/ports.ts'
import type { Change } from '../../src/store/change.ts'
import type { NodeState } from '../node/pool/contract.ts'
import { NodeUnavailableError, type Rpc, RpcError } from '../node/rpc.ts'
import type { Health } from './health.ts'
import type { Registry } from './registry.ts'

/** What others know, read when the page is asked for. */
export interface CrawlerReadings {
  readonly holdsLease: () => boolean
  readonly pending: () => readonly { readonly edge: string; readonly groups: number }[]
  readonly states: () => readonly NodeState[]
}

/** The crawl's metrics, and what is wrapped around its ports to take them: the crawl itself knows nothing of them. */
export interface CrawlerMetrics {
  store(store: StoreWriter): StoreWriter
  rpc(rpc: Rpc): Rpc
  announced(edge: string, isConfirmed: boolean): void
}

const COMMIT_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

export function defineCrawler(
  registry: Registry,
  readings: CrawlerReadings,
  health: Health,
  now: () => Ms,
): CrawlerMetrics {
  const p = 'casper_crawler'
  const blocks = registry.counter(`${p}_blocks_committed_total`, 'Blocks committed to the store.')
  const rows = registry.counter(`${p}_rows_committed_total`, 'Rows that these blocks brought, by table.')
  const seconds = registry.histogram(
    `${p}_commit_seconds`,
    'Time that a commit took, retries included.',
    COMMIT_SECONDS,
  )
  const failures = registry.counter(`${p}_commit_failures_total`, 'Commits that failed.')
  const rollbacks = registry.counter(`${p}_rollbacks_total`, 'Tails taken back for another chain.')
  const calls = registry.counter(`${p}_rpc_calls_total`, 'Questions asked of nodes, by node and outcome.')
  const announcements = registry.counter(`${p}_announcements_total`, 'Posts to edges, by edge and outcome.')

  const seen: {
    height: number | null
    time: Ms | null
    network: number | null
    networkTime: Ms | null
    at: Ms | null
  } = { height: null, time: null, network: null, networkTime: null, at: null }
  registry.gauge(`${p}_height`, 'Height of the newest committed block.', () => seen.height)
  registry.gauge(`${p}_network_height`, 'Highest height that a node has told of.', () => seen.network)
  registry.gauge(
    `${p}_lag_seconds`,
    'Time between the newest committed block and the newest of the network.',
    () =>
      seen.time === null || seen.networkTime === null
        ? null
        : Math.max(0, seen.networkTime - seen.time) / 1000,
  )
  registry.gauge(`${p}_commit_age_seconds`, 'Time since the last commit.', () =>
    seen.at === null ? null : (now() - seen.at) / 1000,
  )
  registry.gauge(`${p}_idle_seconds`, 'Time since the loop last moved.', () => health.idle())
  registry.gauge(`${p}_lease_held`, '1 while this process may write.', () => Number(readings.holdsLease()))
  registry.gauge(`${p}_announcements_pending`, 'Groups that an edge has not confirmed.', () =>
    readings.pending().map(({ edge, groups }) => ({ labels: { edge }, value: groups })),
  )
  defineNodes(registry, readings.states)

  async function commit(store: StoreWriter, change: Change): Promise<void> {
    const began = now()
    try {
      await health.during(store.commit(change))
    } catch (error) {
      failures.add()
      throw error
    }
    seconds.observe((now() - began) / 1000)
    blocks.add(change.blocks.length)
    for (const [table, value] of Object.entries(change)) {
      if (Array.isArray(value) && value.length > 0) rows.add(value.length, { table })
    }
    Object.assign(seen, { height: change.checkpoint.height, time: change.checkpoint.time, at: now() })
  }

  return {
    store: (store) => ({
      ...store,
      commit: (change) => commit(store, change),
      async readResume() {
        const resume = await health.during(store.readResume())
        if (resume !== null)
          Object.assign(seen, { height: resume.checkpoint.height, time: resume.checkpoint.time })
        return resume
      },
      async rollBack(rollback) {
        await health.during(store.rollBack(rollback))
        rollbacks.add()
        const { height, time } = rollback.to
        Object.assign(seen, { height, time })
      },
      writeHeartbeat(heartbeat) {
        Object.assign(seen, { network: heartbeat.networkHeight, networkTime: heartbeat.networkTime })
        return health.during(store.writeHeartbeat(heartbeat))
      },
    }),

    rpc(rpc) {
      const node = new URL(rpc.url).host
      const good = calls.of({ node, outcome: 'ok' })
      return {
        ...rpc,
        async call(method, params, signal) {
          try {
            const answer = await rpc.call(method, params, signal)
            good.add()
            return answer
          } catch (error) {
            calls.add(1, { node, outcome: signal?.aborted ? 'stopped' : toOutcome(error) })
            throw error
          } finally {
            health.moved()
          }
        },
      }
    },

    announced: (edge, isConfirmed) =>
      announcements.add(1, { edge, outcome: isConfirmed ? 'confirmed' : 'failed' }),
  }
}

function toOutcome(error: unknown): string {
  if (error instanceof RpcError) return 'error'
  return error instanceof NodeUnavailableError ? error.reason : 'failed'
}

/** One word for what the pool does with a node. */
export function toWord({ isHealthy, quarantinedUntil, pausedUntil }: NodeState): string {
  if (quarantinedUntil !== null) return 'quarantined'
  if (pausedUntil !== null) return 'paused'
  return isHealthy ? 'healthy' : 'unfit'
}

function defineNodes(registry: Registry, states: () => readonly NodeState[]): void {
  const gauge = (name: string, help: string, toValue: (state: NodeState) => number | null) =>
    registry.gauge(`casper_crawler_node_${name}`, help, () =>
      states().flatMap((state) => {
        const value = toValue(state)
        return value === null ? [] : [{ labels: { node: state.host }, value }]
      }),
    )
  registry.gauge('casper_crawler_node_state', '1 for the state that a node is in.', () =>
    states().map((state) => ({ labels: { node: state.host, state: toWord(state) }, value: 1 })),
  )
  gauge('height', 'Newest height of a node, as it says.', ({ highest }) => highest)
  gauge('latency_seconds', 'Smoothed time of light answers.', ({ latencyMs }) =>
    latencyMs === null ? null : latencyMs / 1000,
  )
  gauge('questions_running', 'Questions under way.', ({ running }) => running)
}
