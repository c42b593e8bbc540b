import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { createGeneratedChain } from '../../../../crawler/devnet/generated/chain.ts'
import { createGeneratedNode, type GeneratedNodeOptions } from '../../../../crawler/devnet/generated/node.ts'
import { blockOf, byHash, byHeight, call, type Json, post } from '../call.ts'

const chain = createGeneratedChain({ transfersPerBlock: 1, forks: [{ from: 15, seed: 9 }] })

async function start(options: Partial<GeneratedNodeOptions> = {}) {
  const node = createGeneratedNode({ chain, tip: 30, ...options })
  await node.listen()
  afterAll(() => node.close())
  return node
}

test('blocks exist up to the tip, by height and by hash, and the tip moves both ways', async () => {
  const node = await start()
  const at = async (height: number) => call(node.rpcUrl, 'chain_get_block', byHeight(height))
  expect(blockOf(await at(30)).hash).toBe(chain.header(30).hash)
  expect((await at(31)).error).toMatchObject({
    code: -32001,
    data: { available_block_range: { low: 0, high: 30 } },
  })
  expect(node.advance(2)).toBe(32)
  expect(blockOf(await at(31)).header.parent_hash).toBe(chain.header(30).hash)
  node.setTip(20)
  expect((await at(21)).error.code).toBe(-32001)
  const byItsHash = await call(node.rpcUrl, 'chain_get_block', byHash(chain.header(20).hash))
  expect(blockOf(byItsHash).header.height).toBe(20)
  const status = await call(node.rpcUrl, 'info_get_status')
  expect(status.result.last_added_block_info).toMatchObject({ height: 20, hash: chain.header(20).hash })
  expect(node.calls()).toMatchObject({ chain_get_block: 5, info_get_status: 1 })
})

test('a pruned node lacks what is below its lowest height', async () => {
  const node = await start({ lowest: 10 })
  const [hash] = chain.header(9).transactions
  const answers = await Promise.all([
    call(node.rpcUrl, 'chain_get_block', byHeight(9)),
    call(node.rpcUrl, 'info_get_transaction', { transaction_hash: { Version1: hash } }),
    call(node.rpcUrl, 'query_global_state', {
      state_identifier: { BlockHeight: 9 },
      key: 'hash-0',
      path: [],
    }),
  ])
  expect(answers.map(({ error }) => error.code)).toEqual([-32001, -32014, -32018])
  expect(blockOf(await call(node.rpcUrl, 'chain_get_block', byHeight(10))).header.height).toBe(10)
  const { result } = await call(node.rpcUrl, 'info_get_status')
  expect(result.available_block_range).toEqual({ low: 10, high: 30 })
})

test('answers are late by the delay, all at once and not one after another', async () => {
  const node = await start({ delayMs: 80 })
  const began = performance.now()
  await Promise.all(Array.from({ length: 20 }, (_, i) => call(node.rpcUrl, 'chain_get_block', byHeight(i))))
  const took = performance.now() - began
  expect(took).toBeGreaterThanOrEqual(78)
  // One after another they would take 20 times the delay.
  expect(took).toBeLessThan(20 * 80)
})

test('a fork that is switched on is served and announced from its first block', async () => {
  const node = await start({ tip: 17 })
  const stream = await fetch(node.eventsUrl)
  const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  const told = async (count: number) => {
    while (heights(text).length < count) text += (await reader?.read())?.value ?? ''
    return heights(text)
  }
  await expect.poll(() => node.subscribers()).toBe(1)
  node.advance()
  expect(await told(1)).toEqual([[18, chain.header(18).hash]])
  node.switchFork(1)
  const fork = chain.tail(1)
  expect((await told(5)).slice(1)).toEqual(
    [15, 16, 17, 18].map((height) => [height, fork.header(height).hash]),
  )
  const answer = blockOf(await call(node.rpcUrl, 'chain_get_block', byHeight(15)))
  expect([answer.hash, answer.header.parent_hash]).toEqual([fork.header(15).hash, chain.header(14).hash])
  node.switchFork(0)
  expect((await told(9)).at(-1)).toEqual([18, chain.header(18).hash])
  await reader?.cancel()
})

function heights(text: string): [number, string][] {
  return text
    .split('\n\n')
    .filter((frame) => frame.startsWith('data:{"BlockAdded"') && frame.includes('\nid:'))
    .map((frame) => {
      const { block, block_hash: hash } = JSON.parse(frame.slice(5, frame.indexOf('\nid:')))
        .BlockAdded as Json
      return [(block.Version2 ?? block).header.height, hash]
    })
}

test('requests sent ahead, and cut anywhere, are answered in their order', async () => {
  const node = await start({ delayMs: 5 })
  const { port } = new URL(node.rpcUrl)
  const requests = Array.from({ length: 30 }, (_, i) => {
    const body = JSON.stringify({ jsonrpc: '2.0', id: i, method: 'chain_get_block', params: byHeight(i) })
    return `POST /rpc HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`
  }).join('')
  const socket = connect(Number(port))
  let text = ''
  socket.on('data', (chunk) => (text += chunk))
  for (let at = 0; at < requests.length; at += 97) {
    socket.write(requests.slice(at, at + 97))
    if (at % 970 === 0) await new Promise((resolve) => setTimeout(resolve, 2))
    if (at > requests.length / 2) node.setDelay(0)
  }
  await expect.poll(() => text.match(/"id":\d+/g)?.length).toBe(30)
  expect(text.match(/"id":\d+/g)).toEqual(Array.from({ length: 30 }, (_, i) => `"id":${i}`))
  socket.destroy()
})

test('an answer is as late as it was to be, also when later ones need not wait', async () => {
  const node = await start({ delayMs: 120 })
  const socket = connect(Number(new URL(node.rpcUrl).port))
  const body = '{"jsonrpc":"2.0","id":1,"method":"info_get_peers"}'
  const request = `POST /rpc HTTP/1.1\r\ncontent-length: ${body.length}\r\n\r\n${body}`
  const began = performance.now()
  socket.write(request)
  await new Promise((resolve) => setTimeout(resolve, 30))
  node.setDelay(0)
  socket.write(request)
  await once(socket, 'data')
  expect(performance.now() - began).toBeGreaterThanOrEqual(118)
  socket.destroy()
})

test('an id that is not ASCII is echoed', async () => {
  const node = await start()
  const response = await post(node.rpcUrl, '{"jsonrpc":"2.0","id":"sieben ä ж","method":"info_get_peers"}')
  expect(await response.json()).toMatchObject({ id: 'sieben ä ж', result: {} })
})

test('what is no JSON-RPC call is refused, and the node goes on', async () => {
  const node = await start()
  expect((await fetch(node.rpcUrl)).status).toBe(405)
  expect((await fetch(node.rpcUrl.replace('/rpc', '/'), { method: 'POST', body: '{}' })).status).toBe(404)
  expect(await (await post(node.rpcUrl, '{')).json()).toMatchObject({ error: { code: -32700 } })
  expect((await post(node.rpcUrl, '{"jsonrpc":"2.0","method":"x"}')).status).toBe(400)
  expect((await call(node.rpcUrl, 'no_such_method_ä')).error).toMatchObject({
    code: -32601,
    data: "'no_such_method_ä' is not a supported json-rpc method on this server",
  })
  expect((await call(node.rpcUrl, 'chain_get_block', { block_identifier: 'x' })).error.code).toBe(-32602)
  expect(blockOf(await call(node.rpcUrl, 'chain_get_block')).header.height).toBe(30)
})

const program = join(import.meta.dirname, '../../../../crawler/devnet/generated/main.ts')

test('the program says when it is ready, serves what was asked for and stops on SIGTERM', async () => {
  const args = [
    '--blocks',
    '50',
    '--transfers',
    '2',
    '--generation',
    'upgrade',
    '--fork',
    '30',
    '--serve',
    '1',
  ]
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = await once(child.stdout, 'data')
  const ready = JSON.parse(String(line)) as Json
  expect(ready).toMatchObject({ ready: true, chain: 'casper-generated', shape: 'sidecar', tip: 49 })
  const made = createGeneratedChain({
    transfersPerBlock: 2,
    generation: { upgradeAt: 25 },
    forks: [{ from: 30, seed: 1 }],
  })
  const block = blockOf(await call(ready.rpcUrl, 'chain_get_block', byHeight(49)))
  expect(block.hash).toBe(made.tail(1).header(49).hash)
  expect((await fetch(ready.eventsUrl)).status).toBe(200)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test.each(['--blocks=0', '--generation=3', '--signers=2', '--validators=x', '--serve=1', '--era=0'])(
  '%s is refused',
  async (option) => {
    const child = spawn(process.execPath, [program, option], { stdio: ['ignore', 'ignore', 'pipe'] })
    expect((await once(child, 'exit'))[0]).not.toBe(0)
  },
)
