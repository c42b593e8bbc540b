import type { Found, Key } from '../cache/cache.ts'
import type { Block } from '../domain/block.ts'
import type { Hash } from '../domain/hash.ts'
import type { Ms } from '../domain/time.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import type { StoreReader, Tip } from '../ports.ts'
import {
  BLOCKS_PER_PAGE,
  type BlockPage,
  blockPageCodec,
  findBlock,
  type PageBlock,
  toBlockPage,
} from './block-page.ts'
import { findFigures, type PageFigures } from './figures.ts'
import { BLOCKS_PER_SEGMENT, type Head, readHead, toClosedBelow, toSettledBelow } from './head.ts'
import { count, nullable } from './pack.ts'
import { type Read, type ReadPorts, readThrough, toRead } from './ports.ts'
import { createValueCodec } from './value.ts'

/** A block by height; null when there is none, also for a height that no block can have. */
export function readBlock(ports: ReadPorts, height: number): Soon<Read<PageBlock> | null> {
  return readWith(findBlock, ports, height)
}

/** As much of a block as the compatible answers show. */
export function readFigures(ports: ReadPorts, height: number): Soon<Read<PageFigures> | null> {
  return readWith(findFigures, ports, height)
}

/** The same of closed history that is in memory; null for all else. */
export function peekFigures({ cache }: ReadPorts, height: number): Read<PageFigures> | null {
  const page = cache.peek(toPageKey(toPageNumber(height)))
  return page && readFromPage(findFigures, page, height)
}

/** null before the first commit. */
export function readTipHeight(ports: ReadPorts): Soon<number | null> {
  return andThen(readHead(ports), (head) => head.value.head.tip?.checkpoint.height ?? null)
}

/** null before the first commit. */
export function readLatestBlock(ports: ReadPorts): Soon<Read<PageBlock> | null> {
  return andThen(readTipHeight(ports), (height) => (height === null ? null : readBlock(ports, height)))
}

/** `findBlock` or `findFigures`. */
type Find<B> = (page: BlockPage | Head, height: number) => B | null

/** Blocks of an inclusive range that exist, ascending. The caller bounds its length. */
export async function readBlockRange(ports: ReadPorts, from: number, to: number): Promise<Read<PageBlock>[]> {
  const blocks: Read<PageBlock>[] = []
  for (let height = from; height <= to; height++) {
    const soon = readBlock(ports, height)
    const block = soon instanceof Promise ? await soon : soon
    if (block) blocks.push(block)
  }
  return blocks
}

const heightCodec = createValueCodec('n1', nullable(count))

/**
 * Height of a block hash. One entry a hash would fill the durable tiers with every block of the chain, so it is kept
 * for minutes only: the block itself comes from its page.
 */
export async function readHeightOfHash(ports: ReadPorts, hash: Hash): Promise<number | null> {
  const key: Key<number | null> = { id: `heights/${hash}`, cacheClass: 'PER_BLOCK', codec: heightCodec }
  const found = await readThrough(ports.cache, key, () => ports.store.readHeightOfHash(hash))
  return found.value
}

/** The page that begins a run of closed heights, for loading it as soon as it is complete; null when there is none. */
export function readNewestPage(ports: ReadPorts, head: Head): Soon<unknown> {
  const { tip } = head.head
  const number = toPageNumber(toSettledBelow(head)) - 1
  return tip && number >= toPageNumber(tip.network.firstHeight) ? readPage(ports, number, tip) : null
}

function readWith<B>(find: Find<B>, ports: ReadPorts, height: number): Soon<Read<B> | null> {
  if (!Number.isInteger(height) || height < 0) return null
  // Only closed pages have this key, so that one found in memory is answered without asking what is closed.
  const page = ports.cache.peek(toPageKey(toPageNumber(height)))
  if (page) return readFromPage(find, page, height)
  return andThen(readHead(ports), (head) => readBehind(find, ports, head, height))
}

function readBehind<B>(
  find: Find<B>,
  ports: ReadPorts,
  head: Found<Head>,
  height: number,
): Soon<Read<B> | null> {
  const { tip, firstHeight } = head.value.head
  if (tip === null || height > tip.checkpoint.height || height < tip.network.firstHeight) return null
  if (height >= firstHeight) return readFromHead(find, head, height)

  const number = toPageNumber(height)
  if ((number + 1) * BLOCKS_PER_PAGE <= toSettledBelow(head.value)) {
    return andThen(readPage(ports, number, tip), (page) => readFromPage(find, page, height))
  }
  return andThen(readSegment(ports, Math.floor(height / BLOCKS_PER_SEGMENT), tip), (segment) => {
    const block = find(segment.value, height)
    return block && toRead(block, segment, height < toClosedBelow(head.value))
  })
}

function readFromHead<B>(find: Find<B>, head: Found<Head>, height: number): Read<B> | null {
  const block = find(head.value, height)
  return block && toRead(block, head, height < toClosedBelow(head.value))
}

function readFromPage<B>(find: Find<B>, page: Found<BlockPage>, height: number): Read<B> | null {
  const block = find(page.value, height)
  return block && toRead(block, page, true)
}

function toPageNumber(height: number): number {
  return Math.floor(height / BLOCKS_PER_PAGE)
}

function toPageKey(number: number): Key<BlockPage> {
  const reach = { height: (number + 1) * BLOCKS_PER_PAGE - 1 }
  return { id: `blocks/${number}`, cacheClass: 'IMMUTABLE', codec: blockPageCodec, reach }
}

function readPage(ports: ReadPorts, number: number, tip: Tip): Soon<Found<BlockPage>> {
  const from = number * BLOCKS_PER_PAGE
  return readThrough(ports.cache, toPageKey(number), () =>
    loadBlocks(ports.store, from, from + BLOCKS_PER_PAGE - 1, tip),
  )
}

/** Complete, but not closed: a switch block may still correct the supplies of its era. */
function readSegment(ports: ReadPorts, number: number, tip: Tip): Soon<Found<BlockPage>> {
  const key: Key<BlockPage> = {
    id: `block-segments/${number}`,
    cacheClass: 'PER_ERA',
    codec: blockPageCodec,
  }
  const from = number * BLOCKS_PER_SEGMENT
  return readThrough(ports.cache, key, () =>
    loadBlocks(ports.store, from, from + BLOCKS_PER_SEGMENT - 1, tip),
  )
}

/** @throws {RangeError} when the store does not hold the whole range: a replica that lags must not end in a page */
async function loadBlocks(store: StoreReader, from: number, to: number, tip: Tip): Promise<BlockPage> {
  const blocks = await store.readBlocks(Math.max(0, from - 1), to)
  let previousTime: Ms | null = null
  if (blocks[0]?.height === from - 1) previousTime = (blocks.shift() as Block).time
  const start = Math.max(from, tip.network.firstHeight)
  const [first, last] = [blocks[0], blocks.at(-1)]
  if (first?.height !== start || last?.height !== to) {
    throw new RangeError(`The store does not hold all blocks from ${start} to ${to}`)
  }
  const eras = await store.readEras(first.eraId, last.eraId)
  return toBlockPage(
    blocks,
    previousTime,
    eras.filter((era) => era.endHeight !== null && era.endHeight <= tip.checkpoint.height),
  )
}
