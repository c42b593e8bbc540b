import type { Block } from '../domain/block.ts'
import type { Era } from '../domain/era.ts'
import { type BlockPageHead, findEraOf } from './block-page.ts'
import type { BlockFigures } from './block-text.ts'
import type { Page } from './page.ts'

/** What the compatible answers about one block show. */
export interface PageFigures {
  readonly figures: BlockFigures
  /** null: to be read elsewhere. */
  readonly era: Era | null
}

/**
 * A block in the figures of the compatible answers; null when the page does not hold the height. The hot path of
 * closed history, so it reads the record's beginning (`records.ts`) by hand and divides amounts while it reads them:
 * the generic reader, its objects and big integers take three times as long. A test holds it against them.
 */
export function findFigures(page: Page<BlockPageHead, Block>, height: number): PageFigures | null {
  const { firstHeight, previousTime, eras } = page.head
  const index = height - firstHeight
  if (!(index >= 0 && index < page.count)) return null
  const before = index === 0 ? previousTime : page.seek(index - 1).f64()

  const reader = page.seek(index)
  const time = reader.f64()
  const hashesAt = reader.offset
  reader.offset += 64
  const eraId = reader.varint()
  const isSwitch = reader.u8() === 1
  const transfers = reader.varint()
  const deploys = reader.varint() + reader.varint() + reader.varint()
  reader.varint() // failed ones are among the others
  const staked = reader.whole()
  const undelegated = reader.whole()
  const totalSupply = reader.u8() === 0 ? null : reader.whole()
  return {
    figures: {
      height,
      bytes: page.bytes,
      hashesAt,
      eraId,
      time,
      blockTime: before === null ? 0 : time - before,
      isSwitch,
      transfers,
      deploys,
      staked,
      undelegated,
      totalSupply,
    },
    era: findEraOf(eras, eraId),
  }
}
