import type { Place } from './eras.ts'
import type { ValidatorSet } from './validators.ts'

/**
 * Who signs a block. `all`; `enough`, the fewest validators that hold more than two thirds of the weight; `none`;
 * a number from 0 to 1, validators with at most that share of the weight; `forged`, all, with signatures of
 * another block.
 */
export type SignersOf = 'all' | 'enough' | 'none' | 'forged' | number

export interface Proof {
  readonly public_key: string
  /** With the algorithm's tag. */
  readonly signature: string
}

/**
 * What a validator signs: a Version1 block's hash and era id (40 bytes); a Version2 block's hash, height, era id and the
 * BLAKE2b-256 of the chain's name (80 bytes). Integers are u64, little-endian.
 * @param networkHash 64 hex digits
 */
export function toFinalityMessage(
  { generation, height, eraId }: Pick<Place, 'generation' | 'height' | 'eraId'>,
  blockHash: string,
  networkHash: string,
): Buffer {
  const message = Buffer.alloc(generation === 1 ? 40 : 80)
  let at = message.write(blockHash, 'hex')
  if (generation === 2) at = message.writeBigUInt64LE(BigInt(height), at)
  at = message.writeBigUInt64LE(BigInt(eraId), at)
  if (generation === 2) message.write(networkHash, at, 'hex')
  return message
}

/** Validators that sign, as places in the set, ascending. */
export type Signers = readonly number[]

/** Chooses signers; remembers the last choice, which holds for a whole era. */
export function createSigners(): (set: ValidatorSet, eraId: number, of: SignersOf) => Signers {
  let last: { set: ValidatorSet; eraId: number; of: SignersOf; signers: Signers } | null = null
  return (set, eraId, of) => {
    if (last?.set !== set || last.eraId !== eraId || last.of !== of) {
      last = { set, eraId, of, signers: choose(set.weights(eraId), of) }
    }
    return last.signers
  }
}

function choose(weights: readonly bigint[], of: SignersOf): Signers {
  const everyone = weights.map((_, i) => i)
  if (of === 'all' || of === 'forged') return everyone
  if (of === 'none') return []
  const total = weights.reduce((sum, weight) => sum + weight, 0n)
  const heaviestFirst = everyone.toSorted((a, b) => (weightOf(weights, a) > weightOf(weights, b) ? -1 : 1))
  const chosen: number[] = []
  let held = 0n
  const most = typeof of === 'number' ? (total * BigInt(Math.floor(of * 1_000_000))) / 1_000_000n : total
  for (const place of heaviestFirst) {
    if (of === 'enough' && held * 3n > total * 2n) break
    const weight = weightOf(weights, place)
    if (held + weight > most) continue
    held += weight
    chosen.push(place)
  }
  return chosen.sort((a, b) => a - b)
}

const weightOf = (weights: readonly bigint[], place: number): bigint => weights[place] as bigint

/** Signs a block, in key order. */
export function toProofs(set: ValidatorSet, signers: Signers, message: Buffer, of: SignersOf): Proof[] {
  const signed = of === 'forged' ? message.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) : message
  const bytes = Buffer.from(signed)
  return signers.map((place) => {
    const { publicKey, sign } = set.members[place] as ValidatorSet['members'][number]
    return { public_key: publicKey, signature: publicKey.slice(0, 2) + sign(bytes) }
  })
}

/** `rewarded_signatures`' bitmap of one block: a bit for each validator in key order, from the highest bit down. */
export function toBitmap(size: number, signers: Signers): number[] {
  const bytes = new Array<number>(Math.ceil(size / 8)).fill(0)
  for (const place of signers) bytes[place >> 3] = (bytes[place >> 3] as number) | (0x80 >> (place & 7))
  return bytes
}
