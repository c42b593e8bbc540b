import type { Answer } from './answers.ts'
import type { Shape } from './recording.ts'

/** The errors of a node, worded as the 1.x node and the sidecar each word them. */

export const nodeError = (code: number, message: string, data: unknown): Answer => ({
  failed: true,
  body: Buffer.from(JSON.stringify({ code, message, data })),
})

export const parseError = (why: string): Answer => nodeError(-32700, 'Parse error', why)
export const invalidRequest = (why: string): Answer => nodeError(-32600, 'Invalid Request', why)
export const invalidParams = (why: string): Answer => nodeError(-32602, 'Invalid params', why)

export const methodNotFound = (method: string): Answer =>
  nodeError(-32601, 'Method not found', `'${method}' is not a supported json-rpc method on this server`)

export type HeightRange = { low: number; high: number }

/** @param asked the height or the hash that was asked for */
export function noSuchBlock(shape: Shape, asked: number | string, range: HeightRange): Answer {
  const message =
    shape === 'sidecar'
      ? 'no block found for the provided identifier'
      : `block ${typeof asked === 'number' ? `at height ${asked}` : asked} not stored on this node`
  return nodeError(-32001, 'No such block', { message, available_block_range: range })
}

/** The same for the query_* methods, which look for the state first and say so in other words. */
export function noSuchQueryBlock(shape: Shape, method: string, asked: number | string): Answer {
  if (shape === 'sidecar') {
    const what = method === 'query_global_state' ? 'global state item' : 'balance'
    const why = `request for ${what} has failed: unexpectedly received an empty envelope`
    return nodeError(-32018, 'Node request failure', why)
  }
  const where = typeof asked === 'number' ? `at height ${asked}` : `for hash ${asked}`
  return nodeError(-32001, 'No such block', `failed to retrieve block header ${where}`)
}

/** What a node says that has the block but not, or no longer, the global state after it. */
export function noSuchStateRoot(shape: Shape, root: string, range: HeightRange): Answer {
  const data =
    shape === 'sidecar'
      ? 'request for global state item has failed: could not find the provided state root hash'
      : { message: `failed to get state root at ${root}`, available_block_range: range }
  return nodeError(-32012, 'No such state root', data)
}

const short = (hash: string) => `${hash.slice(0, 4)}..${hash.slice(-4)}`

export function noSuchDeploy(shape: Shape, hash: string): Answer {
  const name = `deploy-hash(${short(hash)})`
  const data =
    shape === 'sidecar' ? `no deploy for hash ${name}` : `failed to get ${name} and metadata from storage`
  return nodeError(-32000, 'No such deploy', data)
}

export function noSuchTransaction(kind: 'Deploy' | 'Version1', hash: string): Answer {
  const name = kind === 'Deploy' ? 'deploy-hash' : 'transaction-v1-hash'
  return nodeError(-32014, 'No such transaction', `no transaction for hash ${name}(${short(hash)})`)
}

export const noRewards = (): Answer =>
  nodeError(-32022, 'No rewards found', 'the requested reward was not found')
