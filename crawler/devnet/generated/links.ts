import type { Header, Link } from './header.ts'

/** Headers of one tail of a chain, by height. */
export interface Links {
  /** The block's header. Computes what is missing between the nearest known block below and this one. */
  header(height: number): Header
  /** What the block at `height` leaves to the next; -1 for what genesis builds on. */
  link(height: number): Link
  /** Height of a block that is in the window. */
  find(hash: string): number | null
}

/** Headers kept. A crawler has some 500 heights under way, and a look back at a fork reaches no further than this. */
const WINDOW = 4_096
/** A link is kept for ever at each multiple of this: reaching any height costs at most so many blocks' hashes. */
const STRIDE = 1_024

/**
 * A block's hash needs its parent's, so heights are made one after another: forward from the window, or from the last
 * checkpoint below. Memory is a window of headers and one link (some 300 bytes) for a thousand blocks.
 *
 * @param first lowest height of this tail
 * @param before what `first` builds on
 */
export function createLinks(
  first: number,
  before: () => Link,
  make: (parent: Link, height: number) => Header,
): Links {
  const window = new Array<Header | undefined>(WINDOW)
  const byHash = new Map<string, number>()
  const checkpoints = new Map<number, Link>()

  const kept = (height: number): Header | undefined => {
    const header = window[height % WINDOW]
    return header?.place.height === height ? header : undefined
  }

  function keep(header: Header): void {
    const { height } = header.place
    const leaving = window[height % WINDOW]
    if (leaving) byHash.delete(leaving.hash)
    window[height % WINDOW] = header
    byHash.set(header.hash, height)
    if (height % STRIDE === 0 && !checkpoints.has(height)) {
      const { hash, accumulatedSeed, switchHash, supply, eraSupply } = header
      checkpoints.set(height, { hash, accumulatedSeed, switchHash, supply, eraSupply })
    }
  }

  const known = (height: number): Link | undefined =>
    height < first ? before() : (kept(height) ?? checkpoints.get(height))

  function header(height: number): Header {
    const own = kept(height)
    if (own) return own
    let at = height - 1
    let parent = known(at)
    while (parent === undefined) parent = known(--at)
    let made: Header | undefined
    while (at < height) {
      made = make(parent, ++at)
      keep(made)
      parent = made
    }
    return made as Header
  }

  return {
    header,
    link: (height) => known(height) ?? header(height),
    find: (hash) => byHash.get(hash) ?? null,
  }
}
