import type { Absence, AuctionState } from '../../src/domain/auction.ts'
import type { Ms } from '../../src/domain/time.ts'
import type { ChainBlock } from '../decode/block.ts'

/**
 * When the auction's state is asked for: after every era, after those near the tip, or never. An answer of mainnet is tens
 * of MB, and its history has more than 22,000 eras: `latest` is the default, and history grows while the crawler follows.
 */
export const AUCTION_MODES = ['every', 'latest', 'off'] as const

export type AuctionMode = (typeof AUCTION_MODES)[number]

/** One and a half eras of mainnet: a crawler that was away for a moment misses none. */
const NEAR: Ms = 3 * 3_600_000

/** @param tipTime time of the newest block that the network has */
export function isAuctionAsked(
  mode: AuctionMode,
  block: Pick<ChainBlock, 'eraEnd' | 'time'>,
  tipTime: Ms,
): boolean {
  if (block.eraEnd === null || mode === 'off') return false
  return mode === 'every' || tipTime - block.time <= NEAR
}

/** What was asked of the auction after a switch block; of both null and empty when nothing was asked. */
export interface AuctionFigures {
  readonly auction: AuctionState | null
  readonly absences: readonly Absence[]
}

export const NOT_ASKED: AuctionFigures = { auction: null, absences: [] }

/** The retrofit of 2.x leaves purse delegators out: no sum over delegators, and no list of them, is one that can be told. */
export function toFigures(auction: AuctionState): AuctionFigures {
  const isLossy = auction.bids.some(({ delegatorsStake }) => delegatorsStake === null)
  const reason =
    'state_get_auction_info leaves purse delegators out, and no node gives state_get_auction_info_v2'
  return {
    auction,
    absences: isLossy ? [{ height: auction.height, figure: 'delegations', reason }] : [],
  }
}

export function toAbsentAuction(height: number, reason: string): AuctionFigures {
  return { auction: null, absences: [{ height, figure: 'auction', reason }] }
}
