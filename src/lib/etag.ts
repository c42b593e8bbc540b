const encoder = new TextEncoder()
/** Bodies up to a third of it are hashed by words of their bytes: reading a joined string by characters is dear. */
const words = new Uint32Array(8_192)
const bytes = new Uint8Array(words.buffer)

/**
 * Strong ETag of a body: two lanes of 32 bits over every other word each, and the length. Not cryptographic: it has to
 * tell two answers at one URL apart, in about a microsecond for a block.
 */
export function toEtag(body: string): string {
  const { length } = body
  const [a, b] = length * 3 < bytes.length ? hashWords(body) : hashCharacters(body)
  const [first, second] = [(a ^ (b >>> 16)) >>> 0, (b ^ (a >>> 16)) >>> 0]
  return `"${first.toString(36)}${second.toString(36)}-${length.toString(36)}"`
}

function hashWords(body: string): [number, number] {
  const { written } = encoder.encodeInto(body, bytes)
  const count = (written + 3) >> 2
  // What an earlier body left behind the end must not count.
  bytes.fill(0, written, 4 * count + 4)
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < count; i += 2) {
    a = Math.imul(a ^ (words[i] as number), 0x9e3779b1)
    a ^= a >>> 15
    b = Math.imul(b ^ (words[i + 1] as number), 0x5f356495)
    b ^= b >>> 13
  }
  return [Math.imul(a, 0x85ebca6b), Math.imul(b, 0xc2b2ae35)]
}

function hashCharacters(body: string): [number, number] {
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < body.length; i += 2) {
    a = Math.imul(a ^ body.charCodeAt(i), 0x9e3779b1)
    a ^= a >>> 15
    // Behind the last character stands NaN, which counts as 0.
    b = Math.imul(b ^ body.charCodeAt(i + 1), 0x5f356495)
    b ^= b >>> 13
  }
  return [Math.imul(a, 0x85ebca6b), Math.imul(b, 0xc2b2ae35)]
}

/**
 * Whether If-None-Match names the ETag: weak comparison (RFC 9110, 13.1.2), since proxies that compress make tags
 * weak, and tags of our own gzip variant stand for the same answer.
 */
export function matchesEtag(ifNoneMatch: string, etag: string): boolean {
  if (ifNoneMatch === etag || ifNoneMatch === '*') return true
  return ifNoneMatch.split(',').some((tag) => toPlain(tag.trim()) === etag)
}

const GZIP_SUFFIX = '-gz"'

/** Another representation, byte for byte, needs another strong tag. */
export function toGzipEtag(etag: string): string {
  return etag.slice(0, -1) + GZIP_SUFFIX
}

function toPlain(tag: string): string {
  const strong = tag.startsWith('W/') ? tag.slice(2) : tag
  return strong.endsWith(GZIP_SUFFIX) ? `${strong.slice(0, -GZIP_SUFFIX.length)}"` : strong
}
