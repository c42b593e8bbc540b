/** How an answer may be cached. They follow the chain's rhythm; there are no others. */
export type CacheClass = 'IMMUTABLE' | 'PER_BLOCK' | 'PER_ERA' | 'PER_MINUTE' | 'NEVER'

/** What the crawler announces, and what an entry is dropped by. */
export type PurgeGroup = 'block' | 'era' | 'price' | 'peers'

export const PURGE_GROUPS: readonly PurgeGroup[] = ['block', 'era', 'price', 'peers']

export interface CachePolicy {
  /** Seconds that an entry is served without asking further down. */
  readonly fresh: number
  /** Seconds after that in which it is served while it is reloaded in the background. */
  readonly staleWhileRevalidate: number
  /** Seconds after freshness in which it is served when the store fails. */
  readonly staleIfError: number
  /** Groups whose announcement drops it. */
  readonly purgedBy: readonly PurgeGroup[]
}

const MINUTE = 60
const DAY = 86_400
const YEAR = 365 * DAY

export const CACHE_POLICIES: Readonly<Record<Exclude<CacheClass, 'NEVER'>, CachePolicy>> = {
  /** A past block, a closed era. */
  IMMUTABLE: { fresh: YEAR, staleWhileRevalidate: 0, staleIfError: 100 * YEAR, purgedBy: [] },
  /** The tip and latest lists: about a block time (8 s on mainnet since 2.1). */
  PER_BLOCK: { fresh: 8, staleWhileRevalidate: MINUTE, staleIfError: DAY, purgedBy: ['block', 'era'] },
  /** Answers about the last completed era: an era lasts two hours, the purge comes first. */
  PER_ERA: { fresh: 10 * MINUTE, staleWhileRevalidate: 10 * MINUTE, staleIfError: DAY, purgedBy: ['era'] },
  PER_MINUTE: {
    fresh: MINUTE,
    staleWhileRevalidate: 10 * MINUTE,
    staleIfError: DAY,
    purgedBy: ['price', 'peers'],
  },
}

/** Cost classes of the rate limit: requests a minute for one client. */
export type BudgetName = 'cheap' | 'list' | 'search'

export interface Budget {
  readonly requests: number
  /** Seconds. */
  readonly window: number
}

export const BUDGETS: Readonly<Record<BudgetName, Budget>> = {
  /** Answered from pages and headline entries. */
  cheap: { requests: 1_200, window: 60 },
  /** May need one indexed query. */
  list: { requests: 300, window: 60 },
  /** Arbitrary filters over the store. */
  search: { requests: 60, window: 60 },
}
