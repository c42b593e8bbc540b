import { loadRecording, type Recording, type Shape } from '../../../crawler/devnet/recording.ts'
import { type ChainName, recordingDir } from '../../fixtures/recordings/recordings.ts'

const loaded = new Map<string, Recording>()

/** A recording, loaded once for a test file. */
export function recorded(name: ChainName, shape?: Shape): Recording {
  const key = `${name} ${shape}`
  const recording = loaded.get(key) ?? loadRecording(recordingDir(name), shape ? { shape } : {})
  loaded.set(key, recording)
  return recording
}

export type Json = any

/** One JSON-RPC call as a client makes it. */
export async function call(url: string, method: string, params?: unknown): Promise<Json> {
  const response = await post(url, JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }))
  return response.json()
}

export const post = (url: string, body: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

export const byHeight = (height: number) => ({ block_identifier: { Height: height } })
export const byHash = (hash: string) => ({ block_identifier: { Hash: hash } })

/** The block inside an answer to chain_get_block, in whichever shape. */
export function blockOf(answer: Json): Json {
  const { block, block_with_signatures: wrapped } = answer.result
  return block ?? wrapped.block.Version1 ?? wrapped.block.Version2
}
