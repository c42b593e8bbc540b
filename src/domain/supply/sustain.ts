import type { Motes } from '../motes.ts'

/**
 * `rewards_handling` of a chainspec: which part of each era's new motes goes to the sustain purse instead of validators
 * and delegators. 0 of 1 where the setting is `standard` or absent.
 */
export interface RewardsHandling {
  /** Protocol version that the chainspec is of. */
  readonly version: string
  readonly numerator: bigint
  readonly denominator: bigint
}

export interface Minted {
  readonly version: string
  /** Sum of the switch block's rewards: everything that the era's end gives out, before the purse's part is taken. */
  readonly rewards: Motes
  /** How many amounts that is a sum of. */
  readonly amounts: number
  /** What validators and delegators were given of it; null where no node gave the era's summary. */
  readonly staking: Motes | null
}

/**
 * What the sustain purse got at an era's end: `floor(ratio × sum of rewards)` (casper-node 2.2, `distribute` in
 * `storage/src/system/auction.rs`). The setting exists since 2.2.0.
 *
 * A chainspec speaks for its own version; for an era of another one it is taken at its word if what it says
 * fits what the era shows: the rest went to stakes, but for less than a mote an amount, which each loses to rounding.
 * @returns null where no node says enough
 */
export function toSustained(
  { version, rewards, amounts, staking }: Minted,
  handling: RewardsHandling | null,
): Motes | null {
  if (isBefore(version, [2, 2]) || rewards === 0n || staking === rewards) return 0n
  if (handling === null) return null
  const share = (rewards * handling.numerator) / handling.denominator
  if (version === handling.version) return share
  if (staking === null) return null
  const lost = rewards - share - staking
  return lost >= 0n && lost <= BigInt(amounts) ? share : null
}

function isBefore(version: string, [major, minor]: readonly [number, number]): boolean {
  const [a = 0, b = 0] = version.split('.').map(Number)
  return a < major || (a === major && b < minor)
}
