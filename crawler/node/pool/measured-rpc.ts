import type { Ms } from '../../../src/domain/time.ts'
import type { Clock } from '../../../src/ports.ts'
import { NodeUnavailableError, type Rpc, RpcError } from '../rpc.ts'

/** Told of each call's end. A call that was aborted says nothing of the node. */
export interface Meter {
  /** @param took null for an error, which is an answer too but comes sooner */
  answered(method: string, took: Ms | null): void
  failed(error: NodeUnavailableError, startedAt: Ms): void
}

/** The same calls, measured. */
export function measureRpc(rpc: Rpc, meter: Meter, clock: Clock): Rpc {
  return {
    url: rpc.url,
    async call(method, params, signal) {
      const startedAt = clock.now()
      try {
        const result = await rpc.call(method, params, signal)
        meter.answered(method, clock.now() - startedAt)
        return result
      } catch (error) {
        if (error instanceof RpcError) meter.answered(method, null)
        else if (error instanceof NodeUnavailableError && !signal?.aborted) meter.failed(error, startedAt)
        throw error
      }
    },
    close: () => rpc.close(),
  }
}
