import type { BlockFacts } from '../blocks.ts'
import { blockAdded } from '../event-groups.ts'
import type { LoggedEvent } from '../event-log.ts'
import { toBlockText, toTimeText } from './block-text.ts'
import type { GeneratedTail } from './chain.ts'

export interface Announcements {
  /** Announces blocks from one height to another; of a longer run only the last ones. @returns the events */
  add(from: number, to: number): readonly LoggedEvent[]
  since(id: number): readonly LoggedEvent[]
  facts(height: number): BlockFacts
}

/** Events that stay for clients that come back. */
const KEPT = 1_000

/** BlockAdded events of the tail that is served at the time. */
export function createAnnouncements(tail: () => GeneratedTail): Announcements {
  let kept: LoggedEvent[] = []
  let nextId = 0

  const facts = (height: number): BlockFacts => toFacts(tail(), height)
  return {
    facts,
    add(from, to) {
      const added: LoggedEvent[] = []
      for (let height = Math.max(from, to - KEPT + 1); height <= to; height++) {
        const { path, text } = blockAdded(facts(height))
        added.push({ path, text, id: nextId++ })
      }
      kept = [...kept, ...added].slice(-KEPT)
      return added
    },
    since: (id) => kept.filter((event) => event.id >= id),
  }
}

function toFacts(tail: GeneratedTail, height: number): BlockFacts {
  const header = tail.header(height)
  const { place, hash, stateRootHash, proposer, transactions } = header
  const shape = place.generation === 1 ? 'node-1x' : 'sidecar'
  return {
    height,
    hash,
    version: place.generation,
    eraId: place.eraId,
    timestamp: toTimeText(place.time),
    stateRootHash,
    protocolVersion: place.protocolVersion,
    proposer,
    isSwitch: place.isSwitch,
    transactions,
    // Announced before anyone has signed.
    answer: Buffer.from(toBlockText(header, [], shape)),
  }
}
