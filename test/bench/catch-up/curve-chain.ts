/** Blocks of an era: 5 million blocks are then 2,000 eras, and 30 million rewards of 15,000 delegators. */
export const ERA = 2_500
export const TRANSFERS = 5

/** Eras crawled at each size; the first of them warms the crawler up. */
export const COUNTED = 3

/** Few validators: what the signatures of a hundred cost is no question of the store's size. */
export const RULES = {
  validators: 20,
  delegatorsPerValidator: 750,
  blocksPerEra: ERA,
  accounts: 50_000,
}
