import { createLog } from '../../crawler/log.ts'
import type { Need, NodePool, PoolOptions, PoolPorts } from '../../crawler/node/pool/contract.ts'
import { createNodePool } from '../../crawler/node/pool/pool.ts'
import { type HeldClock, holdClock } from './held-clock.ts'
import { type ToldNode, tellNode } from './told-node.ts'

export interface PoolOfTold {
  readonly clock: HeldClock
  readonly nodes: readonly ToldNode[]
  readonly pool: NodePool
  readonly lines: Readonly<Record<string, unknown>>[]
  /** One question about a block. @returns the name of the node that answered */
  ask(height?: number, need?: Need, signal?: AbortSignal): Promise<string>
}

export const never = new AbortController().signal

/** A pool over nodes in memory, on one held clock. */
export function poolOf(
  names: readonly string[],
  options: Partial<PoolOptions> = {},
  told: Readonly<Record<string, Partial<ToldNode>>> = {},
  ports: Partial<PoolPorts> = {},
): PoolOfTold {
  const clock = holdClock()
  const nodes = names.map((name) => tellNode(name, clock, told[name]))
  const lines: Record<string, unknown>[] = []
  const pool = createNodePool(
    { urls: nodes.map(({ url }) => url), connections: 8, network: 'casper', ...options },
    {
      connect: (url) => nodes.find((node) => node.url === url) as ToldNode,
      clock,
      random: () => 0,
      log: createLog((line) => lines.push(JSON.parse(line))),
      ...ports,
    },
  )
  return {
    clock,
    nodes,
    pool,
    lines,
    async ask(height = 5, need = {}, signal = never) {
      const answer = await pool.use(
        { heights: height, ...need },
        (node, inner) => node.rpc.call('chain_get_block', { height }, inner),
        signal,
      )
      return (answer as { of: string }).of
    },
  }
}
