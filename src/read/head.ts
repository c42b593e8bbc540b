import type { Found, Key } from '../cache/cache.ts'
import type { Block } from '../domain/block.ts'
import type { Era } from '../domain/era.ts'
import { ZERO_HASH } from '../domain/hash.ts'
import type { Checkpoint, Cut, Heartbeat, Network } from '../domain/network.ts'
import type { Ms } from '../domain/time.ts'
import { andThen, type Soon } from '../lib/soon.ts'
import type { StoreReader, Tip } from '../ports.ts'
import { assertConsecutive, type BlockPageHead } from './block-page.ts'
import { count, hash, list, nullable, record, text, time } from './pack.ts'
import { createPageCodec, type Layout, type Page, toPage } from './page.ts'
import { type ReadPorts, readThrough } from './ports.ts'
import { blockOfPage, era } from './records.ts'

/**
 * Heights of a segment: the run of blocks between closed pages and the tip is kept in segments of this length, so
 * that a new block costs a query of at most so many rows, and not of a page and an era.
 */
export const BLOCKS_PER_SEGMENT = 128
export const ERAS_PER_SEGMENT = 16

/**
 * Blocks behind the tip before a page may count as closed. Mainnet took two blocks back in July 2024; each page that
 * held them would have to be made anew.
 */
export const SETTLED_DEPTH = 8

interface HeadInfo extends BlockPageHead {
  readonly tip: Tip | null
  /** From a segment's first id to the newest, which may be open; the last completed one is always among them. */
  readonly eras: readonly Era[]
}

/**
 * The chain's end in one value, so that its parts agree: the tip, the blocks of the newest segment, the newest
 * eras. Which pages are closed, what is latest and what is open is told by this alone.
 */
export type Head = Page<HeadInfo, Block>

const network = record<Network>({ name: text, genesisHash: hash, firstHeight: count })
const checkpoint = record<Checkpoint>({ height: count, hash, eraId: count, time })

const cut = record<Cut>({ height: count, eraId: count })

const heartbeat = record<Heartbeat>({
  at: time,
  networkHeight: count,
  networkTime: time,
  grownAt: time,
  trouble: nullable(text),
})

const layout: Layout<HeadInfo, Block> = {
  version: 'h3',
  head: record<HeadInfo>({
    firstHeight: count,
    parentHash: hash,
    previousTime: nullable(time),
    tip: nullable(record<Tip>({ network, checkpoint, cuts: list(cut), heartbeat })),
    eras: list(era),
  }),
  item: blockOfPage,
}

const key: Key<Head> = {
  id: 'head',
  cacheClass: 'PER_BLOCK',
  codec: createPageCodec(layout),
  isRoot: true,
}

export function readHead(ports: ReadPorts): Soon<Found<Head>> {
  return andThen(
    readThrough(ports.cache, key, () => loadHead(ports.store)),
    (head) => {
      ports.cache.learn(head.value.head.tip?.cuts ?? [])
      return head
    },
  )
}

/** The head that is in memory and fresh; null when there is none. */
export function peekHead({ cache }: ReadPorts): Found<Head> | null {
  return cache.peek(key)
}

/** First height and id of the segments that hold the tip and the last completed era. */
async function loadHead(store: StoreReader): Promise<Head> {
  const tip = await store.readTip()
  if (tip === null) return toHead(null, [], null, [])
  const { height, eraId } = tip.checkpoint
  const firstHeight = height - (height % BLOCKS_PER_SEGMENT)
  const lastCompleted = Math.max(0, eraId - 1)
  const [blocks, eras] = await Promise.all([
    store.readBlocks(Math.max(0, firstHeight - 1), height),
    store.readEras(lastCompleted - (lastCompleted % ERAS_PER_SEGMENT), eraId),
  ])
  const before = blocks[0]?.height === firstHeight - 1 ? blocks.shift() : undefined
  return toHead(tip, blocks, before?.time ?? null, eras)
}

/** @throws {RangeError} when the tip's own block or era is missing: they are committed together */
export function toHead(
  tip: Tip | null,
  blocks: readonly Block[],
  previousTime: Ms | null,
  eras: readonly Era[],
): Head {
  assertConsecutive(blocks)
  const newest = blocks.at(-1)
  if (
    tip !== null &&
    (newest?.height !== tip.checkpoint.height || eras.at(-1)?.id !== tip.checkpoint.eraId)
  ) {
    throw new RangeError(`Block ${tip.checkpoint.height} or its era is missing behind the checkpoint`)
  }
  const first = blocks[0]
  return toPage(
    layout,
    {
      firstHeight: first?.height ?? 0,
      parentHash: first?.parentHash ?? ZERO_HASH,
      previousTime,
      tip,
      eras,
    },
    blocks,
  )
}

/** First height that is in no closed era. */
export function toClosedBelow(head: Head): number {
  const newest = head.head.eras.at(-1)
  if (!newest) return 0
  return newest.endHeight === null ? newest.startHeight : newest.endHeight + 1
}

/** First height that may not be in a closed page yet. */
export function toSettledBelow(head: Head): number {
  const tip = head.head.tip
  return tip ? Math.max(0, Math.min(toClosedBelow(head), tip.checkpoint.height + 1 - SETTLED_DEPTH)) : 0
}

/** First era that may not be in a closed page yet. */
export function toSettledEra(head: Head): number {
  const settledBelow = toSettledBelow(head)
  const { eras } = head.head
  const first = eras.find((era) => era.endHeight === null || era.endHeight >= settledBelow)
  return first?.id ?? (eras.at(-1)?.id ?? -1) + 1
}

export function toLastCompleted(head: Head): Era | null {
  return head.head.eras.findLast((era) => era.endHeight !== null) ?? null
}

/** null between an era's switch block and the next block. */
export function toOpenEra(head: Head): Era | null {
  const newest = head.head.eras.at(-1)
  return newest && newest.endHeight === null ? newest : null
}
