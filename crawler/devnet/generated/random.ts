import { blake2b256 } from './blake2b.ts'

/** What a drawn value is for: values of one place must not repeat those of another. */
export const Purpose = {
  stateRoot: 1,
  randomBit: 2,
  proposer: 3,
  transfer: 5,
  account: 6,
  purse: 7,
  validator: 8,
  delegator: 9,
  stake: 10,
  system: 11,
  reward: 12,
  transferRecord: 13,
  approval: 14,
  nonce: 15,
} as const

export type Purpose = (typeof Purpose)[keyof typeof Purpose]

/** Values that depend on nothing but the seed, a purpose and two numbers: any height's can be had at any time. */
export interface Random {
  /** 0 to 2^32 - 1. */
  word(purpose: Purpose, a: number, b?: number): number
  /** 64 hex digits. */
  hash(purpose: Purpose, a: number, b?: number): string
  bytes(purpose: Purpose, a: number, b?: number): Buffer
}

/** @param seed any text; another text gives other values throughout */
export function createRandom(seed: string): Random {
  const start = Buffer.from(blake2b256(Buffer.from(seed)), 'hex')
  const [first, second] = [start.readInt32LE(0), start.readInt32LE(4)]
  const scratch = Buffer.alloc(32)

  function fill(purpose: number, a: number, b: number): void {
    // Two lanes of 32 bits: one alone would repeat after some ten thousand hashes.
    const left = absorb(absorb(absorb(first, purpose), a), b)
    const right = absorb(absorb(absorb(second, b), a), purpose)
    for (let i = 0; i < 8; i++) {
      const word = finish(left + Math.imul(i, 0x9e3779b9)) ^ finish(right + Math.imul(i, 0x85ebca6b))
      scratch.writeInt32LE(word, i * 4)
    }
  }

  return {
    word: (purpose, a, b = 0) => finish(absorb(absorb(absorb(first, purpose), a), b)) >>> 0,
    hash(purpose, a, b = 0) {
      fill(purpose, a, b)
      return scratch.toString('hex')
    },
    bytes(purpose, a, b = 0) {
      fill(purpose, a, b)
      return Buffer.from(scratch)
    },
  }
}

/** MurmurHash3's round. */
function absorb(state: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51)
  k = Math.imul((k << 15) | (k >>> 17), 0x1b873593)
  const mixed = state ^ k
  return (Math.imul((mixed << 13) | (mixed >>> 19), 5) + 0xe6546b64) | 0
}

/** MurmurHash3's last step: every bit of the state moves every bit of the result. */
function finish(state: number): number {
  let h = state | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
