import type { StoreReader } from '../ports.ts'
import type { Database } from './database.ts'
import { toStoreError } from './failures.ts'
import { readBlocks, readHeightOfHash } from './queries/blocks.ts'
import { readEraTransfers } from './queries/era-transfers.ts'
import { readEras } from './queries/eras.ts'
import { findBlocks, findEras } from './queries/find.ts'
import { readPeers } from './queries/peers.ts'
import { readCurrentPrice, readPriceRuns, readPrices } from './queries/prices.ts'
import { readTip } from './queries/tip.ts'
import { readTransaction, readTransactions } from './queries/transactions.ts'
import { readTransfers } from './queries/transfers.ts'

/**
 * The reading side of the store over any drizzle database of the MySQL family (`connectPlanetScale`, `connectMysql`):
 * rows come out the same from both. Failures are `StoreUnavailableError`, `StoreQueryError` or `FilterValueError`.
 */
export function createStoreReader(db: Database): StoreReader {
  return {
    readTip: () => guard(() => readTip(db)),
    readBlocks: (from, to) => guard(() => readBlocks(db, from, to)),
    readHeightOfHash: (hash) => guard(() => readHeightOfHash(db, hash)),
    readEras: (from, to) => guard(() => readEras(db, from, to)),
    readEraTransfers: (fromEra, toEra, limit) => guard(() => readEraTransfers(db, fromEra, toEra, limit)),
    readTransfers: (query) => guard(() => readTransfers(db, query)),
    readTransactions: (height) => guard(() => readTransactions(db, height)),
    readTransaction: (hash) => guard(() => readTransaction(db, hash)),
    findBlocks: (filter) => guard(() => findBlocks(db, filter)),
    findEras: (filter) => guard(() => findEras(db, filter)),
    readCurrentPrice: () => guard(() => readCurrentPrice(db)),
    readPrices: (from, to) => guard(() => readPrices(db, from, to)),
    readPriceRuns: (length) => guard(() => readPriceRuns(db, length)),
    readPeers: (query) => guard(() => readPeers(db, query)),
  }
}

async function guard<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (error) {
    throw toStoreError(error)
  }
}
