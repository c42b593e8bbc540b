import type { AddressInfo } from 'node:net'
import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { createRpc, NodeUnavailableError, RpcError } from '../../../../crawler/node/rpc.ts'

const opened: (() => void)[] = []
afterEach(() => opened.splice(0).forEach((close) => close()))

/** A node whose answers are made here, of raw bytes; `told` is what a question gets. */
async function serve(told: (id: number, connection: number) => readonly object[], maxBytes = 1_000) {
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    const connection = ++connections
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      for (const [, id] of `${bytes}`.matchAll(/"id":(\d+)/g)) {
        for (const answer of told(Number(id), connection)) {
          const body = JSON.stringify({ jsonrpc: '2.0', ...answer })
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`)
        }
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/rpc`
  const rpc = createRpc({ url, connections: 1, pipeline: 8, timeoutMs: 5_000, maxBytes })
  opened.push(() => {
    rpc.close()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { rpc, connections: () => connections }
}

test('Rpc refuses an answer to another question, and one whose number is no number', async () => {
  const wrong: unknown[] = [7_000, '1', null, undefined]
  const { rpc } = await serve(() => [{ id: wrong.shift(), result: 'of another' }])
  for (const _ of [...wrong]) {
    const error = await rpc.call('info_get_status').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(NodeUnavailableError)
    expect(error).toMatchObject({ reason: 'not-json', message: expect.stringContaining('another question') })
  }
})

test('Rpc takes an error without a number, which a node gives to what it cannot read', async () => {
  const { rpc } = await serve(() => [{ id: null, error: { code: -32_700, message: 'Parse error' } }])
  await expect(rpc.call('info_get_status')).rejects.toThrow(RpcError)
})

test('Rpc leaves connections that are out of step: what is asked next is asked on another', async () => {
  // As after an answer that came twice: each one is to the question before.
  const { rpc, connections } = await serve((id, connection) => [
    { id: connection === 1 ? id - 1 : id, result: `to ${id}` },
  ])
  await expect(rpc.call('chain_get_block')).rejects.toThrow('another question')
  expect(await rpc.call('chain_get_block')).toBe('to 2')
  expect(await Promise.all([3, 4].map(() => rpc.call('chain_get_block')))).toEqual(['to 3', 'to 4'])
  expect(connections()).toBe(2)
})

test('Rpc takes more of what tells of all delegators at once than of a block, which parsed could fill the memory', async () => {
  const { rpc } = await serve((id) => [{ id, result: ' '.repeat(17 * 1024 * 1024) }], 64 * 1024 * 1024)
  const error = await rpc.call('info_get_deploy').catch((reason: unknown) => reason)
  expect(error).toMatchObject({
    reason: 'too-large',
    message: 'info_get_deploy: more than 16777216 characters',
  })
  expect(await rpc.call('state_get_auction_info_v2')).toHaveLength(17 * 1024 * 1024)
})
