/** 32 bytes as 64 lower-case hex digits: a block, body, state root, deploy or transaction hash. */
export type Hash = string

const HASH = /^[0-9a-f]{64}$/

/** Accepts any case: old nodes and explorers write mixed-case checksummed hex. */
export function isHash(text: string): boolean {
  return HASH.test(text.toLowerCase())
}

/** @throws {SyntaxError} when the text is not 64 hex digits */
export function parseHash(text: string): Hash {
  const lower = text.toLowerCase()
  if (!HASH.test(lower)) throw new SyntaxError(`Not a hash of 64 hex digits: ${JSON.stringify(text)}`)
  return lower
}

/** The parent of genesis. */
export const ZERO_HASH: Hash = '0'.repeat(64)
