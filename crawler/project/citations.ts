import type { PublicKey } from '../../src/domain/keys.ts'
import { SIGNATURE_REACH } from '../../src/domain/reward.ts'
import type { BlockV2 } from '../decode/block.ts'

/** The signatures of one earlier block that a block cites. */
export interface Citation {
  readonly height: number
  /** MSB first, over the validators of that block's era in the order of `toCitedOrder`. */
  readonly bitmap: Uint8Array
}

/**
 * Entry i of `rewarded_signatures` is about the block i + 1 before. Entries without a bit are left out: there are more
 * entries than blocks before at a chain's first heights, and blocks of 1.x can have none.
 * @throws {RangeError} for a citation from farther than rows are kept for
 */
export function toCitations({
  height,
  rewardedSignatures,
}: Pick<BlockV2, 'height' | 'rewardedSignatures'>): Citation[] {
  return rewardedSignatures.flatMap((bitmap, index) => {
    if (!bitmap.some((byte) => byte !== 0)) return []
    if (index >= SIGNATURE_REACH || index >= height) {
      throw new RangeError(
        `Block ${height} cites signatures of ${index + 1} blocks before: at most ${SIGNATURE_REACH} are looked after.`,
      )
    }
    return [{ height: height - 1 - index, bitmap }]
  })
}

/** Validators in the order of the bitmaps: ed25519 before secp256k1, then by their bytes, as their hex texts sort. */
export function toCitedOrder(keys: Iterable<PublicKey>): PublicKey[] {
  return [...keys].sort()
}

/**
 * Who is cited. null where the bitmap is not of this set: another length, or a bit beyond its end (a set that an operator's
 * restart replaced).
 */
export function readBitmap(bitmap: Uint8Array, order: readonly PublicKey[]): PublicKey[] | null {
  if (bitmap.length !== Math.ceil(order.length / 8)) return null
  const cited: PublicKey[] = []
  for (let bit = 0; bit < bitmap.length * 8; bit++) {
    if (((bitmap[bit >> 3] as number) & (0x80 >> (bit & 7))) === 0) continue
    const validator = order[bit]
    if (validator === undefined) return null
    cited.push(validator)
  }
  return cited
}
