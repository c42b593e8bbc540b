import { BlockList, isIPv4, isIPv6 } from 'node:net'

/*
 * Addresses of peers are told by strangers, and the crawler stands in a private network: whoever may choose where it
 * sends a request could reach what nobody outside should (server-side request forgery). So only what is surely an address
 * of the public internet is visited, and never a name, which could mean another address at each look.
 */

/** `1.2.3.4:35000` or `[2a01::1]:35000`, as nodes write them. */
const TOLD = /^(?:\[([0-9a-f:]{2,39})\]|([0-9.]{7,15})):([0-9]{1,5})$/i

/*
 * Lists of IPv4 and IPv6 apart: one list of both holds its IPv4 networks against mapped addresses too, and would take
 * ::ffff:10.0.0.1 for a private address like any other.
 *
 * Special are those that IANA's registries of special-purpose addresses (RFC 6890 and its updates) keep from the public
 * internet. Of IPv6 only 2000::/3 is given out: mapped, translated, link-local and multicast addresses are all outside.
 * Within it Teredo and 6to4 carry an IPv4 address, which may be any.
 */
const PRIVATE = {
  ipv4: toList('ipv4', ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16']),
  ipv6: toList('ipv6', ['::1/128', 'fc00::/7']),
}
const SPECIAL = {
  ipv4: toList('ipv4', [
    '0.0.0.0/8',
    '169.254.0.0/16',
    '192.0.0.0/24',
    '192.0.2.0/24',
    '192.31.196.0/24',
    '192.52.193.0/24',
    '192.88.99.0/24',
    '192.175.48.0/24',
    '198.18.0.0/15',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '224.0.0.0/4',
    '240.0.0.0/4',
  ]),
  ipv6: toList('ipv6', ['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20']),
}
const GIVEN_OUT = toList('ipv6', ['2000::/3'])

/**
 * The address of a peer that may be visited, as canonical text, so that each has one; null for any other word.
 * @param allowPrivate also loopback and private networks, for a network of one's own; never link-local addresses, where
 * clouds keep their credentials
 */
export function parseAddress(told: unknown, allowPrivate = false): string | null {
  if (typeof told !== 'string') return null
  const [, v6, v4, port] = TOLD.exec(told) ?? []
  if (port === undefined || Number(port) < 1 || Number(port) > 65_535) return null
  // Four decimal numbers without leading zeros: other readers take 010 for 8, and 1 for 0.0.0.1.
  if (v4 !== undefined) return isIPv4(v4) && isVisitable(v4, 'ipv4', allowPrivate) ? v4 : null
  if (v6 === undefined || !isIPv6(v6) || !isVisitable(v6, 'ipv6', allowPrivate)) return null
  return new URL(`http://[${v6}]`).hostname.slice(1, -1)
}

type Family = 'ipv4' | 'ipv6'

function isVisitable(ip: string, family: Family, allowPrivate: boolean): boolean {
  if (PRIVATE[family].check(ip, family)) return allowPrivate
  return !SPECIAL[family].check(ip, family) && (family === 'ipv4' || GIVEN_OUT.check(ip, family))
}

function toList(family: Family, subnets: readonly string[]): BlockList {
  const list = new BlockList()
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}
