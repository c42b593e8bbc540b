/** In which blocks of a tail a transaction may be. */
export interface TransactionIndex {
  /** Heights in ascending order, each once; others are ignored, for blocks are made again when they are far behind. */
  add(height: number, hashes: readonly string[]): void
  /** The highest that was added. */
  last(): number
  /** Heights with a transaction whose hash begins like this one: mostly one or none. */
  find(hash: string): number[]
}

/** A hash is found after a few steps while this part of the slots is taken at most. */
const FULL = 0.75
const FIRST_SIZE = 1_024

/**
 * A hash table of 8 bytes a slot: the hash's first 32 bits and the height. A million transactions take some 16 MB, where a
 * Map of their hashes would take 150.
 */
export function createTransactionIndex(): TransactionIndex {
  let words = new Uint32Array(FIRST_SIZE)
  // Height 0 marks a free slot: genesis has no transactions.
  let heights = new Uint32Array(FIRST_SIZE)
  let count = 0
  let last = 0

  function put(word: number, height: number): void {
    const mask = words.length - 1
    let slot = word & mask
    while (heights[slot] !== 0) slot = (slot + 1) & mask
    words[slot] = word
    heights[slot] = height
  }

  function grow(): void {
    const [oldWords, oldHeights] = [words, heights]
    words = new Uint32Array(oldWords.length * 2)
    heights = new Uint32Array(words.length)
    for (const [slot, height] of oldHeights.entries()) if (height !== 0) put(oldWords[slot] as number, height)
  }

  return {
    add(height, hashes) {
      if (height <= last) return
      last = height
      for (const hash of hashes) {
        if (++count > words.length * FULL) grow()
        put(toWord(hash), height)
      }
    },
    last: () => last,
    find(hash) {
      const word = toWord(hash)
      const mask = words.length - 1
      const found: number[] = []
      for (let slot = word & mask; heights[slot] !== 0; slot = (slot + 1) & mask) {
        if (words[slot] === word) found.push(heights[slot] as number)
      }
      return found
    },
  }
}

/** 0 for what is no hash: what is asked for may be any text. */
const toWord = (hash: string): number => Number.parseInt(hash.slice(0, 8), 16) >>> 0
