const encoder = new TextEncoder()
const decoder = new TextDecoder()
const QUOTE = 0x22
const DASH = 0x2d
/** Bodies up to a third of it are hashed by words of their bytes: reading a joined string by characters is dear. */
const words = new Uint32Array(8_192)
const bytes = new Uint8Array(words.buffer)
const tag = new Uint8Array(32)

/**
 * Strong ETag of a body: two lanes of 32 bits over every other word each, and the length. Not cryptographic: it has to
 * tell two answers at one URL apart, in about a microsecond for a block.
 */
export function toEtag(body: string): string {
  const { length } = body
  const [a, b] = length * 3 < bytes.length ? hashText(body) : hashCharacters(body)
  return decoder.decode(tag.subarray(0, writeTag(tag, 0, a, b, length)))
}

function hashText(body: string): [number, number] {
  return hashWords(words, bytes, encoder.encodeInto(body, bytes).written)
}

/** Both lanes over the first `length` bytes, which are seen as words; up to eight bytes behind them are cleared. */
export function hashWords(words: Uint32Array, bytes: Uint8Array, length: number): [number, number] {
  const count = (length + 3) >> 2
  // What an earlier body left behind the end must not count.
  for (let at = length; at < 4 * count + 4; at++) bytes[at] = 0
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

/** Writes the tag at a place; returns where it ends. */
export function writeTag(target: Uint8Array, at: number, a: number, b: number, length: number): number {
  target[at] = QUOTE
  writeDigits(target, at + 1, a ^ (b >>> 16), 8)
  writeDigits(target, at + 9, b ^ (a >>> 16), 8)
  target[at + 17] = DASH
  let width = 1
  for (let rest = length >>> 4; rest > 0; rest >>>= 4) width++
  writeDigits(target, at + 18, length, width)
  target[at + 18 + width] = QUOTE
  return at + 19 + width
}

/** Hex, with zeros in front. */
function writeDigits(target: Uint8Array, at: number, value: number, width: number): void {
  let rest = value
  for (let place = at + width - 1; place >= at; place--) {
    const digit = rest & 15
    target[place] = digit < 10 ? 48 + digit : 87 + digit
    rest >>>= 4
  }
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
