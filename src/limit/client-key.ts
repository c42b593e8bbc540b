/**
 * Who is counted: an IPv4 address whole, an IPv6 address by its /64, which is what one household or one server is
 * given. IPv4 inside IPv6 (`::ffff:192.0.2.1`, also in hex) counts as IPv4, or one client would have two budgets.
 * What is no address is counted under its own text: the limiter must not fail open.
 */
export function toClientKey(address: string): string {
  if (!address.includes(':')) return address
  const groups = parseIpv6(address)
  if (groups === null) return address
  const [a, b, c, d, e, f, g, h] = groups as [number, number, number, number, number, number, number, number]
  if ((a | b | c | d | e) === 0 && f === 0xffff) return `${g >> 8}.${g & 255}.${h >> 8}.${h & 255}`
  return `${a.toString(16)}:${b.toString(16)}:${c.toString(16)}:${d.toString(16)}::/64`
}

/** Eight groups of 16 bits (RFC 4291, section 2.2); brackets and a zone (`fe80::1%eth0`) are left out. */
function parseIpv6(text: string): number[] | null {
  const bare = text.replace(/^\[|\]$/g, '').replace(/%.*$/, '')
  const halves = bare.split('::')
  if (halves.length > 2) return null
  const head = toGroups(halves[0] ?? '')
  const tail = halves.length === 2 ? toGroups(halves[1] ?? '') : []
  if (head === null || tail === null) return null
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null
  return [...head, ...new Array<number>(missing).fill(0), ...tail]
}

function toGroups(text: string): number[] | null {
  if (text === '') return []
  const groups: number[] = []
  for (const part of text.split(':')) {
    if (part.includes('.')) {
      const bytes = part.split('.').map(Number)
      if (bytes.length !== 4 || !bytes.every((byte) => Number.isInteger(byte) && byte >= 0 && byte < 256)) {
        return null
      }
      const [a, b, c, d] = bytes as [number, number, number, number]
      groups.push((a << 8) | b, (c << 8) | d)
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16))
    else return null
  }
  return groups
}
