import type { Transfer } from '../domain/transfer.ts'
import type { EraTransfers } from '../ports.ts'
import { count, list, motes, record } from './pack.ts'
import { createPageCodec, type Layout, type Page, toPage } from './page.ts'
import { transfer } from './records.ts'

/** How many of an era's largest transfers are kept in its page. */
export const TOP_TRANSFERS = 200

/**
 * Eras of a page: 8 busy ones are about 180 KB, of which accounts and purses that return are written once. Mainnet's
 * history is 3,000 pages.
 */
export const ERAS_PER_TRANSFER_PAGE = 8

interface Share {
  readonly eraId: number
  readonly count: number
  readonly volume: bigint
  /** Of the page's items, how many are this era's. */
  readonly held: number
}

export interface TransferPageHead {
  readonly eras: readonly Share[]
}

export type TransferPage = Page<TransferPageHead, Transfer>

const layout: Layout<TransferPageHead, Transfer> = {
  version: 't1',
  head: record({ eras: list(record<Share>({ eraId: count, count, volume: motes, held: count })) }),
  item: transfer,
}

export const transferPageCodec = createPageCodec(layout)

/**
 * An inclusive range of eras; those before a partial history are empty.
 * @throws {RangeError} when the last one is missing: a replica that lags must not end in a page
 */
export function toTransferPage(fromEra: number, toEra: number, eras: readonly EraTransfers[]): TransferPage {
  if (eras.at(-1)?.eraId !== toEra) throw new RangeError(`Era ${toEra} is missing in its page of transfers`)
  const byId = new Map(eras.map((era) => [era.eraId, era]))
  const shares: Share[] = []
  const items: Transfer[] = []
  for (let eraId = fromEra; eraId <= toEra; eraId++) {
    const era = byId.get(eraId)
    const top = era?.top.slice(0, TOP_TRANSFERS) ?? []
    shares.push({ eraId, count: era?.count ?? 0, volume: era?.volume ?? 0n, held: top.length })
    items.push(...top)
  }
  return toPage(layout, { eras: shares }, items)
}

/**
 * The `limit` largest of one era; below 0, all of the era's but so many of the smallest, as far as they are held.
 * null when the page does not hold the era.
 */
export function findEraTransfers(page: TransferPage, eraId: number, limit: number): EraTransfers | null {
  let first = 0
  for (const share of page.head.eras) {
    if (share.eraId === eraId) {
      const shown = Math.min(share.held, limit < 0 ? Math.max(0, share.count + limit) : limit)
      const top = Array.from({ length: shown }, (_, index) => page.at(first + index))
      return { eraId, count: share.count, volume: share.volume, top }
    }
    first += share.held
  }
  return null
}
