import type { PoolClock } from '../../crawler/node/pool/contract.ts'
import { NodeUnavailableError, type Rpc, RpcError } from '../../crawler/node/rpc.ts'

/** A node in memory, on a held clock: says what it is told to say, and remembers what it was asked. */
export interface ToldNode extends Rpc {
  network: string
  api: string
  build: string
  low: number
  high: number
  /** Milliseconds of an answer. */
  delay: number
  /** Thrown in place of an answer; null lets the answer through. */
  trouble: (method: string) => Error | null
  readonly asked: { method: string; at: number; height: number | undefined }[]
  count(method?: string): number
  /** Most questions that were under way at once, statuses left out. */
  most: number
}

export const unavailable = (
  reason: NodeUnavailableError['reason'] = 'network',
  retryAfter: number | null = null,
): NodeUnavailableError =>
  new NodeUnavailableError('any', reason, `told to fail: ${reason}`, undefined, retryAfter)

export const refusal = (code: number, message = 'refused', details: unknown = null): RpcError =>
  new RpcError('any', code, message, details)

export function tellNode(name: string, clock: PoolClock, told: Partial<ToldNode> = {}): ToldNode {
  let running = 0
  const wait = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(new Error('stopped'))
      const cancel = clock.after(ms, resolve)
      signal?.addEventListener('abort', () => {
        cancel()
        reject(new Error('stopped'))
      })
    })
  const status = () => ({
    chainspec_name: node.network,
    api_version: node.api,
    build_version: node.build,
    last_added_block_info: {
      height: node.high,
      hash: 'ab'.repeat(32),
      timestamp: new Date(Date.UTC(2026, 0, 1) + node.high * 1000).toISOString(),
    },
    available_block_range: { low: node.low, high: node.high },
  })
  const node: ToldNode = {
    url: `http://${name}:7777/rpc`,
    network: 'casper',
    api: '2.0.0',
    build: '2.0.3-abc',
    low: 0,
    high: 1000,
    delay: 10,
    trouble: () => null,
    asked: [],
    most: 0,
    count: (method) => node.asked.filter((one) => method === undefined || one.method === method).length,
    async call(method, params, signal) {
      const isStatus = method === 'info_get_status'
      node.asked.push({ method, at: clock.now(), height: params?.height as number | undefined })
      if (!isStatus) node.most = Math.max(node.most, ++running)
      try {
        await wait(node.delay, signal)
        const trouble = node.trouble(method)
        if (trouble) throw trouble
        return isStatus ? status() : { of: name, ...params }
      } finally {
        if (!isStatus) running--
      }
    },
    close() {},
    ...told,
  }
  return node
}
