import type { BlockFacts } from './blocks.ts'
import { memberText } from './json-text.ts'
import type { RecordedEvent } from './lines.ts'
import type { Recording } from './recording.ts'

/** An event as it will be sent, but for its id when none was recorded. */
export type GroupedEvent = { path: string; id: number | null; text: () => string }

type Told = {
  BlockAdded?: { block_hash: string }
  DeployProcessed?: { block_hash: string }
  TransactionProcessed?: { block_hash: string }
  FinalitySignature?: { block_hash?: string; V1?: { block_hash: string }; V2?: { block_hash: string } }
  Step?: { era_id: number }
}

/** Height to the events told with that block. */
export type EventGroups = ReadonlyMap<number, readonly GroupedEvent[]>

/** Sorting reads every event, and a recording may be served by many nodes. */
const grouped = new WeakMap<Recording, EventGroups>()

/**
 * Sorts the recorded events by the block with which they are told: each event with the lowest height
 * that keeps the recorded order and tells of no block above the tip.
 */
export function groupEvents(recording: Recording): EventGroups {
  const known = grouped.get(recording)
  if (known) return known
  const groups = new Map<number, GroupedEvent[]>()
  const put = (height: number, event: GroupedEvent) => {
    const group = groups.get(height)
    if (group) group.push(event)
    else groups.set(height, [event])
  }
  const recorded = recording.events
    .filter((event) => event.id !== null)
    .sort((a, b) => (a.id ?? 0) - (b.id ?? 0))
  let reached: number | null = null
  for (const event of recorded) {
    const about = heightOf(recording, event)
    if (about === 'elsewhere') continue
    reached = Math.max(reached ?? about ?? recording.firstHeight, about ?? 0)
    // A node shuts down when the next block is made by another version of it.
    put(reached + (about === null && event.text() === '"Shutdown"' ? 1 : 0), event)
  }
  grouped.set(recording, groups)
  return groups
}

/** Height an event tells of, null when it tells of none, `elsewhere` when it is past the recording. */
function heightOf(recording: Recording, event: RecordedEvent): number | null | 'elsewhere' {
  const told = JSON.parse(event.text()) as Told
  const signature = told.FinalitySignature
  const hash =
    told.BlockAdded?.block_hash ??
    told.DeployProcessed?.block_hash ??
    told.TransactionProcessed?.block_hash ??
    signature?.block_hash ??
    signature?.V1?.block_hash ??
    signature?.V2?.block_hash
  if (hash !== undefined) return recording.heightOfHash(hash) ?? 'elsewhere'
  if (told.Step) return recording.switchHeightOfEra(told.Step.era_id) ?? 'elsewhere'
  return null
}

/** BlockAdded for a block of which no event was recorded, made of the node's answer about the block. */
export function blockAdded(block: BlockFacts): GroupedEvent {
  return {
    path: block.version === 1 ? '/events/main' : '/events',
    id: null,
    text() {
      const member = memberText(block.answer, 'block')?.toString() ?? 'null'
      const bare = block.version === 1 ? bareVersion1(member) : member
      return `{"BlockAdded":{"block_hash":"${block.hash}","block":${bare}}}`
    },
  }
}

/** The 1.x node tells of a block before anyone signed it; its answer has the proofs last. */
function bareVersion1(member: string): string {
  const inner = member.startsWith('{"Version1":') ? member.slice('{"Version1":'.length, -1) : member
  const proofs = inner.lastIndexOf(',"proofs":[')
  return `${proofs === -1 ? inner.slice(0, -1) : inner.slice(0, proofs)},"proofs":[]}`
}

/** Whether a group announces its block itself. */
export const announces = (group: readonly GroupedEvent[], hash: string): boolean =>
  group.some((event) => event.text().startsWith(`{"BlockAdded":{"block_hash":"${hash}"`))
