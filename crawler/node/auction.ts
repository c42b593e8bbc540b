import type { AuctionState } from '../../src/domain/auction.ts'
import { type AskedBlock, parseAuction } from '../decode/auction.ts'
import { Field } from '../decode/field.ts'
import type { Rpc } from './rpc.ts'

/** `auction_v2` is of 2.x only, and many public nodes refuse it: an answer of mainnet is tens of MB. */
export type AuctionMethod = 'auction_v2' | 'auction'

const METHODS: Readonly<Record<AuctionMethod, string>> = {
  auction_v2: 'state_get_auction_info_v2',
  auction: 'state_get_auction_info',
}

/** The auction after a block. @throws {DecodeFault} @throws {RpcError} @throws {NodeUnavailableError} */
export async function readAuction(
  rpc: Rpc,
  method: AuctionMethod,
  block: AskedBlock,
  signal?: AbortSignal,
): Promise<AuctionState> {
  const name = METHODS[method]
  const params = { block_identifier: { Height: block.height } }
  return parseAuction(new Field(await rpc.call(name, params, signal), name), block)
}
