import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/*
 * Writes small MMDB files (https://maxmind.github.io/MaxMind-DB/): the real ones have a hundred megabytes.
 */

type Value = string | number | { readonly [name: string]: Value }
type Trie = [Trie | number | null, Trie | number | null]

/**
 * @param entries networks by their bits from the first one on, such as those of `toBits`
 * @returns the file's path
 */
export function writeMmdb(
  ipVersion: 4 | 6,
  entries: readonly (readonly [bits: string, record: Readonly<Record<string, Value>>])[],
): string {
  const sections = entries.map(([, record]) => encode(record))
  const offsets = sections.map((_, index) => Buffer.concat(sections.slice(0, index)).length)
  const root: Trie = [null, null]
  for (const [index, [bits]] of entries.entries()) plant(root, bits, offsets[index] ?? 0)
  const nodes: Trie[] = []
  number(root, nodes)
  const tree = Buffer.concat(
    nodes.flatMap((node) =>
      node.map((side) => {
        const record = Buffer.alloc(3)
        record.writeUIntBE(toRecord(side, nodes), 0, 3)
        return record
      }),
    ),
  )
  const metadata = Buffer.concat([
    Buffer.from('abcdef', 'hex'),
    Buffer.from('MaxMind.com'),
    Buffer.from([0xe0 | 6]),
    encode('node_count'),
    unsigned(6, nodes.length),
    encode('record_size'),
    unsigned(5, 24),
    encode('ip_version'),
    unsigned(5, ipVersion),
    encode('database_type'),
    encode('test'),
    encode('binary_format_major_version'),
    unsigned(5, 2),
    encode('build_epoch'),
    unsigned(6, 1),
  ])
  const file = join(mkdtempSync(join(tmpdir(), 'mmdb-')), 'places.mmdb')
  writeFileSync(file, Buffer.concat([tree, Buffer.alloc(16), ...sections, metadata]))
  return file
}

/** The bits of a whole IPv4 address, or of an IPv6 address that is written without a gap. */
export function toBits(ip: string): string {
  const [parts, radix, width] = ip.includes(':') ? [ip.split(':'), 16, 16] : [ip.split('.'), 10, 8]
  return parts.map((part) => Number.parseInt(part, radix).toString(2).padStart(width, '0')).join('')
}

function plant(root: Trie, bits: string, offset: number): void {
  let node = root
  for (const [depth, bit] of [...bits].entries()) {
    const side = Number(bit) as 0 | 1
    if (depth === bits.length - 1) node[side] = offset
    else {
      const next = node[side]
      const child: Trie = Array.isArray(next) ? next : [null, null]
      node[side] = child
      node = child
    }
  }
}

function number(node: Trie, nodes: Trie[]): void {
  nodes.push(node)
  for (const side of node) if (Array.isArray(side)) number(side, nodes)
}

/** A node's number, the number of all nodes for nothing, and past 16 bytes after that what is in the data. */
function toRecord(side: Trie[number], nodes: readonly Trie[]): number {
  if (side === null) return nodes.length
  return Array.isArray(side) ? nodes.indexOf(side) : nodes.length + 16 + side
}

function encode(value: Value): Buffer {
  if (typeof value === 'string') {
    const text = Buffer.from(value)
    return Buffer.concat([control(2, text.length), text])
  }
  if (typeof value === 'number') {
    const bytes = Buffer.alloc(8)
    bytes.writeDoubleBE(value)
    return Buffer.concat([control(3, 8), bytes])
  }
  const members = Object.entries(value)
  const pairs = members.flatMap(([name, inner]) => [encode(name), encode(inner)])
  return Buffer.concat([control(7, members.length), ...pairs])
}

const control = (type: number, size: number) =>
  size < 29 ? Buffer.from([(type << 5) | size]) : Buffer.from([(type << 5) | 29, size - 29])

function unsigned(type: 5 | 6, value: number): Buffer {
  const bytes = Buffer.alloc(type === 5 ? 2 : 4)
  bytes.writeUIntBE(value, 0, bytes.length)
  return Buffer.concat([control(type, bytes.length), bytes])
}
