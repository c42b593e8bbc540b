import { createRandom, Purpose, type Random } from './random.ts'

/** A transaction's place: which tail of the chain, which height, which of the block's. */
export interface TransactionPlace {
  /** 0 for the chain itself, n for its nth fork. */
  readonly branch: number
  readonly height: number
  readonly index: number
}

/** Names transactions so that a hash leads back to its place without an index of millions. */
export interface TransactionHashes {
  of(place: TransactionPlace): string
  find(hash: string): TransactionPlace | null
}

const INDEX_BITS = 16
const ROUNDS = 4

/**
 * The first 8 bytes are the place, shuffled by a Feistel network so that hashes fall anywhere in a database's index as
 * real ones do; the rest is drawn for the place and is checked when a hash is looked up.
 *
 * They are no hashes of what the deploy or transaction holds: nothing in a block proves these.
 */
export function createTransactionHashes(seed: string): TransactionHashes {
  const random = createRandom(`${seed} transactions`)
  const round = (half: number, i: number) => random.word(Purpose.transaction, half, i)

  function of({ branch, height, index }: TransactionPlace): string {
    let left = height
    let right = ((branch << INDEX_BITS) | index) >>> 0
    for (let i = 0; i < ROUNDS; i++) [left, right] = [right, (left ^ round(right, i)) >>> 0]
    scratch.writeUInt32BE(left, 0)
    scratch.writeUInt32BE(right, 4)
    return scratch.toString('hex') + rest(random, left, right)
  }

  return {
    of,
    find(hash) {
      let left = Number.parseInt(hash.slice(0, 8), 16)
      let right = Number.parseInt(hash.slice(8, 16), 16)
      if (rest(random, left, right) !== hash.slice(16)) return null
      for (let i = ROUNDS - 1; i >= 0; i--) [left, right] = [(right ^ round(left, i)) >>> 0, left]
      return { height: left, branch: right >>> INDEX_BITS, index: right & (2 ** INDEX_BITS - 1) }
    },
  }
}

const scratch = Buffer.alloc(8)

const rest = (random: Random, left: number, right: number): string =>
  random.hash(Purpose.transaction, left, right).slice(16)
