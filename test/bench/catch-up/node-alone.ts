import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from '../../../crawler/node/http/client.ts'
import { readUse } from '../programs.ts'
import { type Node, readSetting } from './rig.ts'

/** The hashes of a block's transactions, which stand in no other place of its answer by this name. */
const TRANSACTION = /\{"(?:Version1|Deploy)":"([0-9a-f]{64})"\}/g

export interface Asked {
  readonly perSecond: number
  /** Microseconds of processor time for a block, of the node and of the asker. */
  readonly nodeCpu: number
  readonly askerCpu: number
}

/**
 * What the node gives to a client that asks the crawler's questions on as many connections and does nothing with the
 * answers: the bound for any crawler of this node on this machine.
 * @param seconds how long it is counted, after `warmUp` seconds
 */
export async function askNodeAlone(node: Node, seconds: number, warmUp: number): Promise<Asked> {
  const client = createClient({
    url: node.rpcUrl,
    connections: readSetting('NODE_CONNECTIONS'),
    pipeline: readSetting('NODE_PIPELINE'),
    timeoutMs: 20_000,
    maxBytes: 64 * 1024 * 1024,
  })
  let id = 0
  const ask = (method: string, params: object) =>
    client.post(JSON.stringify({ jsonrpc: '2.0', id: ++id, method, params }))
  let next = 0
  let done = 0
  let isOver = false
  const walk = async () => {
    while (!isOver && next <= node.tip) {
      const { text } = await ask('chain_get_block', { block_identifier: { Height: next++ } })
      const hashes = [...text.matchAll(TRANSACTION)].map(([, hash]) => hash)
      await Promise.all(
        hashes.map((hash) => ask('info_get_transaction', { transaction_hash: { Version1: hash } })),
      )
      done++
    }
  }
  const read = () => ({ done, time: performance.now(), node: readUse(node.pid).cpu, own: process.cpuUsage() })
  const walks = Promise.all(Array.from({ length: readSetting('FETCH_AHEAD') }, walk))
  await Promise.race([sleep(warmUp * 1000), walks])
  const from = read()
  await Promise.race([sleep(seconds * 1000), walks])
  const to = read()
  isOver = true
  await walks
  client.close()

  const blocks = to.done - from.done
  const own = to.own.user + to.own.system - from.own.user - from.own.system
  return {
    perSecond: blocks / ((to.time - from.time) / 1000),
    nodeCpu: ((to.node - from.node) * 1e6) / blocks,
    askerCpu: own / blocks,
  }
}
