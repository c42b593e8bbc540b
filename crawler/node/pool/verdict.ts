import { NodeUnavailableError, RpcError } from '../rpc.ts'
import { type Hindrance, NotHeldError } from './contract.ts'

/** What an error of a question says of the node: null when it is the answer, or no matter of nodes. */
export type Verdict = {
  readonly kind: Extract<Hindrance, 'failed' | 'not-held' | 'refused'>
  /** It will refuse this kind of question again. */
  readonly isLasting: boolean
} | null

const METHOD_NOT_FOUND = -32601
/** No such deploy, block, state root, transaction: pruned, or not there yet. */
const NOT_HELD: ReadonlySet<number> = new Set([-32000, -32001, -32012, -32014])
/** Query failed (no such value), no such account, no rewards, no such purse: facts of the chain, the same everywhere. */
const FACTS: ReadonlySet<number> = new Set([-32003, -32009, -32022, -32026])

export function judge(error: unknown): Verdict {
  if (error instanceof NodeUnavailableError) return { kind: 'failed', isLasting: false }
  if (error instanceof NotHeldError) return { kind: 'not-held', isLasting: false }
  if (!(error instanceof RpcError) || FACTS.has(error.code)) return null
  if (NOT_HELD.has(error.code)) return { kind: 'not-held', isLasting: false }
  return { kind: 'refused', isLasting: error.code === METHOD_NOT_FOUND || isDisabled(error) }
}

/** `FunctionIsDisabled` has had two codes in the sidecar's short life, -32019 and -32020: its words are the same. */
function isDisabled(error: RpcError): boolean {
  const { details } = error
  return /function is disabled/i.test(`${error.message} ${typeof details === 'string' ? details : ''}`)
}
