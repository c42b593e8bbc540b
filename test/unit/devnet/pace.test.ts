import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import {
  createRecordedNode,
  type RecordedNode,
  type RecordedNodeOptions,
} from '../../../crawler/devnet/node.ts'
import { blockOf, byHash, byHeight, call, recorded } from './call.ts'

const nodes: RecordedNode[] = []
afterEach(() => Promise.all(nodes.splice(0).map((node) => node.close())))

async function listening(options: Partial<RecordedNodeOptions> = {}): Promise<RecordedNode> {
  const node = createRecordedNode({ recording: recorded('casper-upgrade'), ...options })
  nodes.push(node)
  await node.listen()
  return node
}

test('a block above the tip does not exist, by height or hash, until it comes', async () => {
  const { rpcUrl, advance } = await listening({ start: 500 })
  const hash = recorded('casper-upgrade').block(501)?.hash ?? ''
  for (const params of [byHeight(501), byHash(hash)]) {
    expect((await call(rpcUrl, 'chain_get_block', params)).error).toEqual({
      code: -32001,
      message: 'No such block',
      data: {
        message: 'no block found for the provided identifier',
        available_block_range: { low: 0, high: 500 },
      },
    })
  }
  expect(blockOf(await call(rpcUrl, 'chain_get_block')).header.height).toBe(500)
  expect(advance()).toBe(501)
  expect(blockOf(await call(rpcUrl, 'chain_get_block', byHash(hash))).header.height).toBe(501)
  expect(blockOf(await call(rpcUrl, 'chain_get_block')).hash).toBe(hash)
})

test('the status follows the tip', async () => {
  const { rpcUrl, advance } = await listening({ start: 288 })
  const before = (await call(rpcUrl, 'info_get_status')).result
  expect(before.last_added_block_info.height).toBe(288)
  expect(before.available_block_range).toEqual({ low: 0, high: 288 })
  advance()
  const after = (await call(rpcUrl, 'info_get_status')).result
  const recording = recorded('casper-upgrade')
  expect(after.last_added_block_info.hash).toBe(recording.block(289)?.hash)
  expect(after.last_added_block_info.creator).toBe(recording.block(289)?.proposer)
  // 289 closes era 37.
  expect(after.latest_switch_block_hash).toBe(recording.block(289)?.hash)
  expect(before.latest_switch_block_hash).not.toBe(after.latest_switch_block_hash)
})

test('a transaction is unknown, then waits, then is executed', async () => {
  const recording = recorded('casper-upgrade')
  const height = 444
  const hash = 'd072c03b581f9119395c0a7ee526f4bd379ce2c6a60877664730ad3f3b46b605'
  expect(recording.heightOfTransaction(hash)).toBe(height)
  const { rpcUrl, advance } = await listening({ start: height - 2 })
  const ask = () => call(rpcUrl, 'info_get_transaction', { transaction_hash: { Version1: hash } })
  expect((await ask()).error.message).toBe('No such transaction')
  advance()
  expect((await ask()).result).toMatchObject({ transaction: { Version1: { hash } }, execution_info: null })
  advance()
  expect((await ask()).result.execution_info.block_height).toBe(height)
})

test('a 1.x node gives a deploy that waits with empty execution results', async () => {
  const recording = recorded('casper-1x')
  const [hash] = recording.block(551)?.transactions ?? []
  const { rpcUrl } = await listening({ recording, start: 550 })
  const { result } = await call(rpcUrl, 'info_get_deploy', { deploy_hash: hash })
  expect(result.deploy.hash).toBe(hash)
  expect(result.execution_results).toEqual([])
})

test('blocks come at the pace, and none after the last', async () => {
  const node = await listening({ start: 965, pace: 0.01 })
  const deadline = Date.now() + 5000
  while (node.tip() < 970 && Date.now() < deadline) await sleep(10)
  expect(node.tip()).toBe(970)
  expect(node.advance()).toBe(970)
})

test('the tip outlives the node when it has a file to keep it in', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'devnet-'))
  const stateFile = join(dir, 'kept', 'tip.json')
  const first = await listening({ start: { fraction: 0.5 }, stateFile })
  expect(first.tip()).toBe(485)
  first.advance(10)
  expect((await listening({ start: 3, stateFile })).tip()).toBe(495)
  // Another chain's tip is none of ours.
  expect((await listening({ recording: recorded('casper-2x'), start: 3, stateFile })).tip()).toBe(3)
  rmSync(dir, { recursive: true })
})
