/**
 * Strong ETag of a body: two lanes of 32 bits over every other character each, and the length. Not cryptographic: it
 * has to tell two answers at one URL apart, in less than a nanosecond a character.
 */
export function toEtag(body: string): string {
  const { length } = body
  let a = 0xdeadbeef
  let b = 0x41c6ce57
  for (let i = 0; i < length; i += 2) {
    a = Math.imul(a ^ body.charCodeAt(i), 0x9e3779b1)
    // Behind the last character stands NaN, which counts as 0.
    b = Math.imul(b ^ body.charCodeAt(i + 1), 0x5f356495)
  }
  a = Math.imul(a ^ (a >>> 15), 0x85ebca6b)
  b = Math.imul(b ^ (b >>> 13), 0xc2b2ae35)
  return `"${((a ^ (b >>> 16)) >>> 0).toString(36)}${((b ^ (a >>> 16)) >>> 0).toString(36)}-${length.toString(36)}"`
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
