import { readAuction } from '../../crawler/node/auction.ts'
import { CasperNode } from '../../crawler/node/node.ts'
import { createRpc, RpcError } from '../../crawler/node/rpc.ts'
import { toAbsentAuction, toFigures } from '../../crawler/project/auction.ts'
import { toChange } from '../../crawler/project/change.ts'
import { isPaid } from '../../crawler/project/era.ts'
import type { SystemContracts } from '../../crawler/project/kind.ts'
import { type ChainHeight, EMPTY_STATE, project, toState } from '../../crawler/project/project.ts'
import type { StoreWriter } from '../../src/ports.ts'

/** One height with everything that the node says of it, the auction's state among it. */
export async function fetchHeight(
  node: CasperNode,
  height: number,
  system: SystemContracts,
): Promise<ChainHeight> {
  const block = await node.readBlock(height)
  if (block === null) throw new Error(`no block ${height}`)
  const isSwitch = block.eraEnd !== null
  const none = (error: unknown) => {
    if (error instanceof RpcError) return null
    throw error
  }
  const [transactions, summary, totalSupply, auction] = await Promise.all([
    Promise.all(block.transactions.map((ref) => node.readTransaction(ref, block))),
    isPaid(block) ? node.readEraSummary(block.hash, height) : null,
    isSwitch && system.totalSupply !== null ? node.readTotalSupply(system.totalSupply, height) : null,
    isSwitch
      ? readAuction(node.rpc, 'auction_v2', block)
          .catch(none)
          .then((found) => found ?? readAuction(node.rpc, 'auction', block).catch(none))
      : null,
  ])
  const figures = auction === null ? toAbsentAuction(height, 'refused') : toFigures(auction)
  return { block, transactions, summary, totalSupply, ...(isSwitch && { auction: figures }) }
}

export async function fetchHeights(rpcUrl: string, last: number, unbondingDelay: number) {
  const rpc = createRpc({
    url: rpcUrl,
    connections: 8,
    pipeline: 1,
    timeoutMs: 10_000,
    maxBytes: 64 * 1024 * 1024,
  })
  const node = new CasperNode(rpc)
  const status = await node.readStatus()
  const system = { ...(await node.readSystemContracts(0)), unbondingDelay }
  const found = system.totalSupply === null ? await node.readSystemContracts(status.height) : system
  const contracts = { ...found, unbondingDelay }
  const heights: ChainHeight[] = []
  for (let height = 0; height <= last; height++) heights.push(await fetchHeight(node, height, contracts))
  await rpc.close()
  return { network: status.network, system: contracts, heights }
}

export type Fetched = Awaited<ReturnType<typeof fetchHeights>>

/** Commits heights in pieces of the given sizes, the last repeated, going on from the store after each as after a restart. */
export async function replay(
  store: StoreWriter,
  fetched: Fetched,
  ...sizes: readonly number[]
): Promise<void> {
  const { network: name, system, heights } = fetched
  const network = { name, genesisHash: heights[0]?.block.hash ?? '', firstHeight: 0 }
  for (let from = 0, piece = 0; from < heights.length; piece++) {
    const resume = await store.readResume()
    let state = resume ? toState(resume) : EMPTY_STATE
    const size = sizes[Math.min(piece, sizes.length - 1)] ?? heights.length
    const rows = heights.slice(from, from + size).map((height) => {
      const projected = project(state, height, name, system)
      state = projected.state
      return projected.rows
    })
    const change = toChange(network, rows)
    if (change !== null) await store.commit(change)
    from += size
  }
}
