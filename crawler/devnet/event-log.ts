import type { BlockFacts } from './blocks.ts'
import { announces, blockAdded, type EventGroups, type GroupedEvent, groupEvents } from './event-groups.ts'
import type { Recording } from './recording.ts'

export type LoggedEvent = { path: string; id: number; text: () => string }

/** The node's buffer of events: the last of them stay, so that a client can take up where it stopped. */
export type EventLog = {
  /** Adds what is told with a block of the recorded chain. @returns the events that were added */
  append(height: number): readonly LoggedEvent[]
  /** Adds the bare announcement of a block, for blocks that were not recorded. */
  announce(block: BlockFacts): readonly LoggedEvent[]
  since(id: number): readonly LoggedEvent[]
}

/** @param capacity events that are kept; 5000 is the node's default */
export function createEventLog(recording: Recording, capacity: number): EventLog {
  const groups = groupEvents(recording)
  let buffer: LoggedEvent[] = []
  let nextId = firstId(recording, groups)
  let lastRecorded: number | null = null

  function push(events: readonly GroupedEvent[]): LoggedEvent[] {
    const logged = events.map((event) => {
      // Recorded ids hold as long as nothing was put in between; then they are counted on from there.
      // The end of a node is told to all its streams under one id.
      const again = event.id !== null && event.id === lastRecorded
      const id = again ? nextId - 1 : Math.max(event.id ?? 0, nextId)
      nextId = id + 1
      lastRecorded = event.id
      return { path: event.path, id, text: event.text }
    })
    buffer.push(...logged)
    if (buffer.length > 2 * capacity) buffer = buffer.slice(-capacity)
    return logged
  }

  return {
    append(height) {
      const block = recording.block(height)
      const group = groups.get(height) ?? []
      if (block === undefined || announces(group, block.hash)) return push(group)
      return push([...group, blockAdded(block)])
    },
    announce: (block) => push([blockAdded(block)]),
    since: (id) => buffer.slice(-capacity).filter((event) => event.id >= id),
  }
}

/** The id to begin with so that the blocks without recorded events end just where the recorded ids begin. */
function firstId(recording: Recording, groups: EventGroups): number {
  const [height, group] = groups.entries().next().value ?? [recording.firstHeight, []]
  return Math.max(0, (group[0]?.id ?? 0) - (height - recording.firstHeight))
}
