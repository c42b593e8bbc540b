import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Fault } from '../../../crawler/devnet/faults.ts'
import { createRecordedNode, type RecordedNode } from '../../../crawler/devnet/node.ts'
import { rewriteBlock } from '../../../crawler/devnet/rewrite-block.ts'
import { blockOf, byHash, byHeight, call, type Json, post, recorded } from './call.ts'

const recording = recorded('casper-upgrade')
let node: RecordedNode
beforeAll(async () => {
  node = createRecordedNode({ recording, start: 900 })
  await node.listen()
})
afterEach(() => node.faults.clear())
afterAll(() => node.close())

const block = (height: number) => call(node.rpcUrl, 'chain_get_block', byHeight(height))
const rawBlock = (height: number) =>
  post(
    node.rpcUrl,
    JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'chain_get_block', params: byHeight(height) }),
  )

describe('on the wire', () => {
  test('slow: the answer comes late', async () => {
    node.faults.add({ kind: 'slow', ms: 80 })
    const began = performance.now()
    expect(blockOf(await block(5)).header.height).toBe(5)
    expect(performance.now() - began).toBeGreaterThan(75)
  })
  test('stall: headers come, the body never ends', async () => {
    node.faults.add({ kind: 'stall' })
    const response = await rawBlock(5)
    expect(response.status).toBe(200)
    const timeout = new Promise((resolve) => setTimeout(resolve, 100, 'silence'))
    expect(await Promise.race([response.text(), timeout])).toBe('silence')
  })
  test('rate-limit and server-error: statuses without JSON-RPC', async () => {
    node.faults.add({ kind: 'rate-limit', retryAfter: 9, count: 1 })
    const limited = await rawBlock(5)
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '9'])
    node.faults.add({ kind: 'server-error' })
    expect((await rawBlock(5)).status).toBe(500)
  })
  test('malformed: a whole body that is no JSON', async () => {
    node.faults.add({ kind: 'malformed' })
    const response = await rawBlock(5)
    await expect(response.json()).rejects.toThrow(SyntaxError)
  })
  test('truncate: the connection ends before the promised length', async () => {
    node.faults.add({ kind: 'truncate' })
    const response = await rawBlock(5)
    await expect(response.text()).rejects.toThrow()
  })
  test('gone: no answer at all, from no port', async () => {
    const stream = await fetch(node.eventsUrl)
    const id = node.faults.add({ kind: 'gone' })
    await expect(rawBlock(5)).rejects.toThrow()
    await expect(fetch(node.eventsUrl)).rejects.toThrow()
    await expect(stream.text()).rejects.toThrow()
    node.faults.remove(id)
    expect((await rawBlock(5)).status).toBe(200)
  })
})

describe('limits', () => {
  test('a fault strikes one method, one height, so many times', async () => {
    node.faults.add({ kind: 'server-error', method: 'chain_get_block', height: 5, count: 2 })
    const statuses = []
    for (const height of [4, 5, 5, 5]) statuses.push((await rawBlock(height)).status)
    expect(statuses).toEqual([200, 500, 500, 200])
    expect(node.faults.list()).toEqual([])
  })
})

describe('wrong blocks', () => {
  test.each<Fault>([
    { kind: 'tamper', height: 300 },
    { kind: 'tamper', part: 'body', height: 300 },
  ])('%j: the stated hash does not fit', async (fault) => {
    node.faults.add(fault)
    const answer = Buffer.from(JSON.stringify((await block(300)).result))
    const original = recording.block(300)
    if (!original) throw new Error('no block 300')
    expect(rewriteBlock({ ...original, answer }, {}).hash).not.toBe(original.hash)
    expect(blockOf(await block(300)).hash).toBe(original.hash)
    expect(blockOf(await block(301)).hash).toBe(recording.block(301)?.hash)
  })
  test('wrong-parent: the hash fits, the parent is unknown', async () => {
    node.faults.add({ kind: 'wrong-parent', height: 300 })
    const told = blockOf(await block(300))
    expect(told.header.parent_hash).not.toBe(recording.block(299)?.hash)
    expect(told.hash).not.toBe(recording.block(300)?.hash)
  })
})

test('wrong-transaction: a mote more under the same hash, about the height alone', async () => {
  const ask = async (hash: unknown) =>
    (await call(node.rpcUrl, 'info_get_transaction', { transaction_hash: hash })).result
  const amountOf = ({ transaction }: Json) =>
    /\["amount",\{[^}]*"parsed":"(\d+)"\}\](?!.*\["amount")/.exec(JSON.stringify(transaction))?.[1]
  const [hash] = Object.values(blockOf(await block(300)).body.transactions).flat()
  const before = await ask(hash)
  node.faults.add({ kind: 'wrong-transaction', height: 300 })
  const told = await ask(hash)
  expect(BigInt(amountOf(told) ?? 0)).toBe(BigInt(amountOf(before) ?? 0) + 1n)
  const bodyOf = ({ transaction }: Json) => Object.values(transaction as Json)[0] as Json
  expect(bodyOf(told).hash).toBe(bodyOf(before).hash)
  expect(told.execution_info).toEqual(before.execution_info)
})

describe('a fork', () => {
  test('is another end of the chain in every answer, and is gone when switched off', async () => {
    const height = 444
    const id = node.faults.add({ kind: 'fork', from: height })
    const told = blockOf(await block(height))
    expect(told.header.parent_hash).toBe(recording.block(height - 1)?.hash)
    expect(told.hash).not.toBe(recording.block(height)?.hash)
    expect(blockOf(await block(height + 1)).header.parent_hash).toBe(told.hash)

    const byOldHash = await call(node.rpcUrl, 'chain_get_block', byHash(recording.block(height)?.hash ?? ''))
    expect(byOldHash.error.message).toBe('No such block')
    expect(blockOf(await call(node.rpcUrl, 'chain_get_block', byHash(told.hash)))).toEqual(told)
    const transfers = await call(node.rpcUrl, 'chain_get_block_transfers', byHeight(height))
    expect(transfers.result.block_hash).toBe(told.hash)
    const [hash] = told.body.transactions[1]
    const transaction = await call(node.rpcUrl, 'info_get_transaction', { transaction_hash: hash })
    expect(transaction.result.execution_info.block_hash).toBe(told.hash)
    expect((await call(node.rpcUrl, 'info_get_status')).result.last_added_block_info.hash).toBe(
      blockOf(await block(900)).hash,
    )
    node.faults.remove(id)
    expect(blockOf(await block(height)).hash).toBe(recording.block(height)?.hash)
  })
  test('may leave the transactions out, which then wait to be executed', async () => {
    node.faults.add({ kind: 'fork', from: 444, emptied: true })
    expect(blockOf(await block(444)).body.transactions).toEqual({})
    const hash = recording.block(444)?.transactions[0]
    const { result } = await call(node.rpcUrl, 'info_get_transaction', {
      transaction_hash: { Version1: hash },
    })
    expect(result.execution_info).toBeNull()
  })
  test('with rewind the chain goes back and grows again otherwise', async () => {
    node.faults.add({ kind: 'fork', from: 899 })
    expect(node.rewind(898)).toBe(898)
    expect((await block(899)).error.message).toBe('No such block')
    expect(node.advance(2)).toBe(900)
    expect(blockOf(await block(900)).header.parent_hash).toBe(blockOf(await block(899)).hash)
  })
  test('cannot begin where there is no chain', () => {
    expect(() => node.faults.add({ kind: 'fork', from: 5000 })).toThrow(RangeError)
    expect(node.faults.list()).toEqual([])
  })
})

describe('over HTTP', () => {
  const admin = async (
    verb: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; said: Json }> => {
    const response = await fetch(node.adminUrl + path, {
      method: verb,
      ...(body && { body: JSON.stringify(body) }),
    })
    return { status: response.status, said: await response.json() }
  }
  test('faults are switched on and off, and the chain is moved', async () => {
    const { said } = await admin('POST', '/faults', { kind: 'server-error' })
    expect((await rawBlock(5)).status).toBe(500)
    expect(await admin('DELETE', `/faults/${said.id}`)).toEqual({ status: 200, said: { removed: true } })
    expect((await rawBlock(5)).status).toBe(200)
    expect((await admin('POST', '/advance', { blocks: 2 })).said.tip).toBe(902)
    expect((await admin('POST', '/rewind', { height: 900 })).said.tip).toBe(900)
    expect((await admin('GET', '')).said).toMatchObject({ tip: 900, lastHeight: 970, faults: [] })
  })
  test.each([{ kind: 'flood' }, { kind: 'slow' }, { kind: 'fork', from: 5000 }, { kind: 'slow', ms: '1' }])(
    '%j is refused',
    async (fault) => {
      expect((await admin('POST', '/faults', fault)).status).toBe(400)
    },
  )
})
