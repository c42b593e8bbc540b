import type { CrawlerConfig } from '../config.ts'
import { createAccuser } from '../crawl/fetch.ts'
import type { Log } from '../log.ts'
import { systemClock } from '../node/pool/clock.ts'
import type { NodePool } from '../node/pool/contract.ts'
import { createNodePool } from '../node/pool/pool.ts'
import { createRpc, type Rpc } from '../node/rpc.ts'

/** Largest answer read from a node: mainnet's auction states reach tens of megabytes. */
const MAX_ANSWER = 128 * 1024 * 1024

type NodeConfig = Pick<
  CrawlerConfig,
  'CASPER_NODES' | 'NODE_CONNECTIONS' | 'NODE_PIPELINE' | 'NODE_TIMEOUT_MS'
>

/**
 * The pool over the configured nodes.
 * @param watch wraps the way to a node, for measurements
 */
export function openNodes(config: NodeConfig, log: Log, watch: (rpc: Rpc) => Rpc = (rpc) => rpc): NodePool {
  const { NODE_CONNECTIONS: connections, NODE_PIPELINE: pipeline, NODE_TIMEOUT_MS: timeoutMs } = config
  return createNodePool(
    { urls: config.CASPER_NODES, connections: connections * pipeline },
    {
      connect: (url) => watch(createRpc({ url, connections, pipeline, timeoutMs, maxBytes: MAX_ANSWER })),
      clock: systemClock,
      random: Math.random,
      log,
      toAccusation: createAccuser(log),
    },
  )
}
