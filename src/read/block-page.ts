import type { Block } from '../domain/block.ts'
import type { Era } from '../domain/era.ts'
import type { Hash } from '../domain/hash.ts'
import type { Ms } from '../domain/time.ts'
import { count, hash, list, nullable, record, time } from './pack.ts'
import { createPageCodec, type Layout, type Page, toPage } from './page.ts'
import { blockOfPage, era, startOfPage } from './records.ts'

/**
 * Heights of a page: 1,024 mainnet blocks are about 125 KB, a store query of that many rows, and 7 million blocks
 * are 7,000 values.
 */
export const BLOCKS_PER_PAGE = 1_024

/** What a page's blocks need from outside the page. */
export interface BlockPageHead {
  readonly firstHeight: number
  readonly parentHash: Hash
  /** Time of the block before the first; null when there is none. */
  readonly previousTime: Ms | null
  /** Consecutive eras of the blocks, as far as they are closed: a block is then answered from its page alone. */
  readonly eras: readonly Era[]
}

export type BlockPage = Page<BlockPageHead, Block>

/** A block with the time of the one before. */
export interface TimedBlock {
  readonly block: Block
  readonly previousTime: Ms | null
}

/** A block as a page gives it. */
export interface PageBlock extends TimedBlock {
  /** null: to be read elsewhere. */
  readonly era: Era | null
}

const layout: Layout<BlockPageHead, Block> = {
  version: 'b1',
  head: record<BlockPageHead>({
    firstHeight: count,
    parentHash: hash,
    previousTime: nullable(time),
    eras: list(era),
  }),
  item: blockOfPage,
}

export const blockPageCodec = createPageCodec(layout)

/** @throws {RangeError} when a height is missing: a page with a hole would be served for ever */
export function assertConsecutive(blocks: readonly Block[]): void {
  const first = blocks[0]?.height ?? 0
  blocks.forEach((block, index) => {
    if (block.height !== first + index) {
      throw new RangeError(`Block ${first + index} is missing before ${block.height}`)
    }
  })
}

/** Consecutive blocks, ascending. `previousTime` is that of the block before the first. @throws {RangeError} */
export function toBlockPage(
  blocks: readonly Block[],
  previousTime: Ms | null,
  eras: readonly Era[],
): BlockPage {
  const first = blocks[0]
  if (!first) throw new RangeError('A page of no blocks')
  assertConsecutive(blocks)
  const { height, parentHash } = first
  return toPage(layout, { firstHeight: height, parentHash, previousTime, eras }, blocks)
}

/** The block of a height; null when the page does not hold it. */
export function findBlock(page: Page<BlockPageHead, Block>, height: number): PageBlock | null {
  const { firstHeight, parentHash, previousTime, eras } = page.head
  const index = height - firstHeight
  if (!(index >= 0 && index < page.count)) return null
  const before = index === 0 ? null : startOfPage.read(page.seek(index - 1))
  // The item was made for this caller: filling it in place spares a copy of twenty members.
  const block = page.at(index) as { -readonly [K in keyof Block]: Block[K] }
  block.height = height
  block.parentHash = before ? before.hash : parentHash
  const era = findEraOf(eras, block.eraId)
  return { block, previousTime: before ? before.time : previousTime, era }
}

/** Of consecutive eras. */
export function findEraOf(eras: readonly Era[], id: number): Era | null {
  const first = eras[0]
  return first === undefined ? null : (eras[id - first.id] ?? null)
}
