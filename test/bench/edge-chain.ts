import { createArrayStore } from '../support/array-store.ts'
import { makeChain } from '../support/made-chain.ts'

/** Closed history of 20 pages, and an open era behind it. */
export const HEIGHTS = 20 * 1_024
const ERA = 400

export const settings = {
  GATEWAY_URL: 'http://nobody:nothing@127.0.0.1:1',
  NETWORK: 'casper-made',
  LOADTEST_TOKEN: 'a-token-of-load-tests',
}

/** A store that costs nothing: what is measured stands in front of it. */
export function createBenchStore() {
  return createArrayStore(makeChain({ eras: Array(Math.ceil(HEIGHTS / ERA) + 3).fill(ERA) }))
}
