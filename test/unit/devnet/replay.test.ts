import { describe, expect, test } from 'vitest'
import { readNeededMember } from '../../../crawler/devnet/files.ts'
import { readCalls } from '../../../crawler/devnet/lines.ts'
import type { Shape } from '../../../crawler/devnet/recording.ts'
import { createResponder } from '../../../crawler/devnet/respond.ts'
import { type ChainName, recordingDir } from '../../fixtures/recordings/recordings.ts'
import { recorded } from './call.ts'

/** Calls whose answers follow the chain's end, which lay elsewhere when they were recorded. */
function followsTheTip(method: string, params: unknown, answer: string): boolean {
  if (method === 'info_get_status' || method === 'info_get_validator_changes') return true
  if (params === null && method.startsWith('chain_get_')) return true
  return answer.includes('available_block_range') || answer.endsWith('"execution_results":[]}')
}

describe.each<[ChainName, Shape, string]>([
  ['casper-1x', 'node-1x', 'rpc.jsonl'],
  ['casper-2x', 'sidecar', 'rpc.jsonl'],
  ['casper-upgrade', 'sidecar', 'rpc.jsonl'],
  ['casper-upgrade', 'node-1x', 'rpc-1x-node.jsonl'],
])('%s as %s', (name, shape, file) => {
  test('gives every recorded answer byte for byte', () => {
    const recording = recorded(name, shape)
    const respond = createResponder(recording)
    const standing = { tip: recording.lastHeight, fork: null, uptime: 0 }
    let calls = 0
    const others: string[] = []
    for (const { method, params, failed, body } of readCalls(readNeededMember(recordingDir(name), file))) {
      calls++
      const { answer } = respond(method, params, standing)
      if (answer.failed === failed && answer.body.equals(body)) continue
      if (!followsTheTip(method, params, body.toString())) others.push(`${method} ${JSON.stringify(params)}`)
    }
    expect(calls).toBeGreaterThan(1000)
    expect(others).toEqual([])
  })
})
